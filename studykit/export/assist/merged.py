"""Puts what a language model wrote where outputs look for it: into titles, vocabulary and claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from studykit.export.assist.labels import ASSIST_LABELS
from studykit.tables.frequencies import zipf_frequency
from studykit.types import (
    Assistance,
    Claim,
    Gloss,
    Notes,
    Part,
    Source,
    VocabularyItem,
    WrittenClaim,
    WrittenItem,
)

__all__ = ["assisted", "is_other_wording", "is_written", "with_wording_told"]


def assisted(notes: Notes) -> Notes:
    """The notes with what a model wrote in place of what rules made.

    A title or heading of ours gives way; one that the talk came with stays, a heading with the model's
    in the other language.
    Vetoed items are left out, senses come before those of dictionaries, items that the finders missed are
    added, and written claims replace chosen quotes. ``assistance`` stays; a second call changes nothing.
    """
    made = notes.assistance
    if made is None:
        return notes
    return replace(
        notes,
        source=_titled(notes.source, made),
        parts=tuple(_headed(part, notes, made) for part in notes.parts),
        vocabulary=_vocabulary(notes, made),
        claims=tuple(_claim(claim) for claim in made.claims) or notes.claims,
    )


def is_written(notes: Notes, item: VocabularyItem) -> bool:
    """Whether the sense shown for an item is a model's."""
    made = notes.assistance
    return made is not None and any(_is_same(item, one, _sense(one, made)) for one in made.items)


def is_other_wording(notes: Notes, item: VocabularyItem) -> bool:
    """Whether it is, and the translation words it differently."""
    made = notes.assistance
    return made is not None and any(
        not one.in_translation and _is_same(item, one, _sense(one, made)) for one in made.items
    )


def with_wording_told(notes: Notes) -> Notes:
    """Like ``assisted``; items that the translation words differently say so in their notes.

    For tables and cards, which have no other place for it.
    """
    notes = assisted(notes)

    def told(item: VocabularyItem) -> VocabularyItem:
        if not is_other_wording(notes, item):
            return item
        remark = ASSIST_LABELS["zh-Hans"].other_wording
        return replace(item, note=f"{item.note}（{remark}）" if item.note else remark)

    return replace(notes, vocabulary=tuple(map(told, notes.vocabulary))) if notes.assistance else notes


def _titled(source: Source, made: Assistance) -> Source:
    if made.title is None or not source.made_title:
        return source
    title, translation = made.title.english, made.title.chinese
    if source.language == "zh":
        title, translation = translation, title
    return replace(source, made_title=title, made_translation=translation)


def _headed(part: Part, notes: Notes, made: Assistance) -> Part:
    heading = next((one.heading for one in made.parts if one.part == part.index and one.heading), None)
    if heading is None:
        return part
    title, translation = heading.english, heading.chinese
    if notes.source.language == "zh":
        title, translation = translation, title
    published = {chapter.title for chapter in notes.source.chapters if not chapter.translation}
    if part.title in published:
        title = part.title or title
    return replace(part, title=title, translation=translation)


def _vocabulary(notes: Notes, made: Assistance) -> tuple[VocabularyItem, ...]:
    vetoed = {(veto.head, veto.kind) for veto in made.vetoes}
    items = [item for item in notes.vocabulary if (item.head, item.kind) not in vetoed]
    for written in made.items:
        sense = _sense(written, made)
        at = _listed_as(written, notes, items)
        if at is None:
            if not any(_is_same(item, written, sense) for item in items):
                items.append(_missed(written, sense))
        elif all(gloss.source != sense.source for gloss in items[at].glosses):
            items[at] = replace(
                items[at], glosses=(sense, *items[at].glosses), note=written.note or items[at].note
            )
    return tuple(items)


def _sense(written: WrittenItem, made: Assistance) -> Gloss:
    return Gloss(text=written.gloss, language="zh", source=made.model or "model")


def _is_same(item: VocabularyItem, written: WrittenItem, sense: Gloss) -> bool:
    return item.head == written.head and item.kind == written.kind and sense in item.glosses[:1]


def _listed_as(written: WrittenItem, notes: Notes, items: Sequence[VocabularyItem]) -> int | None:
    """The position of the item that is explained in the paragraph of the written one."""
    if not written.listed:
        return None
    paragraph = _paragraph(notes, written)
    for i, item in enumerate(items):
        if (item.head, item.kind) == (written.head, written.kind):
            first = min((at.sentence for at in item.occurrences if at.language == "en"), default=None)
            if not item.glosses or first is None or notes.paragraph_of("en", first) == paragraph:
                return i
    return None


def _paragraph(notes: Notes, written: WrittenItem) -> int:
    return notes.paragraph_of(written.occurrence.language, written.occurrence.sentence)


def _missed(written: WrittenItem, sense: Gloss) -> VocabularyItem:
    return VocabularyItem(
        head=written.head,
        kind=written.kind,
        lemma=written.head,
        upos=None,
        cefr=None,
        zipf=zipf_frequency(written.head),
        glosses=(sense,),
        occurrences=(written.occurrence,),
        note=written.note,
    )


def _claim(claim: WrittenClaim) -> Claim:
    return Claim(
        statement=claim.statement.english,
        statement_zh="\n".join(_lines((claim.statement.chinese, *(point.chinese for point in claim.points)))),
        evidence=tuple(sorted(claim.statement.evidence, key=lambda at: (at.sentence, at.span.start))),
        score=1.0,
    )


def _lines(texts: Iterable[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]
