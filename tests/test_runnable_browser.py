"""Demos that run in their pages: the true Pyodide in a real browser, from disk.

Pyodide comes from the npm registry, or from the cache; without either, these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from studykit.cli.tools.site_run import interpreter_of_demos, run_of
from studykit.demos import NAMES, load
from studykit.demos.record import recorded
from studykit.errors import EngineError
from studykit.export.site import SITE_LABELS, Interpreter, SiteDemo, pages
from studykit.glossary import Glossary
from studykit.talk.write.site import write_site
from tests.small_site import DEMO, ENTRIES
from tests.test_site_browser import chrome, violations, vnu_messages

__all__ = ["chrome"]  # the fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START_S = 240
"""On a machine that does much else; some 4 s of computing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose demos can be run, but for those that need numpy where that is not to be had."""
    try:
        interpreter = interpreter_of_demos(None, quiet=True)
    except EngineError as error:
        pytest.skip(f"Pyodide could not be fetched: {error.problem}")
    folder = tmp_path_factory.mktemp("runnable")
    files = pages(
        glossary=Glossary(ENTRIES),
        talks=(),
        demos=[shown(name, interpreter) for name in NAMES],
        labels=SITE_LABELS["en"],
        interpreter=interpreter,
    )
    write_site(folder, files)
    return folder


def shown(name: str, interpreter: Interpreter) -> SiteDemo:
    """The demo with what its panel shows."""
    return replace(DEMO, name=name, program=load(name).source, run=run_of(name, interpreter))


class Panel:
    """The panel of a demo's page."""

    def __init__(self, browser: Chrome, folder: Path, name: str) -> None:
        self.browser = browser
        browser.get((folder / "demos" / f"{name}.html").as_uri())

    def part(self, name: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, f"[data-part={name}]")

    def run(self) -> str:
        """Run the program; what is then said of the claim."""
        self.part("run").click()
        WebDriverWait(self.browser, START_S).until(lambda _: self.part("run").is_enabled())
        return self.part("state").text

    @property
    def output(self) -> str:
        return str(self.part("output").get_property("textContent"))

    def change(self, old: str, new: str) -> None:
        program = self.part("program")
        text = str(program.get_property("value"))
        assert old in text
        self.browser.execute_script("arguments[0].value = arguments[1]", program, text.replace(old, new))


def test_a_program_runs_and_the_page_says_whether_its_claim_holds(chrome: Chrome, folder: Path) -> None:
    panel = Panel(chrome, folder, "bpe")
    assert panel.run() == "The claim holds."
    assert panel.output == recorded("bpe").rstrip("\n")
    panel.change("    expect(", "    expect(not ")
    assert panel.run().startswith("The claim no longer holds. It fails at: ")
    assert panel.output == recorded("bpe").rstrip("\n"), "the lines stand there all the same"
    panel.part("reset").click()
    panel.change("def check(", "print('mine')\ndef check(")
    assert panel.run() == "The claim holds."
    assert panel.output.startswith("mine\n")
    panel.part("reset").click()
    panel.change("def check(", "1 / 0\ndef check(")
    assert panel.run() == "The program ended with an error, so the claim was not checked."
    assert "ZeroDivisionError" in panel.output
    assert "bpe.py" in panel.output
    assert "exec(" not in panel.output, "only the reader's own program"
    assert not chrome.get_log("browser")


def test_a_program_without_end_can_be_stopped_and_the_page_stays_alive(chrome: Chrome, folder: Path) -> None:
    panel = Panel(chrome, folder, "elo")
    panel.change("def check(", "while True: pass\ndef check(")
    panel.part("run").click()
    WebDriverWait(chrome, START_S).until(lambda _: panel.part("state").text == "Running …")
    panel.part("stop").click()
    assert panel.part("state").text == "Stopped."
    panel.part("reset").click()
    assert panel.run() == "The claim holds."


def test_every_demo_that_can_be_run_prints_what_was_recorded(chrome: Chrome, folder: Path) -> None:
    """One worker for all, as one page would start it."""
    interpreter = interpreter_of_demos(None, quiet=True)
    runs = {name: how for name in NAMES if (how := run_of(name, interpreter)) != "lacks numpy"}
    assert len(runs) >= 20
    Panel(chrome, folder, "bpe")
    chrome.set_script_timeout(START_S)
    chrome.execute_async_script(
        """const done = arguments[0], script = document.createElement("script");
        script.src = "../python.js";
        script.onload = () => {
          const { worker: code, files, sources } = window.studykitPython;
          window.worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
          window.worker.onmessage = (event) => done(event.data);
          window.worker.postMessage({ packed: files, sources });
        };
        document.head.append(script);"""
    )
    for name, how in runs.items():
        made = chrome.execute_async_script(
            """const [name, program, numpy, done] = arguments;
            window.worker.onmessage = (event) => done(event.data);
            window.worker.postMessage({ name, program, seed: 0, numpy });""",
            name, load(name).source, how == "with numpy",
        )  # fmt: skip
        assert made.get("said", made) == {
            "lines": recorded(name).splitlines(), "holds": True, "problem": "", "error": "",
        }, name  # fmt: skip


@pytest.mark.parametrize("name", ["bpe", "strawberry"])
def test_the_panel_is_accessible_and_valid(chrome: Chrome, folder: Path, name: str) -> None:
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        Panel(chrome, folder, name)
        assert violations(chrome) == []
    assert vnu_messages(folder / "demos" / f"{name}.html") == []


@pytest.mark.parametrize("width", [360, 800])
def test_the_panel_fits_at_any_width(chrome: Chrome, folder: Path, width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert Panel(chrome, folder, "bpe").part("run").is_displayed()
        assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
