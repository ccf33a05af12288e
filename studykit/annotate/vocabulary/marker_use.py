"""Whether words that may be a marker are one here: "right" in "it works, right?" and in "the right answer".

Logistic regression over where the words stand, the marks and words around them, and their tag and parse.
The weights are learnt from occurrences in conversation labelled one by one; `benchmarks/train_markers.py`
makes them, and says how well they do on shows that they have not seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from studykit.resources import data_dir
from studykit.types import Token

__all__ = ["WEIGHTS", "MarkerUse", "load_marker_use", "traits"]

WEIGHTS = "markers.json"

_COMMON = {
    *("i", "you", "he", "she", "it", "we", "they", "that", "this", "these", "those", "there", "what", "who"),
    *(
        "a",
        "an",
        "the",
        "some",
        "any",
        "no",
        "all",
        "one",
        "be",
        "is",
        "are",
        "was",
        "were",
        "'s",
        "'re",
        "'m",
    ),
    *("have", "do", "would", "'d", "could", "can", "will", "and", "but", "so", "or", "if", "because", "to"),
    *("of", "in", "on", "at", "for", "from", "with", "as", "not", "n't", "just", "very", "really", "things"),
    *(
        "something",
        "stuff",
        "look",
        "feel",
        "seem",
        "sound",
        "more",
        "less",
        "kind",
        "sort",
        "now",
        "said",
        "yeah",
    ),
}
"""Words that are told apart as neighbours; others count by part of speech."""
_MARKS = {
    ",": ",",
    ".": ".",
    "...": "…",
    "…": "…",
    "?": "?",
    "!": "!",
    ";": ";",
    ":": ":",
    "-": "-",
    "–": "-",
}
_QUOTES = {'"', "“", "”", "'", "‘", "``", "''"}


@dataclass(frozen=True, slots=True)
class MarkerUse:
    """The learnt weights. ``forms``: the words, lower case, that it can judge."""

    forms: frozenset[str]
    weights: Mapping[str, float]
    threshold: float
    """Least probability at which an occurrence counts as a marker."""

    def probability(self, form: str, tokens: Sequence[Token], start: int, end: int) -> float:
        """That ``tokens[start:end]`` are a marker; ``tokens`` are all of one sentence."""
        score = sum(self.weights.get(trait, 0.0) for trait in traits(form, tokens, start, end))
        return 1 / (1 + math.exp(-score))

    def accepts(self, form: str, tokens: Sequence[Token], start: int, end: int) -> bool:
        """Whether they count as one; forms that it cannot judge do."""
        return form not in self.forms or self.probability(form, tokens, start, end) >= self.threshold


@cache
def load_marker_use() -> MarkerUse:
    """The weights that ship."""
    stated = json.loads((data_dir("weights") / WEIGHTS).read_text(encoding="utf-8"))
    return MarkerUse(
        forms=frozenset(stated["forms"]), weights=stated["weights"], threshold=stated["threshold"]
    )


def traits(form: str, tokens: Sequence[Token], start: int, end: int) -> list[str]:
    """What the model sees of ``tokens[start:end]``, each alone and together with the form."""
    shared = list(_traits(tokens, start, end))
    return ["", form, *shared, *(f"{form}|{trait}" for trait in shared)]


def _traits(tokens: Sequence[Token], start: int, end: int) -> Iterator[str]:
    before, after = _kind(tokens, start - 1), _kind(tokens, end)
    yield f"before={before}"
    yield f"after={after}"
    yield f"before2={_kind(tokens, start - 2)}"
    yield f"after2={_kind(tokens, end + 1)}"
    yield f"set off={before in _SET_OFF and after in _SET_OFF}"
    if end - start == 1:
        yield f"tag={tokens[start].tag}"
        yield f"dep={tokens[start].dep}"
    if start and tokens[start - 1].lemma.lower() == "be" and after == "QUOTE":
        yield "quoted"
    if tokens[start].text[:1].isupper() and tokens[start].text != "I":
        yield "capital"
    if 0 <= end < len(tokens):
        yield f"after tag={tokens[end].tag}"
    if start:
        yield f"before tag={tokens[start - 1].tag}"


_SET_OFF = {"EDGE", "QUOTE", *_MARKS.values()}


def _kind(tokens: Sequence[Token], at: int) -> str:
    """A neighbour as the model sees it: a mark, a common word, or a part of speech."""
    if not 0 <= at < len(tokens):
        return "EDGE"
    token = tokens[at]
    text = token.text.lower().replace("’", "'")
    if text in _MARKS or set(text) == {"-"}:
        return _MARKS.get(text, "-")
    if text in _QUOTES:
        return "QUOTE"
    lemma = token.lemma.lower()
    return text if text in _COMMON else lemma if lemma in _COMMON else token.upos
