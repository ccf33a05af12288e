"""Builds the Anki deck of a talk.

A note is identified by the talk and what is learned (the term, the item, the sentence as spoken), never
by its gloss, example or level, so that a second import updates the note and keeps its schedule.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from studykit.export.anki.note_types import CLOZE, LISTENING, QUESTION, VOCABULARY
from studykit.export.assist.merged import with_wording_told
from studykit.export.doubts import with_doubts_shown
from studykit.export.page.examples import Example, first_example
from studykit.export.page.links import link_at
from studykit.files import safe_stem
from studykit.fingerprint import digest
from studykit.formats.anki_deck import Clip, Deck, Note
from studykit.timecode import to_clock
from studykit.types import Gloss, ItemKind, Notes, Question, Sentence
from studykit.types.kinds import ITEM_KINDS

__all__ = ["PARENT", "CardItem", "anki_deck", "card_items", "deck_name", "deck_of", "example_sentences"]

PARENT = "studykit"
"""The deck that holds all others, and the tag that all others begin with."""
_BRACKETS = str.maketrans({"{": "&#123;", "}": "&#125;", "[": "&#91;", "]": "&#93;"})
_SPACE = re.compile(r"\s+")
_MATHJAX = re.compile(r"\\(?=[(\[])")


class CardItem(Struct, frozen=True, kw_only=True):
    """A glossary term or vocabulary item to learn."""

    identity: tuple[str, ...]
    """What identifies its notes: the talk that they were first made from, and what is learned."""
    head: str
    ipa: str
    level: str
    meaning: str
    definition: str
    remark: str
    kind: ItemKind
    example: Example | None


def example_sentences(notes: Notes) -> list[Sentence]:
    """The sentences shown on cards, in order, for which sound is wanted."""
    shown = {item.example.sentence.index: item.example.sentence for item in card_items(notes) if item.example}
    if notes.source.language == "en":
        shown |= {sent.index: sent for sent in (_answered_in(notes, one) for one in _questions(notes))}
    return [shown[index] for index in sorted(shown)]


def anki_deck(notes: Notes, clips: Mapping[int, Clip] = MappingProxyType({})) -> Deck:
    """The deck of a talk: a vocabulary note for each item and, if it is said, a cloze note; a listening note
    for each of their sentences in ``clips``, by index; a note for each question that a model asked."""
    return deck_of(
        notes, card_items(notes), clips, identity=("anki deck", notes.source.id), name=deck_name(notes)
    )


def deck_of(
    notes: Notes,
    items: Iterable[CardItem],
    clips: Mapping[int, Clip],
    *,
    identity: tuple[str, ...],
    name: str,
) -> Deck:
    """Like ``anki_deck``, of some of a talk's items, with a name and an identity of its own."""
    made: list[Note] = []
    heard: dict[int, Example] = {}
    for item in items:
        sound = ""
        if item.example:
            index = item.example.sentence.index
            if index in clips:
                sound = _sound(clips[index])
                heard.setdefault(index, item.example)
        made.append(_vocabulary(notes, item, sound))
        if item.example and _can_be_gap(item, item.example):
            made.append(_cloze(notes, item, item.example, sound))
    made += [_listening(notes, example, _sound(clips[index])) for index, example in sorted(heard.items())]
    asked = [_question(notes, one, clips) for one in _questions(notes)]
    made += [note for note, _ in asked]
    files = {clips[index].name: clips[index] for index in heard}
    files |= {clip.name: clip for _, clip in asked if clip}
    return Deck(
        id=1 << 30 | int(digest(*identity)[:7], 16),
        name=name,
        notes=tuple({note.guid: note for note in reversed(made)}.values())[::-1],
        clips=tuple(files[name] for name in sorted(files)),
    )


def deck_name(notes: Notes) -> str:
    """The name of the talk's deck, under one parent; ``::`` in a title does not nest it further."""
    return f"{PARENT}::{safe_stem(notes.source.title)}"


def card_items(notes: Notes) -> Iterator[CardItem]:
    """What there is to learn: all terms, then all vocabulary that is explained, in the order of the notes."""
    shown = with_doubts_shown(with_wording_told(notes))
    for term in notes.terms:
        short = term.abbreviation
        yield CardItem(
            identity=(notes.source.id, "term", term.entry_id),
            head=term.english if short in {None, term.english} else f"{term.english} ({short})",
            ipa="",
            level="",
            meaning=term.chinese,
            definition=_gloss(term.glosses, "en"),
            remark=_gloss(term.glosses, "zh"),
            kind="term",
            example=first_example(shown, term.occurrences),
        )
    for item in shown.glossed:
        yield CardItem(
            identity=(notes.source.id, item.kind, item.head, item.upos or ""),
            head=item.head,
            ipa=item.ipa or "",
            level=item.cefr or "",
            meaning=_gloss(item.glosses, "zh"),
            definition=_gloss(item.glosses, "en"),
            remark=item.note or "",
            kind=item.kind,
            example=first_example(shown, item.occurrences),
        )


def _gloss(glosses: tuple[Gloss, ...], language: str) -> str:
    return next((gloss.marked for gloss in glosses if gloss.language == language), "")


def _can_be_gap(item: CardItem, example: Example) -> bool:
    around = example.sentence.text[: example.span.start] + example.sentence.text[example.span.end :]
    return ITEM_KINDS[item.kind].is_wording and len(example.span) > 0 and any(map(str.isalnum, around))


def _vocabulary(notes: Notes, item: CardItem, sound: str) -> Note:
    text = item.example.sentence.text if item.example else ""
    span = item.example.span if item.example else None
    example = (
        f"{_html(text[: span.start])}<b>{_html(text[span.start : span.end])}</b>{_html(text[span.end :])}"
        if span
        else ""
    )
    return Note(
        guid=_guid("vocabulary", item.identity),
        type=VOCABULARY,
        fields=(
            _html(item.head),
            _html(item.ipa),
            _html(item.level),
            _html(item.meaning),
            _html(item.definition),
            _html(item.remark),
            example,
            _html(item.example.chinese) if item.example else "",
            _source(notes, item.example.sentence if item.example else None),
            sound,
        ),
        tags=_tags(notes, item),
    )


def _cloze(notes: Notes, item: CardItem, example: Example, sound: str) -> Note:
    text, span = example.sentence.text, example.span
    hidden = _html(text[span.start : span.end]).replace("::", "&#58;&#58;")
    return Note(
        guid=_guid("cloze", item.identity),
        type=CLOZE,
        fields=(
            f"{_html(text[: span.start])}{{{{c1::{hidden}}}}}{_html(text[span.end :])}",
            _html(example.chinese),
            _html(item.meaning),
            _html(item.level),
            _source(notes, example.sentence),
            sound,
        ),
        tags=_tags(notes, item),
    )


def _listening(notes: Notes, example: Example, sound: str) -> Note:
    sent = example.sentence
    return Note(
        guid=_guid("listening", (notes.source.id, sent.raw)),
        type=LISTENING,
        fields=(_html(sent.text), _html(example.chinese), _source(notes, sent), sound),
        tags=(PARENT, f"{PARENT}::{_tag(notes.source.title)}"),
    )


def _questions(notes: Notes) -> tuple[Question, ...]:
    return notes.assistance.questions if notes.assistance else ()


def _answered_in(notes: Notes, asked: Question) -> Sentence:
    """The sentence that answers a question, or the first of them."""
    return notes.sentences(notes.source.language)[min(quote.sentence for quote in asked.answer.evidence)]


def _question(notes: Notes, asked: Question, clips: Mapping[int, Clip]) -> tuple[Note, Clip | None]:
    """The note, and the sound of what answers it; clips are of English sentences."""
    sent, answer = _answered_in(notes, asked), asked.answer
    clip = clips.get(sent.index) if notes.source.language == "en" else None
    note = Note(
        guid=_guid("question", (notes.source.id, asked.question.english)),
        type=QUESTION,
        fields=(
            _html(asked.question.english),
            _html(asked.question.chinese),
            _html(answer.english),
            _html(answer.chinese),
            _html(" … ".join(quote.quote for quote in answer.evidence)),
            _source(notes, sent),
            _sound(clip) if clip else "",
        ),
        tags=(PARENT, f"{PARENT}::{_tag(notes.source.title)}", f"{PARENT}::kind::question"),
    )
    return note, clip


def _guid(kind: str, identity: tuple[str, ...]) -> str:
    talk, *learned = identity
    return digest("anki note", talk, kind, *learned)[:24]


def _tags(notes: Notes, item: CardItem) -> tuple[str, ...]:
    level = (f"{PARENT}::level::{item.level}",) if item.level else ()
    return (PARENT, f"{PARENT}::{_tag(notes.source.title)}", f"{PARENT}::kind::{item.kind}", *level)


def _tag(text: str) -> str:
    """Text as a single tag, without white space."""
    return "_".join(safe_stem(text).split())


def _html(text: str) -> str:
    """Text that Anki shows literally: no HTML, cloze, sound or formula."""
    return _MATHJAX.sub("\\\\\u2060", html.escape(_SPACE.sub(" ", text))).translate(_BRACKETS)


def _sound(clip: Clip) -> str:
    return f"[sound:{clip.name}]"


def _source(notes: Notes, sent: Sentence | None) -> str:
    title = _html(notes.source.title)
    if sent is None or sent.start_s is None:
        return title
    link = link_at(notes.source.url, sent.start_s)
    clock = to_clock(sent.start_s)
    return f'{title} <a href="{_html(link)}">{clock}</a>' if link else f"{title} {clock}"
