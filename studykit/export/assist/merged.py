"""Puts what a language model wrote where outputs look for it: into titles, vocabulary and claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from studykit.export.assist.labels import ASSIST_LABELS
from studykit.tables.frequencies import zipf_frequency
from studykit.types import (
    Assistance,
    Claim,
    Gloss,
    ItemKind,
    Notes,
    Part,
    Source,
    VocabularyItem,
    WrittenClaim,
    WrittenItem,
)

__all__ = [
    "Sense",
    "assisted",
    "with_vocabulary",
    "with_wording_told",
    "written_sense",
    "written_senses",
]

Sense = tuple[str, ItemKind, str]
"""Head, kind and Chinese of an item."""


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
        claims=tuple(_claim(claim, notes.claims) for claim in made.claims) or notes.claims,
    )


def written_senses(notes: Notes) -> Mapping[Sense, bool]:
    """The senses that are a model's, each with whether it stands in the translation."""
    made = notes.assistance
    return {(one.head, one.kind, one.gloss): one.in_translation for one in made.items} if made else {}


def written_sense(item: VocabularyItem, notes: Notes) -> Sense | None:
    """The sense shown for an item, as ``written_senses`` names it; None if it is no model's."""
    made, shown = notes.assistance, item.glosses[:1]
    if made is None or not shown or shown[0].source != made.model:
        return None
    return item.head, item.kind, shown[0].text


def with_vocabulary(notes: Notes, vocabulary: Sequence[VocabularyItem]) -> Notes:
    """Assisted notes with some of their vocabulary; ``assisted`` brings none of the rest back."""
    made = notes.assistance
    if made:
        left = {written_sense(item, notes) for item in vocabulary}
        items = tuple(one for one in made.items if (one.head, one.kind, one.gloss) in left)
        made = replace(made, items=items)
    return replace(notes, vocabulary=tuple(vocabulary), assistance=made)


def with_wording_told(notes: Notes) -> Notes:
    """Like ``assisted``; items that the translation words differently say so in their notes.

    For tables and cards, which have no other place for it.
    """
    notes = assisted(notes)

    senses = written_senses(notes)

    def told(item: VocabularyItem) -> VocabularyItem:
        sense = written_sense(item, notes)
        if sense is None or senses.get(sense, True):
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
    places: dict[tuple[str, ItemKind], list[int]] = {}
    for i, item in enumerate(items):
        places.setdefault((item.head, item.kind), []).append(i)
    for written in made.items:
        sense = Gloss(text=written.gloss, language="zh", source=made.model)
        same = places.setdefault((written.head, written.kind), [])
        if any(sense in items[i].glosses[:1] for i in same):
            continue
        at = next((i for i in same if _is_explained_with(items[i], written, notes)), None)
        if at is None:
            same.append(len(items))
            items.append(_missed(written, sense))
        elif all(gloss.source != sense.source for gloss in items[at].glosses):
            note = written.note or items[at].note
            items[at] = replace(items[at], glosses=(sense, *items[at].glosses), note=note)
    return tuple(items)


def _is_explained_with(item: VocabularyItem, written: WrittenItem, notes: Notes) -> bool:
    """Whether an item is explained in the paragraph of the written one, or nowhere yet."""
    if not written.listed:
        return False
    first = min((at.sentence for at in item.occurrences if at.language == "en"), default=None)
    if not item.glosses or first is None:
        return True
    at = written.occurrence
    return notes.paragraph_of("en", first) == notes.paragraph_of(at.language, at.sentence)


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


def _claim(claim: WrittenClaim, found: Sequence[Claim]) -> Claim:
    """A written claim, with the demo of one that was found in a sentence that it rests on."""
    rests_on = {at.sentence for at in claim.statement.evidence}
    same = (one for one in found if one.demo and rests_on & {at.sentence for at in one.evidence})
    tested = next(same, None)
    return Claim(
        statement=claim.statement.english,
        statement_zh="\n".join(_lines((claim.statement.chinese, *(point.chinese for point in claim.points)))),
        evidence=tuple(sorted(claim.statement.evidence, key=lambda at: (at.sentence, at.span.start))),
        score=1.0,
        demo=tested.demo if tested else None,
        verdict=tested.verdict if tested else "",
        verdict_zh=tested.verdict_zh if tested else "",
    )


def _lines(texts: Iterable[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]
