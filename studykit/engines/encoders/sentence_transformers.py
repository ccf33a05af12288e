"""Encoders from sentence-transformers (extra ``embed``): LaBSE, multilingual E5 and many others.

Reimers & Gurevych (2019); LaBSE: Feng et al. (2022). Models are looked for by path, then in the
local cache, then on the hub.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from studykit.align.encoder import Vectors
from studykit.engines.hub import found, model_identity
from studykit.errors import EngineError, MissingExtraError

__all__ = ["SentenceTransformersEncoder"]

_E5 = re.compile(r"(?:^|[/\\_-])e5(?:[_-]|$)", re.IGNORECASE)
_E5_PREFIX = "query: "  # Wang et al. (2024), section 3: for symmetric tasks, before every text
_BATCH = 64


class SentenceTransformersEncoder:
    """A model by name or folder; loaded when first used.

    Raises ``MissingExtraError`` if the package is not installed and, at first use,
    ``MissingModelError`` if the model cannot be found.
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
        """Package, version and model; for a folder also a digest of its files."""
        return f"sentence-transformers-{self._version}:{model_identity(self._model_name)}"

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


@lru_cache(maxsize=1)
def _load(model: str) -> Any:
    """Loaded once for all talks of a process; another model replaces it."""
    from sentence_transformers import SentenceTransformer

    def load(name: str, local: bool) -> Any:
        return SentenceTransformer(name, local_files_only=local)

    return found("sentence-transformers", model, load)
