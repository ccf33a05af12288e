"""Encoders from sentence-transformers (extra ``embed``): LaBSE, multilingual E5 and many others.

Reimers & Gurevych (2019); LaBSE: Feng et al. (2022). Models are found by path, then in the local
cache, then on the hub.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from studykit.align.encoder import Vectors
from studykit.errors import EngineError, MissingExtraError, MissingModelError
from studykit.fingerprint import digest

__all__ = ["SentenceTransformersEncoder"]

_E5 = re.compile(r"(?:^|[/\\_-])e5(?:[_-]|$)", re.IGNORECASE)
_E5_PREFIX = "query: "  # Wang et al. (2024), section 3: for symmetric tasks, before every text
_BATCH = 64


class SentenceTransformersEncoder:
    """A model by name or folder; loaded when first used.

    Raises ``MissingExtraError`` when the package is not installed and, at first use,
    ``MissingModelError`` when the model is neither here nor to be had.
    """

    def __init__(self, model: str = "sentence-transformers/LaBSE") -> None:
        try:
            self._version = version("sentence-transformers")
        except PackageNotFoundError:
            raise MissingExtraError("sentence-transformers", "embed") from None
        self._model_name = model
        self._prefix = _E5_PREFIX if _E5.search(model) else ""
        self._model: Any = None

    @property
    def name(self) -> str:
        """Package, version and model; of a folder also a digest of its files."""
        folder = Path(self._model_name)
        model = f"{folder.name}-{_folder_digest(folder)}" if folder.is_dir() else self._model_name
        return f"sentence-transformers-{self._version}:{model}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``(n, d)``, rows of length 1."""
        if self._model is None:
            self._model = _load(self._model_name)
        try:
            rows = self._model.encode(
                [self._prefix + text for text in texts],
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError("sentence-transformers", str(error)) from error
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), -1)


def _folder_digest(folder: Path) -> str:
    """Eight digits that change with the files' names, sizes and times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stats = [(path.relative_to(folder).as_posix(), path.stat()) for path in files]
    return digest([[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats])[:8]


def _load(model: str) -> Any:
    from sentence_transformers import SentenceTransformer

    folder = Path(model).expanduser()
    if folder.is_dir():
        try:
            return SentenceTransformer(str(folder), local_files_only=True)
        except (OSError, ValueError) as error:
            raise EngineError("sentence-transformers", f"{folder} is no model: {error}") from error
    command = f"hf download {model}"
    if model.startswith((".", "/", "~")):
        raise MissingModelError(model, "check the path, or name a model on the hub", [str(folder)])
    searched = [str(folder.absolute()), "the Hugging Face cache"]
    try:
        return SentenceTransformer(model, local_files_only=True)
    except (OSError, ValueError):
        searched.append("the Hugging Face hub")
    try:
        return SentenceTransformer(model)
    except (OSError, ValueError) as error:
        raise MissingModelError(model, command, searched) from error
