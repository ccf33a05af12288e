"""The default boundary model: a small convolutional network over hashed words, in numpy.

It decides about full stops, question marks, commas and capitals together. Its weights are shipped with
studykit; ``benchmarks/train_boundaries.py`` trained them on conversations that people transcribed
(docs/decisions/0018-boundaries-from-transcripts.md says on which, and under what licence).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studykit.engines.boundaries.fast import WEIGHTS
from studykit.engines.boundaries.features import name_core, word_rows
from studykit.engines.boundaries.layers import Floats, layered
from studykit.engines.boundaries.weights import unpacked
from studykit.resources import data_dir
from studykit.segment.boundaries import Marks

__all__ = ["WEIGHTS", "NetReader", "network"]

_WINDOW = 1000
_MARGIN = 60
"""Long texts are read in windows of this many words, with a margin on either side."""


class NetReader:
    """Reads words with the shipped weights."""

    def scores(self, words: Sequence[str]) -> list[float]:
        """For each word, the log odds that a sentence starts with it, less the threshold."""
        return _scores(self._logits(words))

    def marks(self, words: Sequence[str]) -> Marks:
        """Sentence starts, commas, questions and capitals, in one pass."""
        logits = self._logits(words)
        _, known, _ = _load()
        none, comma, stop, question, capital = logits.T
        return Marks(
            scores=_scores(logits),
            commas=(comma > none).tolist(),
            questions=(question - stop).tolist(),
            forms=[
                _form(word, known, likely=likely)
                for word, likely in zip(words, (capital > 0).tolist(), strict=True)
            ],
        )

    def _logits(self, words: Sequence[str]) -> Floats:
        """``(n, 5)``: nothing, comma, full stop or question mark after each word; a capital on it."""
        weights, _, _ = _load()
        rows = word_rows(words)
        parts = [np.zeros((0, 5), dtype=np.float32)]
        for at in range(0, len(words), _WINDOW):
            first = max(0, at - _MARGIN)
            logits = network(weights, rows[first : at + _WINDOW + _MARGIN])
            parts.append(logits[at - first : at - first + _WINDOW])
        return np.concatenate(parts)


def network(weights: Mapping[str, Floats], rows: NDArray[np.int64]) -> Floats:
    """The logits of ``(n, 4)`` rows, ``(n, 5)``: tables, a layer, dilated convolutions with shortcuts."""
    h = weights["word"][rows[:, :2]].sum(axis=1) + weights["affix"][rows[:, 2:]].sum(axis=1)
    return layered(weights, h)


def _scores(logits: Floats) -> list[float]:
    """Sentence starts: ends, one word later."""
    _, _, threshold = _load()
    ends = np.logaddexp(logits[:, 2], logits[:, 3]) - np.logaddexp(logits[:, 0], logits[:, 1])
    return [0.0, *(ends[:-1] - threshold).tolist()] if len(logits) else []


def _form(word: str, known: Mapping[str, str], *, likely: bool) -> str:
    """The word with its usual capitals when it is ``likely`` to have some; others stay as read."""
    if not likely or word != word.lower():
        return word
    core = name_core(word)
    form = word.replace(core, known.get(core, core[:1].upper() + core[1:]), 1)
    return form if form.lower() == word else word  # not of "ß", whose capital is two letters


def _weights_path() -> Path:
    return data_dir("weights") / WEIGHTS


@cache
def _load() -> tuple[dict[str, Floats], dict[str, str], float]:
    """The weights, how names are usually written by their small letters, and the threshold."""
    with np.load(_weights_path(), allow_pickle=False) as stored:
        arrays: dict[str, Any] = dict(stored)
    forms = bytes(arrays.pop("forms")).decode().split("\n")
    threshold = float(arrays.pop("threshold"))
    return unpacked(arrays), {form.lower(): form for form in forms}, threshold
