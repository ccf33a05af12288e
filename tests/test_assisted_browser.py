"""Pages with what a language model wrote, in a real browser and before a validator."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from studykit.export import LABELS, ExportOptions, HandoutOptions
from studykit.export.handout import notes_html
from tests.assisted import ASSISTED_TALK
from tests.conftest import program
from tests.test_site_browser import (
    NODE,
    browser,  # noqa: F401
    chrome,  # noqa: F401
    violations,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The notes with labels in both languages, and another sheet."""
    folder = tmp_path_factory.mktemp("assisted")
    made = {
        "zh": ExportOptions(labels=LABELS["zh"]),
        "en": ExportOptions(labels=LABELS["en"]),
        "sides": ExportOptions(
            labels=LABELS["zh"], handout=HandoutOptions(variant="side-by-side", pinyin=True)
        ),
    }
    for name, options in made.items():
        (folder / f"{name}.html").write_text(notes_html(ASSISTED_TALK, options), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


def test_they_are_valid_html(pages: dict[str, Path]) -> None:
    jar = program("vnu.jar", NODE / "vnu-jar" / "build" / "dist" / "vnu.jar")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", *pages.values()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["messages"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["zh", "en", "sides"])
def test_axe_finds_nothing(browser: Chrome, pages: dict[str, Path], name: str, scheme: str) -> None:  # noqa: F811
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get(pages[name].as_uri())
    assert violations(browser) == []
    for evidence in browser.find_elements(By.CSS_SELECTOR, ".evidence summary"):
        evidence.click()
    assert violations(browser) == []


def test_a_click_shows_the_words_and_another_leads_to_them(
    browser: Chrome,  # noqa: F811
    pages: dict[str, Path],
) -> None:
    browser.get(pages["zh"].as_uri())
    evidence = browser.find_element(By.CSS_SELECTOR, ".summary .evidence")
    quote = evidence.find_element(By.TAG_NAME, "blockquote")
    assert not quote.is_displayed()
    evidence.find_element(By.TAG_NAME, "summary").click()
    assert quote.is_displayed()
    assert "every new token costs you the whole prompt again" in quote.text
    quote.find_element(By.CSS_SELECTOR, "a[href='#p1']").click()
    said = browser.find_element(By.CSS_SELECTOR, ".paragraph:target .english").text
    assert "every new token costs you the whole prompt again" in said


@pytest.mark.parametrize("width", [360, 390])
def test_nothing_sticks_out_on_a_phone(browser: Chrome, pages: dict[str, Path], width: int) -> None:  # noqa: F811
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for path in pages.values():
            browser.get(path.as_uri())
            for evidence in browser.find_elements(By.CSS_SELECTOR, ".evidence summary"):
                evidence.click()
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width, path
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
