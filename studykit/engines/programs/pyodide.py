"""Pyodide: CPython compiled to WebAssembly, so that pages can run Python (https://pyodide.org).

It is fetched from the npm registry once and kept in the cache. Every file is checked against the hashes
below, wherever it comes from.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import tarfile
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from studykit.errors import EngineError, InputError
from studykit.files import write_whole
from studykit.resources import cache_dir

__all__ = ["VERSION", "Pyodide", "find_pyodide"]

VERSION = "314.0.7"
"""With CPython 3.14; MPL-2.0."""

_TARBALL = f"pyodide/-/pyodide-{VERSION}.tgz"
_INTEGRITY = "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
"""Of the tarball, as the registry states it."""
_SHA256 = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    "pyodide-lock.json": "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
}
"""Of the files in it that pages need."""
_WHEELS = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
"""Where Pyodide publishes the packages that its lock file lists, with their hashes."""
_TIMEOUT_S = 60
_LARGEST = 64 << 20
_BROKEN = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class Pyodide(Struct, frozen=True, kw_only=True):
    """``files`` by name, as they are; among them numpy's wheel, unless it could not be had."""

    files: Mapping[str, bytes]
    has_numpy: bool


def find_pyodide(given: Path | None, say: Callable[[str], None]) -> Pyodide:
    """Pyodide from ``given`` (the tarball, or a folder with its files), from the cache, or from the registry.

    ``say`` is told what is fetched, and if numpy's wheel could not be. Raises ``InputError`` for a ``given``
    that is something else, ``EngineError`` if the registry cannot be reached or sends something else.
    """
    if given is not None and given.is_dir():
        files = {name: _read(given / name) for name in _SHA256}
    else:
        name = _TARBALL.rpartition("/")[2]
        tarball = _read(given) if given else _kept(name, _registry(), say, _is_tarball, hint=_hint())
        files = _unpacked(tarball, given or _TARBALL)
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != _SHA256[name]:
            raise InputError(given or name, f"is not {name} of Pyodide {VERSION}")
    wheel = _numpy(files, given, say)
    return Pyodide(files={**files, **wheel}, has_numpy=bool(wheel))


def _registry() -> str:
    """The address of the tarball, in the registry that npm uses."""
    return f"{os.environ.get('NPM_CONFIG_REGISTRY', 'https://registry.npmjs.org').rstrip('/')}/{_TARBALL}"


def _is_tarball(content: bytes) -> bool:
    return f"sha512-{b64encode(hashlib.sha512(content).digest()).decode()}" == _INTEGRITY


def _numpy(files: Mapping[str, bytes], given: Path | None, say: Callable[[str], None]) -> dict[str, bytes]:
    """Numpy's wheel by its name, beside ``given``, from the cache or from Pyodide's own server."""
    package = json.loads(files["pyodide-lock.json"])["packages"]["numpy"]
    name, sha256 = str(package["file_name"]), str(package["sha256"])

    def is_wheel(content: bytes) -> bool:
        return hashlib.sha256(content).hexdigest() == sha256

    if given is not None:
        beside = (given if given.is_dir() else given.parent) / name
        if beside.is_file():
            if not is_wheel(content := _read(beside)):
                raise InputError(beside, f"is not the wheel that Pyodide {VERSION} names")
            return {name: content}
    try:
        hint = f"It may also lie beside what --pyodide names, as {name}."
        return {name: _kept(name, f"{_WHEELS}/{name}", say, is_wheel, hint=hint)}
    except EngineError as error:
        say(f"demos that need numpy get no button, since its wheel is missing: {error}")
        return {}


def _kept(
    name: str, url: str, say: Callable[[str], None], is_right: Callable[[bytes], bool], *, hint: str
) -> bytes:
    """A file from the cache, or else from ``url``; kept there if it can be."""
    path = cache_dir() / name
    if path.is_file() and is_right(content := path.read_bytes()):
        return content
    say(f"fetching {url}")
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
            content = bytes(answer.read(_LARGEST))
    except _BROKEN as error:
        raise EngineError("pyodide", f"{url} cannot be reached ({error})", hint=hint) from error
    if not is_right(content):
        raise EngineError("pyodide", f"what {url} sends is not what it should be; its hash differs")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError:  # a cache that cannot be written
        pass
    return content


def _hint() -> str:
    return f"Where there is a network: npm pack pyodide@{VERSION}; then --pyodide pyodide-{VERSION}.tgz."


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror or error}", hint=_hint()) from error


def _unpacked(tarball: bytes, source: Path | str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
            for name in _SHA256:
                member = archive.extractfile(f"package/{name}")
                files[name] = member.read(_LARGEST) if member else b""
    except (tarfile.TarError, KeyError, EOFError, OSError) as error:
        raise InputError(source, f"is not the npm package pyodide {VERSION}", hint=_hint()) from error
    return files
