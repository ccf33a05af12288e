"""Headings for the parts found in a long talk, and a title for one without, in both of its languages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from msgspec.structs import replace

from studykit.annotate import Tagger
from studykit.segment.parts import Heading, Side, headings
from studykit.talk.stages.sure import sure
from studykit.types import Alignment, Chapter, Document, Source

__all__ = ["with_headings"]


def with_headings(
    source: Source,
    lead: Document,
    other: Document | None,
    alignment: Alignment | None,
    tagger: Tagger,
    *,
    parts: bool,
    title: bool,
) -> Source:
    """The source with its ``parts``, which ``lead`` is cut at, and with a ``title`` of what is said there."""
    lead, other = sure(lead), sure(other)
    pairs = [(bead.source, bead.target) for bead in alignment.beads] if alignment else []
    part_of = [para.chapter or 0 for para in lead.paragraphs for _ in para.sentences]
    sides = _sides(lead, part_of, other, alignment, tagger)
    if parts:
        made = headings(sides, len(source.chapters), pairs)
        chapters = zip(source.chapters, made, strict=True)
        source = replace(
            source, chapters=tuple(_named(chapter, made, lead.language) for chapter, made in chapters)
        )
    if title:
        one = {language: replace(side, part_of=[0] * len(side.texts)) for language, side in sides.items()}
        (found,) = headings(one, 1, pairs, whole=True)
        names = (found.english, found.chinese) if lead.language == "en" else (found.chinese, found.english)
        source = replace(source, made_title=names[0], made_translation=names[1])
    return source


def _sides(
    lead: Document,
    part_of: Sequence[int],
    other: Document | None,
    alignment: Alignment | None,
    tagger: Tagger,
) -> dict[str, Side]:
    """Both texts; a sentence of the other belongs to the part of what it translates."""
    sides = {lead.language: _side(lead, part_of, tagger)}
    if other and alignment:
        theirs = [0] * len(other.sentences)
        for bead in alignment.beads:
            mine = bead.side(lead.language)
            for i in bead.side(other.language):
                theirs[i] = part_of[min(mine.start, len(part_of) - 1)]
        sides[other.language] = _side(other, list(accumulate(theirs, max)), tagger)
    return sides


def _side(doc: Document, part_of: Sequence[int], tagger: Tagger) -> Side:
    texts = [sent.text for sent in doc.sentences]
    return Side(texts=texts, part_of=part_of, tagged=tagger.tag(texts) if doc.language == "en" else ())


def _named(chapter: Chapter, heading: Heading, language: str) -> Chapter:
    names = (heading.english, heading.chinese)
    title, translation = names if language == "en" else names[::-1]
    return replace(chapter, title=title or translation or "", translation=translation if title else None)
