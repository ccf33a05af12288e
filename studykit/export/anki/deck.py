"""Builds the Anki deck of a talk.

A note is identified by the talk and what is learned (the term, the item, the sentence as spoken), never
by its gloss, example or level, so that a second import updates the note and keeps its schedule.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studykit.export.anki.note_types import CLOZE, LISTENING, VOCABULARY
from studykit.export.page.examples import Example, first_example
from studykit.export.page.links import link_at
from studykit.files import safe_stem
from studykit.fingerprint import digest
from studykit.formats.anki_deck import Clip, Deck, Note
from studykit.timecode import to_clock
from studykit.types import Gloss, ItemKind, Notes, Sentence
from studykit.types.kinds import ITEM_KINDS

__all__ = ["anki_deck", "deck_name", "example_sentences"]

_PARENT = "studykit"
_BRACKETS = str.maketrans({"{": "&#123;", "}": "&#125;", "[": "&#91;", "]": "&#93;"})
_SPACE = re.compile(r"\s+")
_MATHJAX = re.compile(r"\\(?=[(\[])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A glossary term or vocabulary item to learn."""

    key: tuple[str, ...]
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
    shown = {item.example.sentence.index: item.example.sentence for item in _items(notes) if item.example}
    return [shown[index] for index in sorted(shown)]


def anki_deck(notes: Notes, clips: Mapping[int, Clip] = MappingProxyType({})) -> Deck:
    """The deck of a talk: a vocabulary note for each item and, if it is said, a cloze note; a listening note
    for each of their sentences in ``clips``, by index."""
    made: list[Note] = []
    heard: dict[int, Example] = {}
    for item in _items(notes):
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
    files = {clips[index].name: clips[index] for index in heard}
    return Deck(
        id=1 << 30 | int(digest("anki deck", notes.source.id)[:7], 16),
        name=deck_name(notes),
        notes=tuple({note.guid: note for note in reversed(made)}.values())[::-1],
        clips=tuple(files[name] for name in sorted(files)),
    )


def deck_name(notes: Notes) -> str:
    """The name of the talk's deck, under one parent; ``::`` in a title does not nest it further."""
    return f"{_PARENT}::{safe_stem(notes.source.title)}"


def _items(notes: Notes) -> Iterator[_Item]:
    for term in notes.terms:
        short = term.abbreviation
        yield _Item(
            key=("term", term.entry_id),
            head=term.english if short in {None, term.english} else f"{term.english} ({short})",
            ipa="",
            level="",
            meaning=term.chinese,
            definition=_gloss(term.glosses, "en"),
            remark=_gloss(term.glosses, "zh"),
            kind="term",
            example=first_example(notes, term.occurrences),
        )
    for item in notes.vocabulary:
        yield _Item(
            key=(item.kind, item.head, item.upos or ""),
            head=item.head,
            ipa=item.ipa or "",
            level=item.cefr or "",
            meaning=_gloss(item.glosses, "zh"),
            definition=_gloss(item.glosses, "en"),
            remark=item.note or "",
            kind=item.kind,
            example=first_example(notes, item.occurrences),
        )


def _gloss(glosses: tuple[Gloss, ...], language: str) -> str:
    return next((gloss.text for gloss in glosses if gloss.language == language), "")


def _can_be_gap(item: _Item, example: Example) -> bool:
    around = example.sentence.text[: example.span.start] + example.sentence.text[example.span.end :]
    return ITEM_KINDS[item.kind].is_wording and len(example.span) > 0 and any(map(str.isalnum, around))


def _vocabulary(notes: Notes, item: _Item, sound: str) -> Note:
    text = item.example.sentence.text if item.example else ""
    span = item.example.span if item.example else None
    example = (
        f"{_html(text[: span.start])}<b>{_html(text[span.start : span.end])}</b>{_html(text[span.end :])}"
        if span
        else ""
    )
    return Note(
        guid=_guid(notes, "vocabulary", *item.key),
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


def _cloze(notes: Notes, item: _Item, example: Example, sound: str) -> Note:
    text, span = example.sentence.text, example.span
    hidden = _html(text[span.start : span.end]).replace("::", "&#58;&#58;")
    return Note(
        guid=_guid(notes, "cloze", *item.key),
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
        guid=_guid(notes, "listening", sent.raw),
        type=LISTENING,
        fields=(_html(sent.text), _html(example.chinese), _source(notes, sent), sound),
        tags=(_PARENT, f"{_PARENT}::{_tag(notes.source.title)}"),
    )


def _guid(notes: Notes, *parts: str) -> str:
    return digest("anki note", notes.source.id, *parts)[:24]


def _tags(notes: Notes, item: _Item) -> tuple[str, ...]:
    level = (f"{_PARENT}::level::{item.level}",) if item.level else ()
    return (_PARENT, f"{_PARENT}::{_tag(notes.source.title)}", f"{_PARENT}::kind::{item.kind}", *level)


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
