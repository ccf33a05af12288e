"""What two texts are to each other: a translation, a summary, some of both, or two different talks.

Measured in the alignment, which leaves alone what has no counterpart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from studykit.errors import InputError
from studykit.types import Notes, NotesParagraph, Sentence, Span

__all__ = ["Relation", "relation_of", "require_same_talk", "summarised"]

RelationKind = Literal["translation", "summary", "other"]
_COVERED = 0.75
"""Share of a text that a translation has a counterpart for, at least."""
_MATCHED, _CERTAIN = 0.7, 0.93
"""Fewer beads with both sides than this, and less certain ones: what one finds by chance."""
_WHOLE = 0.9
_BRIEF = 0.9
"""Chinese characters for an English word; a translation has about 1.7, a summary fewer than this."""
_STRETCH = 2
"""Paragraphs before and after one that say what it is: people summarise by the chapter."""
_ALL, _FULL, _SURE = 0.9, 1.2, 0.8
"""What a translated stretch of a text that is otherwise none has at least: shares of both sides with a
counterpart, characters for a word, mean score."""
_FEWEST = 8
"""With fewer sentences on either side nothing is said about the whole."""


class Relation(Struct, frozen=True, kw_only=True):
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
        is_one_source = notes.source.kind == "notes"  # nobody writes one talk's notes under another
        if not is_one_source and (max(english, chinese) < _COVERED or _is_chance(chinese, matched, score)):
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


def summarised(notes: Notes) -> frozenset[int]:
    """Paragraphs whose Chinese need not say all that the English says.

    None of a translation, nor of a machine's: it sums nothing up, and what does not match is wrong. Where
    much of the English has no counterpart, each stretch is looked at by itself: what is covered on
    both sides, surely, and as long as a translation is held to everything.
    """
    relation = relation_of(notes)
    few = min(len(notes.english), len(notes.chinese)) < _FEWEST
    by_machine = notes.source.translation == "translated"
    if notes.alignment is None or few or by_machine or relation.english >= _COVERED:
        return frozenset()
    shares = [_Share.of(notes, para) for para in notes.paragraphs]
    stretches = (shares[max(0, at - _STRETCH) : at + _STRETCH + 1] for at in range(len(shares)))
    return frozenset(at for at, stretch in enumerate(stretches) if not _is_translated(stretch))


class _Share(Struct, frozen=True):
    """Of a paragraph: words and characters, those that have a counterpart, and how surely, by words."""

    words: int
    words_matched: int
    characters: int
    characters_matched: int
    certain: float

    @classmethod
    def of(cls, notes: Notes, para: NotesParagraph) -> _Share:
        assert notes.alignment
        words = {i: len(notes.english[i].text.split()) for i in para.english}
        characters = {i: len(notes.chinese[i].text) for i in para.chinese}
        both = [b for b in notes.alignment.beads if len(b.source) and len(b.target)]
        scored = [(sum(words.get(i, 0) for i in bead.source), bead.score) for bead in both]
        return cls(
            words=sum(words.values()),
            words_matched=sum(count for count, _ in scored),
            characters=sum(characters.values()),
            characters_matched=sum(characters.get(i, 0) for bead in both for i in bead.target),
            certain=sum(count * score for count, score in scored),
        )


def _is_translated(stretch: Sequence[_Share]) -> bool:
    words, words_matched = sum(s.words for s in stretch), sum(s.words_matched for s in stretch)
    characters = sum(s.characters for s in stretch)
    return (
        words_matched >= _ALL * words
        and sum(s.characters_matched for s in stretch) >= _ALL * characters
        and characters >= _FULL * words
        and sum(s.certain for s in stretch) >= _SURE * max(1, words_matched)
    )


def _is_chance(chinese: float, matched: float, score: float) -> bool:
    """Whether few sentences find each other, none for certain; a summary's own text is all but matched."""
    return matched < _MATCHED and score < _CERTAIN and chinese < _WHOLE


def _share(sentences: Sequence[Sentence], spans: Sequence[Span]) -> float:
    matched = {i for span in spans for i in span}
    lengths = [len(sent.text) for sent in sentences]
    return sum(length for i, length in enumerate(lengths) if i in matched) / max(1, sum(lengths))
