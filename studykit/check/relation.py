"""What two texts are to each other: a translation, a summary, or two different talks.

Measured in the alignment, which leaves alone what has no counterpart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studykit.errors import InputError
from studykit.types import Notes, Sentence, Span

__all__ = ["Relation", "relation_of", "require_same_talk"]

RelationKind = Literal["translation", "summary", "other"]
_COVERED = 0.75
"""Share of a text that a translation has a counterpart for, at least."""
_MATCHED, _CERTAIN = 0.7, 0.93
"""Fewer beads with both sides than this, and less certain ones: what one finds by chance."""
_WHOLE = 0.9
_BRIEF = 0.9
"""Chinese characters for an English word; a translation has about 1.7, a summary fewer than this."""
_FEWEST = 8
"""With fewer sentences on either side nothing is said about the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """``english`` and ``chinese``: shares (0-1) of each text, by length, that have a counterpart."""

    kind: RelationKind
    english: float
    chinese: float
    characters_per_word: float


def relation_of(notes: Notes) -> Relation:
    """What the Chinese is to the English; a translation where too little is there to say."""
    words = sum(len(sent.text.split()) for sent in notes.english)
    characters = sum(len(sent.text) for sent in notes.chinese)
    beads = notes.alignment.beads if notes.alignment else ()
    both = [bead for bead in beads if len(bead.source) and len(bead.target)]
    english = _share(notes.english, [bead.source for bead in both])
    chinese = _share(notes.chinese, [bead.target for bead in both])
    kind: RelationKind = "translation"
    if min(len(notes.english), len(notes.chinese)) >= _FEWEST:
        matched, score = len(both) / len(beads), sum(bead.score for bead in both) / max(1, len(both))
        if max(english, chinese) < _COVERED or _is_chance(chinese, matched, score):
            kind = "other"
        elif english < _COVERED and characters < _BRIEF * words:
            kind = "summary"
    return Relation(
        kind=kind,
        english=english,
        chinese=chinese,
        characters_per_word=characters / words if words else 0.0,
    )


def require_same_talk(notes: Notes, chinese: Path | str) -> Relation:
    """The relation, for texts of one talk.

    Raises ``InputError`` with the figures when they are two different talks; ``chinese`` names the file.
    """
    relation = relation_of(notes)
    if relation.kind == "other":
        raise InputError(
            chinese,
            f"this is no translation of the talk: only {relation.english:.0%} of the English and "
            f"{relation.chinese:.0%} of the Chinese have a counterpart in the other text "
            f"(translations have over {_COVERED:.0%}); check that both files are of the same talk",
        )
    return relation


def _is_chance(chinese: float, matched: float, score: float) -> bool:
    """Whether few sentences find each other, none for certain; a summary's own text is all but matched."""
    return matched < _MATCHED and score < _CERTAIN and chinese < _WHOLE


def _share(sentences: Sequence[Sentence], spans: Sequence[Span]) -> float:
    matched = {i for span in spans for i in span}
    lengths = [len(sent.text) for sent in sentences]
    return sum(length for i, length in enumerate(lengths) if i in matched) / max(1, sum(lengths))
