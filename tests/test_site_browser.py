"""The site in a real browser, from disk: search, links, no request, no error, accessible, valid."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from studykit.export import LABELS, ExportOptions, HandoutOptions
from studykit.export.handout import notes_html
from studykit.talk.write.site import write_site
from studykit.types import Variant
from tests.conftest import program
from tests.small_site import DEMO as DEMO_DATA
from tests.small_site import TURNED, small_site
from tests.talks import SMALL_TALK

NODE = Path(__file__).parent.parent / "build" / "node" / "node_modules"
TERM, DEMO = "terms/kv-cache.html", "demos/kv_cache.html"
TALK = f"talks/{SMALL_TALK.source.id[:16]}.html"
KINDS = [
    "index.html",
    "terms.html",
    "terms-zh.html",
    "layers.html",
    "talks.html",
    "demos.html",
    TERM,
    TALK,
    DEMO,
]
LATER = replace(
    DEMO_DATA,
    name="later",
    title="Later",
    layer="evaluation",
    terms=("quantization",),
    seconds=0.2,
    program='"""A KV cache in quantization."""\n',
)
"""A second demo, which builds on the first."""
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site, in Chinese and under ``en/`` in English."""
    folder = tmp_path_factory.mktemp("site")
    write_site(folder, small_site(demo=TURNED).items())
    write_site(folder / "en", small_site(demo=TURNED, more=(LATER,), labels="en").items())
    return folder


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One headless browser that reaches no network and logs what pages ask for."""
    options = ChromeOptions()
    options.binary_location = program("chromium")
    for argument in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1200,900"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(program("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chrome: Chrome) -> Iterator[Chrome]:
    """The browser; fails afterwards if a page complained or asked for more than files."""
    for log in ("browser", "performance"):
        chrome.get_log(log)
    yield chrome
    assert not chrome.get_log("browser")
    messages = [json.loads(entry["message"])["message"] for entry in chrome.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    # chrome: is the browser's own first page.
    assert not [url for url in asked if not url.startswith(("file://", "chrome://", "data:"))]


def type_in(browser: Chrome, text: str) -> list[WebElement]:
    """Type into the search box as a reader would, after a slash; the results."""
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    box = browser.switch_to.active_element
    assert box.get_attribute("role") == "combobox"
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(text)
    return browser.find_elements(By.CSS_SELECTOR, "#found [role=option]")


def arrive(browser: Chrome, page: str) -> None:
    WebDriverWait(browser, 10).until(lambda b: b.current_url.split("#")[0].endswith(page))


@pytest.mark.parametrize(
    "query",
    [
        "KV cache",
        "kvcache",
        "kv-c",
        "KVC",
        "键值缓存",
        "缓存",
        "jianzhihuancun",
        "jianzhi huan",
        "jzhc",
        "KV cahce",
    ],
)
def test_search_finds_a_term_however_it_is_typed(browser: Chrome, folder: Path, query: str) -> None:
    browser.get((folder / TALK).as_uri())
    found = type_in(browser, query)
    assert "KV cache" in found[0].text
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    arrive(browser, TERM)
    assert browser.find_element(By.TAG_NAME, "h1").text == "KV cache 键值缓存"


def test_the_keyboard_moves_through_the_results_and_leaves_them(browser: Chrome, folder: Path) -> None:
    browser.get((folder / "en/index.html").as_uri())
    found = type_in(browser, "ca")
    assert len(found) > 2
    box = browser.switch_to.active_element
    selected = "#found [aria-selected=true]"
    first = browser.find_element(By.CSS_SELECTOR, selected)
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.send_keys(Keys.ARROW_DOWN)
    assert browser.find_element(By.CSS_SELECTOR, selected) == found[1]
    box.send_keys(Keys.ARROW_UP, Keys.ARROW_UP)
    assert browser.find_element(By.CSS_SELECTOR, selected) == found[-1]
    assert box.get_attribute("aria-expanded") == "true"
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("aria-expanded") == "false"
    assert not browser.find_elements(By.CSS_SELECTOR, "#found [role=option]")
    assert not type_in(browser, "zzzzzz")
    assert browser.find_element(By.ID, "found-count").text == "Nothing found"


def test_from_a_search_to_a_mention_to_the_talk_and_to_the_demo(browser: Chrome, folder: Path) -> None:
    browser.get((folder / "index.html").as_uri())
    type_in(browser, "kv")[0].click()
    arrive(browser, TERM)
    second = browser.find_element(By.CSS_SELECTOR, ".where .play")
    assert second.get_attribute("href") == "https://www.youtube.com/watch?v=abc&t=60s"
    browser.find_element(By.CSS_SELECTOR, f'.where a.para[href="../{TALK}#p1"]').click()
    arrive(browser, TALK)
    assert "KV cache" in browser.find_element(By.CSS_SELECTOR, ".paragraph:target").text
    browser.find_element(By.CSS_SELECTOR, ".english a.term").click()
    arrive(browser, TERM)
    browser.find_element(By.CSS_SELECTOR, "#demo a").click()
    arrive(browser, DEMO)
    assert 'print("a < b & c")' in browser.find_element(By.CSS_SELECTOR, "pre.program").text


def test_the_map_leads_to_its_layer(browser: Chrome, folder: Path) -> None:
    browser.get((folder / "index.html").as_uri())
    browser.find_element(By.CSS_SELECTOR, '.stack a[href$="#inference"]').click()
    arrive(browser, "layers.html")
    assert "推理" in browser.find_element(By.CSS_SELECTOR, "h3:target").text


def test_a_knob_moves_picture_lines_and_verdict_at_once(browser: Chrome, folder: Path) -> None:
    browser.get((folder / "en" / DEMO).as_uri())
    panel = browser.find_element(By.ID, "turning")
    knob = panel.find_element(By.ID, "turn-kept")
    verdict, lines = (panel.find_element(By.CSS_SELECTOR, one) for one in (".holds", "pre"))
    curve = ".turned .curve.c0"

    def seen() -> tuple[str, str, str, str]:
        shown = panel.find_element(By.CSS_SELECTOR, "output").text
        return shown, str(knob.get_attribute("aria-valuetext")), lines.text, verdict.text

    holds, fails = (
        "With this setting the claim holds.",
        "With this setting the claim fails at: a step <costs> less",
    )
    assert seen() == ("8", "8", "as ever\na < b & c", holds)
    assert not panel.find_elements(By.CSS_SELECTOR, "mark")
    before = panel.find_element(By.CSS_SELECTOR, curve).get_attribute("d")
    knob.send_keys(Keys.ARROW_LEFT)
    assert seen() == ("1", "1", "as ever\none kept", fails)
    assert [mark.text for mark in panel.find_elements(By.CSS_SELECTOR, "mark")] == ["one kept"]
    assert panel.find_element(By.CSS_SELECTOR, curve).get_attribute("d") != before
    assert (
        panel.find_element(By.CSS_SELECTOR, ".command code").text == "studykit demo run kv_cache --set kept=1"
    )
    panel.find_element(By.NAME, "off").click()
    assert seen() == ("8", "8", "as ever\na > b", fails), "one thing at a time"
    knob.send_keys(Keys.END)
    assert seen() == ("64", "64", "as ever\nall kept", holds)
    assert not panel.find_element(By.NAME, "off").is_selected()
    panel.find_element(By.CSS_SELECTOR, "button").click()
    assert seen() == ("8", "8", "as ever\na < b & c", holds)


def test_the_gallery_is_narrowed_by_time_and_by_what_one_knows(browser: Chrome, folder: Path) -> None:
    browser.get((folder / "en/demos.html").as_uri())
    browser.execute_script("localStorage.clear()")
    browser.refresh()

    def listed() -> list[str]:
        titles = browser.find_elements(By.CSS_SELECTOR, ".cards h3")
        return [title.text for title in titles if title.is_displayed()]

    both = [TURNED.title, LATER.title]
    assert listed() == both
    assert browser.find_element(By.ID, "shown").text == "2 demos are listed."
    Select(browser.find_element(By.ID, "longest")).select_by_value("0.3")
    assert listed() == [LATER.title]
    assert len([h2 for h2 in browser.find_elements(By.CSS_SELECTOR, ".layer h2") if h2.is_displayed()]) == 1
    Select(browser.find_element(By.ID, "longest")).select_by_value("")
    browser.find_element(By.ID, "only").click()
    assert listed() == [TURNED.title]
    browser.find_element(By.CSS_SELECTOR, ".choose summary").click()
    browser.find_element(By.CSS_SELECTOR, "[name=known][value=kv-cache]").click()
    assert listed() == both
    browser.refresh()
    assert browser.find_element(By.CSS_SELECTOR, "[name=known]").is_selected(), "it is remembered"
    assert listed() == both
    browser.find_element(By.LINK_TEXT, LATER.title).click()
    arrive(browser, "demos/later.html")


def test_without_a_script_there_is_nothing_to_turn(browser: Chrome, folder: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((folder / DEMO).as_uri())
        assert not browser.find_element(By.ID, "turning").is_displayed()
        assert len(browser.find_elements(By.CSS_SELECTOR, ".sides pre")) == 2
        assert len(browser.find_elements(By.CSS_SELECTOR, ".pictures svg")) == 2
        browser.get((folder / "en/demos.html").as_uri())
        assert not browser.find_element(By.ID, "choose").is_displayed()
        assert len(browser.find_elements(By.CSS_SELECTOR, ".cards > li")) == 2
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_colours_of_pictures_follow_the_scheme(browser: Chrome, folder: Path) -> None:
    strokes = []
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        browser.get((folder / DEMO).as_uri())
        curves = browser.find_elements(By.CSS_SELECTOR, ".pictures .curve")
        strokes.append([curve.value_of_css_property("stroke") for curve in curves])
    light, dark = strokes
    assert len(light) == len(dark) == 4
    assert not {*light} & {*dark}
    assert len({*light}) == 2


def violations(browser: Chrome) -> list[tuple[str, list[str]]]:
    """What axe-core objects to in the page, with the elements."""
    axe = Path(program("axe.min.js", NODE / "axe-core" / "axe.min.js")).read_text(encoding="utf-8")
    browser.execute_script(axe)
    report = browser.execute_async_script("const done = arguments[0]; axe.run({preload: false}).then(done)")
    assert len(report["passes"]) > 12
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in report["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "page", ["index.html", TERM, TALK, DEMO, "terms.html", "demos.html", "en/" + TERM, "en/demos.html"]
)
def test_axe_finds_nothing(browser: Chrome, folder: Path, page: str, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get((folder / page).as_uri())
    type_in(browser, "k")  # with the list of results open
    assert violations(browser) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("variant", ["side-by-side", "cloze", "translate"])
def test_axe_finds_nothing_in_handouts(
    browser: Chrome, tmp_path: Path, variant: Variant, scheme: str
) -> None:
    sheet = HandoutOptions(variant=variant, pinyin=True, large=True, ipa=True)
    path = tmp_path / "sheet.html"
    path.write_text(
        notes_html(SMALL_TALK, ExportOptions(labels=LABELS["zh"], handout=sheet)), encoding="utf-8"
    )
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get(path.as_uri())
    assert violations(browser) == []


@pytest.mark.parametrize("width", [360, 800])
def test_nothing_sticks_out_at_any_width(browser: Chrome, folder: Path, width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for page in KINDS:
            browser.get((folder / page).as_uri())
            type_in(browser, "k")
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width, page
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_one_page_of_each_kind_is_valid_html(folder: Path, tmp_path: Path) -> None:
    for page in KINDS:
        shutil.copyfile(folder / page, tmp_path / page.replace("/", "-"))
    assert vnu_messages(*tmp_path.iterdir()) == []


def vnu_messages(*paths: Path) -> list[object]:
    """What the W3C's checker objects to."""
    jar = program("vnu.jar", NODE / "vnu-jar" / "build" / "dist" / "vnu.jar")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages: list[object] = json.loads(done.stderr)["messages"]
    return messages
