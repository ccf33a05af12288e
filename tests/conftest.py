"""What many tests need.

Golden files are whole outputs, compared byte by byte; ``pytest --update-golden`` writes them anew.
``pytest --rounding 1`` computes as another processor might: see ``tests/rounding.py``.
Programs and packages that only some tests need (a browser, a validator, hypothesis) let those tests skip
where they are not installed, unless ``STUDYKIT_REQUIRE_PROGRAMS`` is set, as in CI.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Generator
from importlib.util import find_spec
from pathlib import Path

import pytest

if find_spec("hypothesis"):
    from hypothesis import HealthCheck, settings

    # A slow machine is no failure, so no example has a deadline. In CI every run tries the same examples.
    settings.register_profile(
        "studykit",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize="CI" in os.environ,
    )
    settings.load_profile("studykit")

# Tests run side by side already; libraries that start a thread for every core would only get in the way.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

OPTIONAL = {"genanki", "hypothesis", "selenium", "yt_dlp"}
"""Packages of [dev] without which other tests can run."""

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session", autouse=True)
def _compiled_tables() -> None:
    """As the wheel's build does, so that no test with a cache of its own compiles language data."""
    from studykit.engines.compiled import compile_into

    compile_into(Path(__file__).parent.parent / "build" / "compiled")


@pytest.fixture(scope="session")
def lecture_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with what was computed for the example, with chapters and without, but no notes of it.

    For tests that need notes but not that they are made from nothing: copy it, and they are there in .4 s.
    """
    from studykit.ingest import read_chapters
    from studykit.options import Options
    from studykit.resources import data_dir
    from studykit.store import Store
    from studykit.talk import open_talk

    examples, path = data_dir("examples"), tmp_path_factory.mktemp("lecture") / "study.db"
    talk, translation = str(examples / "lecture.en.vtt"), examples / "lecture.zh.txt"
    parts = {"ingest.chapters": read_chapters(examples / "lecture.chapters.txt")}
    with Store(path) as store:
        for options in (Options(), Options().updated(parts)):
            _ = open_talk(talk, store=store, options=options, translation=translation).notes
    return path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing")
    parser.addoption("--rounding", type=int, default=0, metavar="N", help="round as another processor might")
    parser.addoption("--faults", type=int, default=1, metavar="N", help="try N times as many faults")


def pytest_configure(config: pytest.Config) -> None:
    draw = config.getoption("--rounding")
    if draw:
        if "studykit" in sys.modules:
            raise pytest.UsageError("--rounding: studykit was imported before")
        from tests import rounding

        rounding.install(draw)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A test module that needs a package of ``OPTIONAL`` is skipped where that is not installed."""
    report = yield
    error = report.call.excinfo.value.__cause__ if report.failed and report.call.excinfo else None
    if (
        isinstance(error, ModuleNotFoundError)
        and error.name in OPTIONAL
        and not os.environ.get("STUDYKIT_REQUIRE_PROGRAMS")
    ):
        report.outcome = "skipped"
        report.longrepr = (str(collector.path), 1, f"Skipped: {error.name} is not installed")
    return report


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)`` compares ``text`` with ``tests/golden/name``."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8")

    return compare


def program(name: str, *paths: Path) -> str:
    """The path of a program, or of the first of some files; skips the test where there is none."""
    found = shutil.which(name) or next((str(path) for path in paths if path.is_file()), None)
    if found is None:
        message = f"{name} is not installed"
        if os.environ.get("STUDYKIT_REQUIRE_PROGRAMS"):
            pytest.fail(message)
        pytest.skip(message)
    return found
