"""Sentence boundaries by "Segment any Text" models (extra ``sat``).

Frohmann et al. (2024), run by the package ``wtpsplit``. Models are looked for by path, then in the local
cache, then on the hub.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Any

from studykit.engines.boundaries.features import bare_words
from studykit.engines.hub import found, model_identity
from studykit.errors import EngineError, MissingExtraError

__all__ = ["BoundarySaT"]

_TOKENIZER = "facebookAI/xlm-roberta-base"
_THRESHOLDS = {True: 0.25, False: 0.025}
"""wtpsplit's own: for models trained on text with punctuation removed ("-sm"), and for the others."""
_LEAST = 1e-6


class BoundarySaT:
    """A model by name (``segment-any-text/sat-3l-sm``) or folder; loaded when first used.

    Raises ``MissingExtraError`` if the packages are not installed and, at first use,
    ``MissingModelError`` if the model cannot be found.
    """

    length_cost = 0.0

    def __init__(self, model: str = "segment-any-text/sat-3l-sm") -> None:
        try:
            self._version = version("wtpsplit")
        except PackageNotFoundError:
            raise MissingExtraError("wtpsplit", "sat") from None
        if find_spec("torch") is None:
            raise MissingExtraError("torch", "sat")
        self._wanted = model
        self._model: Any = None

    @property
    def name(self) -> str:
        """Package, version and model; for a folder also a digest of its files."""
        return f"wtpsplit-{self._version}:{model_identity(self._wanted)}"

    def scores(self, words: Sequence[str]) -> list[float]:
        """For each word, the log odds that a sentence starts with it, above the model's threshold."""
        if not words:
            return []
        if self._model is None:
            self._model = _load(self._wanted)
        bare = bare_words(words)
        try:
            after = self._model.predict_proba(" ".join(bare))
        except (RuntimeError, ValueError) as error:
            raise EngineError("wtpsplit", str(error)) from error
        threshold = _log_odds(_THRESHOLDS["-sm" in Path(self._wanted).name])
        # a boundary's probability is at the last character of the word before it
        ends = [end - 2 for end in accumulate(len(word) + 1 for word in bare)]
        return [0.0, *(_log_odds(float(after[end])) - threshold for end in ends[:-1])]


def _log_odds(probability: float) -> float:
    inside = min(max(probability, _LEAST), 1 - _LEAST)
    return log(inside) - log(1 - inside)


@lru_cache(maxsize=1)
def _load(wanted: str) -> Any:
    """Loaded once for all talks of a process; another model replaces it."""
    from wtpsplit import SaT

    def load(name: str, local: bool) -> Any:
        own = (Path(name) / "tokenizer_config.json").exists()
        return SaT(
            name,
            tokenizer_name_or_path=name if own else _TOKENIZER,
            from_pretrained_kwargs={"local_files_only": local},
            hub_prefix=None,
        )

    return found("wtpsplit", wanted, load)
