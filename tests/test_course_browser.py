"""The pages of a course before a validator and axe-core."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from selenium.webdriver import Chrome

from studykit.check.consistency import mixed_terms
from studykit.export import LABELS, ExportOptions
from studykit.store import IN_MEMORY, Store, keep_course
from studykit.talk.cache import SILENT
from studykit.talk.write.course import write_course
from tests.check.test_consistency import FIRST, GLOSSARY, SECOND
from tests.conftest import program
from tests.export.test_outputs import hostile_talk
from tests.small_course import LECTURES
from tests.test_site_browser import (
    NODE,
    browser,  # noqa: F401
    chrome,  # noqa: F401
    violations,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = [
    "index",
    "new",
    "glossary",
    "translations",
    *(f"lectures/{notes.source.id[:16]}" for notes in LECTURES[:2]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in Chinese, with a lecture whose text needs escaping, and under ``en/`` one in English."""
    folder = tmp_path_factory.mktemp("course")
    hostile = replace(hostile_talk(), source=replace(hostile_talk().source, id="d" * 64))
    both = [FIRST, SECOND]
    both = [
        replace(notes, source=replace(notes.source, id=id_ * 64))
        for notes, id_ in zip(both, "ef", strict=True)
    ]
    store = Store(IN_MEMORY)
    keep_course(store, "A <course> & more", [])
    for labels, at in (("zh", folder), ("en", folder / "en")):
        write_course(
            "A <course> & more",
            [*both, *LECTURES, *([hostile] if labels == "zh" else [])],
            at,
            level="B1",
            options=ExportOptions(labels=LABELS[labels]),
            formats=["apkg"],
            mixed=mixed_terms(both, GLOSSARY),
            must=True,
            store=store,
            progress=SILENT,
        )
    return folder


def test_the_pages_are_valid_html(folder: Path) -> None:
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) == 19
    jar = program("vnu.jar", NODE / "vnu-jar" / "build" / "dist" / "vnu.jar")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["messages"] == []


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("labels", ["zh", "en"])
def test_axe_finds_nothing(browser: Chrome, folder: Path, labels: str, width: int) -> None:  # noqa: F811
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for name in NAMES:
            browser.get((folder / ("en" if labels == "en" else "") / f"{name}.html").as_uri())
            assert violations(browser) == [], name
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width, name
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
