"""Sentences of a translation that stand in the paragraph before or after theirs.

For texts whose paragraphs are given in pairs. The alignment says what belongs together; it must have
been made without regard to the paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from studykit.check.messages import message
from studykit.check.passage import Passage
from studykit.languages import join_sentences
from studykit.types import Alignment, Document, Finding, Notes, Slip, Span

__all__ = ["check_slips", "given_pairs", "slipped"]

_SURE = 0.5
_FEWEST = 3
_PAIRED = 0.8
"""Share of beads that stay in paragraphs of the same number, where paragraphs are pairs."""


def slipped(alignment: Alignment, english: Sequence[Span], chinese: Sequence[Span]) -> list[Slip]:
    """What stands in the paragraph next to its own, by the paragraph where it is missing.

    ``english`` and ``chinese`` are the sentences of each paragraph, in pairs.
    """
    return list(_slips(alignment, english, chinese))


def given_pairs(
    english: Document, chinese: Document, alignment: Alignment
) -> tuple[list[Span], list[Span]] | None:
    """The paragraphs of two texts without times, if they are the same paragraphs.

    Nobody says so: their number is the same, and nearly all beads stay within paragraphs of one number.
    """
    timed = any(sent.start_s is not None for doc in (english, chinese) for sent in doc.sentences)
    sides = [para.sentences for para in english.paragraphs], [para.sentences for para in chinese.paragraphs]
    if timed or not _FEWEST <= len(sides[0]) == len(sides[1]):
        return None
    both = [bead for bead in alignment.beads if len(bead.source) and len(bead.target)]
    same = sum(
        _paragraph_of(bead.source.start, sides[0]) == _paragraph_of(bead.target.start, sides[1])
        for bead in both
    )
    return sides if same >= _PAIRED * len(both) else None


def check_slips(slips: Sequence[Slip], notes: Notes, passages: Sequence[Passage]) -> Iterator[Finding]:
    """One finding for each slip, in the paragraph of its English; none in a summary."""
    whole = {i for passage in passages for i in passage.source}
    for slip in slips:
        if slip.source.start not in whole:
            continue
        told = message("slipped", here=slip.paragraph + 1, there=slip.stands_in + 1)
        english = (notes.english[i].text for i in slip.source)
        chinese = (notes.chinese[i].text for i in slip.target)
        yield Finding(
            kind="slipped",
            severity="medium",
            paragraph=notes.paragraph_of("en", slip.source.start),
            english=join_sentences(english, "en"),
            chinese=join_sentences(chinese, "zh"),
            message=told.english,
            message_zh=told.chinese,
        )


def _slips(alignment: Alignment, english: Sequence[Span], chinese: Sequence[Span]) -> Iterator[Slip]:
    for bead in alignment.beads:
        if not len(bead.source) or not len(bead.target) or bead.score < _SURE:
            continue
        home = {_paragraph_of(i, english) for i in bead.source}
        # English that reaches over the end itself has a side in both paragraphs: nothing stands wrong.
        if len(home) > 1 or -1 in home:
            continue
        (own,) = home
        for there, run in groupby(bead.target, key=lambda i: _paragraph_of(i, chinese)):
            sentences = list(run)
            if there not in (own, -1):
                target = Span(start=sentences[0], end=sentences[-1] + 1)
                yield Slip(paragraph=own, stands_in=there, source=bead.source, target=target)


def _paragraph_of(sentence: int, paragraphs: Sequence[Span]) -> int:
    return next((i for i, span in enumerate(paragraphs) if sentence in span), -1)
