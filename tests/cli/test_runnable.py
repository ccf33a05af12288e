"""``studykit site --runnable``, without the true Pyodide: see test_runnable_browser.py for that."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from studykit.cli.tools.site_run import interpreter_of_demos, run_of
from studykit.demos import NAMES, load
from studykit.engines.programs import pyodide
from tests.cli.test_commands import Command, studykit

__all__ = ["studykit"]  # the fixture

WHEEL = b"a wheel"
LOCK = {"packages": {"numpy": {"file_name": "numpy.whl", "sha256": hashlib.sha256(WHEEL).hexdigest()}}}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Files with the names of Pyodide's, and hashes to match."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    (folder / "pyodide-lock.json").write_text(json.dumps(LOCK), encoding="utf-8")
    (folder / "numpy.whl").write_bytes(WHEEL)
    content = (folder / "pyodide-lock.json").read_bytes()
    monkeypatch.setattr(pyodide, "_SHA256", {"pyodide-lock.json": hashlib.sha256(content).hexdigest()})
    return folder


def test_pages_can_run_demos_and_an_unchanged_interpreter_is_not_packed_again(
    studykit: Command, tmp_path: Path, folder: Path
) -> None:
    args = ("site", "--runnable", "--pyodide", str(folder), "--labels", "en")
    assert studykit(*args).code == 0
    script = (tmp_path / "site" / "python.js").read_text(encoding="utf-8")
    packed = json.loads(script.removeprefix("window.studykitPython = ").removesuffix(";\n"))
    assert set(packed["files"]) == {"pyodide-lock.json", "numpy.whl"}
    assert packed["sources"]["bpe.py"] == load("bpe").source
    assert {"__init__.py", "form.py", "svg.py"} < set(packed["sources"])
    page = (tmp_path / "site" / "demos" / "strawberry.html").read_text(encoding="utf-8")
    assert 'data-python="../python.js" data-numpy' in page
    plain = (tmp_path / "site" / "demos" / "bpe.html").read_text(encoding="utf-8")
    assert 'data-python="../python.js" data-starting' in plain
    assert studykit(*args, "--json").json["written"] == 0


def test_without_numpy_its_demos_say_why_they_cannot_be_run_here(folder: Path) -> None:
    with_numpy = interpreter_of_demos(folder, quiet=True)
    runs = {name: run_of(name, with_numpy) for name in NAMES}
    assert runs["bpe"] == "plain"
    assert runs["strawberry"] == "with numpy"
    assert {name for name, run in runs.items() if run == "plain"} == {
        name for name in NAMES if "numpy" not in load(name).source
    }
    (folder / "numpy.whl").unlink()
    without = interpreter_of_demos(folder, quiet=True)
    assert {run_of(name, without) for name in NAMES} == {"plain", "lacks numpy"}
    assert {run_of(name, None) for name in NAMES} == {""}


def test_a_site_that_runs_nothing_has_no_interpreter(studykit: Command, tmp_path: Path) -> None:
    assert studykit("site").code == 0
    assert not (tmp_path / "site" / "python.js").exists()
    assert "run-panel" not in (tmp_path / "site" / "demos" / "bpe.html").read_text(encoding="utf-8")


def test_a_wrong_copy_is_an_error(studykit: Command, folder: Path) -> None:
    (folder / "pyodide-lock.json").write_text("{}", encoding="utf-8")
    done = studykit("site", "--runnable", "--pyodide", str(folder))
    assert done.code == 1
    assert "is not pyodide-lock.json of Pyodide" in done.err
    assert studykit("site", "--pyodide", str(folder)).code == 2
