"""Pyodide as it is found: every file checked, whatever it comes from."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

import pytest

from studykit.engines.programs import pyodide
from studykit.engines.programs.pyodide import find_pyodide
from studykit.errors import EngineError, InputError

WHEEL = b"a wheel"
NAME = "numpy-2-wasm32.whl"
LOCK = json.dumps(
    {"packages": {"numpy": {"file_name": NAME, "sha256": hashlib.sha256(WHEEL).hexdigest()}}}
).encode()
FILES = {"pyodide.mjs": b"js", "pyodide.asm.wasm": b"\0asm", "pyodide-lock.json": LOCK}


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


TARBALL = packed(FILES)


class Web:
    """A registry and a server of wheels, as far as they have been filled."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []

    def open(self, url: str, timeout: float) -> io.BytesIO:
        self.asked.append(url)
        if url not in self.pages:
            raise urllib.error.URLError("no route")
        return io.BytesIO(self.pages[url])


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Web:
    """None of the true Pyodide: files of three bytes, with hashes to match."""
    made = Web()
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    monkeypatch.setattr(urllib.request, "urlopen", made.open)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    monkeypatch.setattr(pyodide, "_SHA256", hashes)
    integrity = f"sha512-{b64encode(hashlib.sha512(TARBALL).digest()).decode()}"
    monkeypatch.setattr(pyodide, "_INTEGRITY", integrity)
    return made


REGISTRY = f"https://registry.npmjs.org/pyodide/-/pyodide-{pyodide.VERSION}.tgz"
WHEELS = f"https://cdn.jsdelivr.net/pyodide/v{pyodide.VERSION}/full/{NAME}"


def test_it_is_fetched_once_and_kept(web: Web) -> None:
    web.pages = {REGISTRY: TARBALL, WHEELS: WHEEL}
    said: list[str] = []
    found = find_pyodide(None, said.append)
    assert found.files == {**FILES, NAME: WHEEL}
    assert found.has_numpy
    assert said == [f"fetching {REGISTRY}", f"fetching {WHEELS}"]
    web.pages = {}
    assert find_pyodide(None, said.append) == found
    assert len(web.asked) == 2


def test_another_registry_may_be_named_as_npm_is_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://mirror.example/npm/")
    web.pages = {REGISTRY.replace("https://registry.npmjs.org", "https://mirror.example/npm"): TARBALL}
    assert not find_pyodide(None, lambda _: None).has_numpy


def test_without_a_network_the_error_says_what_to_do(web: Web) -> None:
    with pytest.raises(EngineError, match=r"cannot be reached(.|\n)*npm pack pyodide@.*--pyodide"):
        find_pyodide(None, lambda _: None)


def test_what_is_not_the_package_is_refused_and_not_kept(web: Web, tmp_path: Path) -> None:
    web.pages = {REGISTRY: TARBALL + b"!"}
    with pytest.raises(EngineError, match="its hash differs"):
        find_pyodide(None, lambda _: None)
    assert not (tmp_path / "cache").exists()


def test_a_damaged_file_in_the_cache_is_fetched_again(web: Web, tmp_path: Path) -> None:
    web.pages = {REGISTRY: TARBALL}
    find_pyodide(None, lambda _: None)
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"cut off")
    find_pyodide(None, lambda _: None)
    assert kept.read_bytes() == TARBALL


def test_without_numpys_wheel_it_says_which_demos_cannot_be_run(web: Web) -> None:
    web.pages = {REGISTRY: TARBALL}
    said: list[str] = []
    assert not find_pyodide(None, said.append).has_numpy
    assert "demos that need numpy get no button" in said[-1]
    assert NAME in said[-1]


@pytest.mark.parametrize("unpacked", [True, False])
def test_ones_own_copy_with_the_wheel_beside_it_needs_no_network(
    web: Web, tmp_path: Path, unpacked: bool
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / NAME).write_bytes(WHEEL)
    for name, content in FILES.items() if unpacked else [("p.tgz", TARBALL)]:
        (folder / name).write_bytes(content)
    found = find_pyodide(folder if unpacked else folder / "p.tgz", lambda _: None)
    assert found.files == {**FILES, NAME: WHEEL}
    assert not web.asked


def test_ones_own_copy_must_be_the_right_one(web: Web, tmp_path: Path) -> None:
    (tmp_path / "other.tgz").write_bytes(packed({**FILES, "pyodide.mjs": b"other"}))
    with pytest.raises(InputError, match=r"is not pyodide\.mjs of Pyodide"):
        find_pyodide(tmp_path / "other.tgz", lambda _: None)
    (tmp_path / "photo.tgz").write_bytes(b"not an archive")
    with pytest.raises(InputError, match="is not the npm package pyodide"):
        find_pyodide(tmp_path / "photo.tgz", lambda _: None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"cannot be read(.|\n)*npm pack"):
        find_pyodide(tmp_path / "empty", lambda _: None)
    (tmp_path / "right.tgz").write_bytes(TARBALL)
    (tmp_path / NAME).write_bytes(b"another wheel")
    with pytest.raises(InputError, match="is not the wheel"):
        find_pyodide(tmp_path / "right.tgz", lambda _: None)
