"""Whether words that may be a marker are one here: "right" in "it works, right?" and in "the right answer".

Logistic regression over where the words stand, the marks and words around them, their tags and the parse.
The weights are learnt from occurrences in conversation labelled one by one; `benchmarks/train_markers.py`
makes them, and says how well they do on shows that they have not seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache

from msgspec import Struct

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


class MarkerUse(Struct, frozen=True):
    """The learnt weights."""

    weights: Mapping[str, float]
    thresholds: Mapping[str, float]
    """For each form, lower case, that it can judge: least probability at which it counts as a marker.
    What is less sure is not printed."""

    @property
    def forms(self) -> Set[str]:
        """The words, lower case, that it can judge."""
        return self.thresholds.keys()

    def probability(
        self, form: str, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int
    ) -> float:
        """That ``tokens[start:end]`` are a marker.

        ``tokens`` are what patterns see of one sentence, ``indices`` their places in the parsed text, which
        their heads refer to.
        """
        score = sum(self.weights.get(trait, 0.0) for trait in traits(form, tokens, indices, start, end))
        return 1 / (1 + math.exp(-score))

    def accepts(
        self, form: str, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int
    ) -> bool:
        """Whether they count as one; forms that it cannot judge do."""
        return (
            form not in self.forms
            or self.probability(form, tokens, indices, start, end) >= self.thresholds[form]
        )


@cache
def load_marker_use() -> MarkerUse:
    """The weights that ship."""
    stated = json.loads((data_dir("weights") / WEIGHTS).read_text(encoding="utf-8"))
    return MarkerUse(weights=stated["weights"], thresholds=stated["thresholds"])


def traits(form: str, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int) -> list[str]:
    """What the model sees of ``tokens[start:end]``, each alone and together with the form."""
    shared = [*_around(tokens, start, end), *_parsed(tokens, indices, start, end)]
    return ["", form, *shared, *(f"{form}|{trait}" for trait in shared)]


def _around(tokens: Sequence[Token], start: int, end: int) -> Iterator[str]:
    """Marks and words on both sides, up to three."""
    before, after = _kind(tokens, start - 1), _kind(tokens, end)
    before2, after2 = _kind(tokens, start - 2), _kind(tokens, end + 1)
    yield f"before={before}"
    yield f"after={after}"
    yield f"before2={before2}"
    yield f"after2={after2}"
    yield f"before3={_kind(tokens, start - 3)}"
    yield f"after3={_kind(tokens, end + 2)}"
    yield f"between={before} {after}"
    yield f"two before={before2} {before}"
    yield f"two after={after} {after2}"
    yield f"set off={before in _SET_OFF and after in _SET_OFF}"
    if start and tokens[start - 1].lemma.lower() == "be" and after == "QUOTE":
        yield "quoted"
    if tokens[start].text[:1].isupper() and tokens[start].text != "I":
        yield "capital"
    if end < len(tokens):
        yield f"after tag={tokens[end].tag}"
        yield f"after lemma={tokens[end].lemma.lower()}"
    if start:
        yield f"before tag={tokens[start - 1].tag}"
        yield f"before lemma={tokens[start - 1].lemma.lower()}"


def _parsed(tokens: Sequence[Token], indices: Sequence[int], start: int, end: int) -> Iterator[str]:
    """Tags and relations of the words themselves, what the last hangs on, and what hangs on them."""
    for place, token in enumerate(tokens[start:end]):
        yield f"tag{place}={token.tag}"
        yield f"dep{place}={token.dep}"
    at = {index: i for i, index in enumerate(indices)}
    head = at.get(tokens[end - 1].head)
    if head is not None and head != end - 1:
        yield f"head={_kind(tokens, head)}"
        yield f"head tag={tokens[head].tag}"
        yield f"head before={head < start}"
    depending = [
        i for i, token in enumerate(tokens) if not start <= i < end and start <= at.get(token.head, -1) < end
    ]
    yield f"depending={min(len(depending), 2)}"
    for i in depending:
        yield f"depending {'before' if i < start else 'after'}={tokens[i].dep}"


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
