"""What many tests need.

Golden files are whole outputs, compared byte by byte; ``pytest --update-golden`` writes them anew.
Programs that only some tests need (a browser, a validator) let those tests skip where they are not
installed, unless ``STUDYKIT_REQUIRE_PROGRAMS`` is set, as in CI.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

# Tests run side by side already; libraries that start a thread for every core would only get in the way.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing")


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
