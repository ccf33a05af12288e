"""Loads models by name or folder: from a path, the local cache or the Hugging Face hub, in this order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from studykit.errors import EngineError, MissingModelError
from studykit.fingerprint import digest

__all__ = ["found", "model_identity"]

_CONFIGS = ("config.json", "modules.json")
"""One of these is in every folder that transformers or sentence-transformers saved."""


def model_identity(model: str) -> str:
    """The model's name; for files also eight digits that depend on their names, sizes and times."""
    folder = Path(model).expanduser()
    if not folder.exists():
        return model
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    stats = [(path.relative_to(folder).as_posix(), path.stat()) for path in files]
    return f"{folder.name}-{digest([[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats])[:8]}"


def found(engine: str, model: str, load: Callable[[str, bool], Any]) -> Any:
    """The model, loaded by ``load(name_or_folder, local_files_only)``.

    Raises ``EngineError`` if a folder contains no model, ``MissingModelError`` if no model has this
    name.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not any((folder / name).is_file() for name in _CONFIGS):  # transformers 4 guesses from the path
            raise EngineError(engine, f"{folder} is not a model: it has no config.json")
        try:
            return load(str(folder), True)
        except (OSError, ValueError, KeyError) as error:
            raise EngineError(engine, f"{folder} is not a model: {error}") from error
    if model.startswith((".", "/", "~")):
        raise MissingModelError(model, "check the path, or name a model on the hub", [str(folder)])
    searched = [str(folder.absolute()), "the Hugging Face cache"]
    try:
        return load(model, True)
    except (OSError, ValueError):
        searched.append("the Hugging Face hub")
    try:
        return load(model, False)
    except (OSError, ValueError) as error:
        raise MissingModelError(model, f"hf download {model}", searched) from error
