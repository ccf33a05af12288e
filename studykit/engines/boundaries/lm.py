"""Sentence boundaries by a language model (extra ``lm``): which mark makes the following words likely?

For every gap that the fast model thinks possible, the next words are scored after nothing, a comma and a
full stop, while all other gaps keep the fast model's boundaries. A logistic regression weighs the scores; it
was fitted by ``benchmarks/fit_boundary_lm.py`` on conversations that the fast model had not learnt from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from studykit.engines.boundaries.causal_lm import DEFAULT_MODEL, Branch, CausalLM
from studykit.engines.boundaries.features import bare_words
from studykit.segment.boundaries import ChineseMarker, ChineseMarks, MarkModel, Marks

__all__ = ["FLOOR", "BoundaryLM", "LanguageModel", "evidence", "regressors"]

FLOOR = -4.0
"""Gaps to which the fast model gives lower log odds are skipped: four fifths of all, 2 % of the true ones."""

_AHEAD = 5
"""Number of words scored after the gap."""
_WINDOW, _BEFORE = 240, 80
"""Words per pass, and words of context before them."""
_HEADING = "Transcript:"
_MARKS = ("", ",", ".")
_FAR = 12.0
"""Log odds are clipped to this."""

# Small models tend to put a stop before the first and after the second group, though the talk continues.
_JOINING = frozenset("and but or".split())
_BINDING = frozenset("because which that if when as".split())
_LEADING = frozenset("um uh so and but like okay well".split())

_WEIGHTS = (0.401, 0.687, 0.224, 0.29, 0.397, 0.006)
"""Weights of the columns of ``regressors``. A second reading, with the marks of the first, gains nothing."""

Floats = NDArray[np.float64]


class LanguageModel(Protocol):
    """The interface of the model; implemented by ``causal_lm.CausalLM``."""

    @property
    def name(self) -> str:
        """Model and version."""

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of ``text`` where it follows other text."""

    def log_probs(self, context: Sequence[int], branches: Sequence[Branch]) -> list[float]:
        """The log probability of each branch after its part of the context."""


class _FastModel(MarkModel, ChineseMarker, Protocol):
    """What the language model stands on."""


class BoundaryLM:
    """Loads the models when first used. Hundreds of times slower than the fast model."""

    length_cost = 0.0

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        language_model: LanguageModel | None = None,
        fast: _FastModel | None = None,
    ) -> None:
        from studykit.engines.boundaries.fast import BoundaryNet

        self._model = language_model or CausalLM(model)
        self._fast = fast or BoundaryNet()

    @property
    def name(self) -> str:
        """Both models' names."""
        return f"lm:{self._model.name}:{self._fast.name}"

    def scores(self, words: Sequence[str]) -> list[float]:
        """For each word, the log odds that a sentence starts with it."""
        fast = list(self._fast.scores(words))
        bare = bare_words(words)
        asked = [i for i in range(1, len(words)) if fast[i] > FLOOR]
        scores = list(fast)
        marks = ["." if i and score > 0 else "" for i, score in enumerate(fast)]
        if asked:
            heard = evidence(self._model, bare, marks, asked)
            found = regressors(heard, [fast[i] for i in asked], bare, asked) @ np.array(_WEIGHTS)
            for i, score in zip(asked, found.tolist(), strict=True):
                scores[i] = score
        return scores

    def marks(self, words: Sequence[str]) -> Marks:
        """Sentence starts by the language model, all else by the fast one."""
        return replace(self._fast.marks(words), scores=self.scores(words))

    def chinese_marks(self, text: str, breaks: Collection[int]) -> ChineseMarks:
        """All by the fast model: the regression was fitted on English."""
        return self._fast.chinese_marks(text, breaks)


def evidence(
    model: LanguageModel, words: Sequence[str], marks: Sequence[str], asked: Sequence[int]
) -> list[tuple[float, float, float]]:
    """For the gap before each word in ``asked``: log probabilities of the next words.

    One each after nothing, after a comma and after a full stop. ``marks[i]`` precedes ``words[i]``.
    """
    heading = model.tokens(_HEADING)
    found: list[tuple[float, float, float]] = []
    for at in range(0, len(words), _WINDOW):
        gaps = [i for i in asked if at <= i < at + _WINDOW]
        if not gaps:
            continue
        first = max(0, at - _BEFORE)
        context = [*heading, *_word(model, words[first], ".")[len(model.tokens(".")) :]]
        starts = {}
        for i in range(first + 1, gaps[-1] + 1):
            starts[i] = len(context)
            context += _word(model, words[i], marks[i])
        branches = [
            Branch(starts[i], tuple(token for j, mark in after for token in _word(model, words[j], mark)))
            for i in gaps
            for after in (
                [(i, mark), *((j, marks[j]) for j in range(i + 1, min(i + _AHEAD, len(words))))]
                for mark in _MARKS
            )
        ]
        scores = iter(model.log_probs(context, branches))
        found += zip(scores, scores, scores, strict=True)
    return found


def regressors(
    heard: Sequence[tuple[float, float, float]],
    fast: Sequence[float],
    words: Sequence[str],
    asked: Sequence[int],
) -> Floats:
    """The regression's input for every gap asked about, ``(n, 6)``; the last column is 1."""
    none, comma, stop = np.array(heard).T
    return np.column_stack(
        [
            np.clip(stop - np.logaddexp(none, comma), -_FAR, _FAR),
            np.clip(fast, FLOOR, -FLOOR),
            [words[i] in _JOINING for i in asked],
            [words[i] in _BINDING for i in asked],
            [words[i - 1] in _LEADING for i in asked],
            np.ones(len(asked)),
        ]
    )


def _word(model: LanguageModel, word: str, mark: str) -> tuple[int, ...]:
    """The tokens of a word after a mark; after a full stop it gets a capital."""
    text = " " + (word[:1].upper() + word[1:] if mark == "." else word)
    return model.tokens(mark) + model.tokens(text) if mark else model.tokens(text)
