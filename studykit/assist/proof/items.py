"""Study items: the words stand where the answer says, and the Chinese is theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from studykit.assist.answer import ItemAnswer, MisreadAnswer, is_language
from studykit.assist.proof.bilingual import ADDRESS
from studykit.assist.proof.failure import UnprovenError
from studykit.assist.said import Judged
from studykit.faces import late
from studykit.languages import HAN
from studykit.types import ItemKind, Misreading, Occurrence, Span, Token, VocabularyItem, WrittenItem
from studykit.types.kinds import ITEM_KINDS

__all__ = ["place_of_head", "proven_item", "proven_misreading", "proven_note"]

LONGEST_NOTE = 40
_LONGEST_GLOSS, _LONGEST_HEAD = 30, 60
NEAR_SENSE = 0.14
"""Least likeness of a sense that the translation does not have to the words or their sentence."""
_HAN = late(f"[{HAN}]")
_EMPTY = frozenset("的了是在一不这那有个为着和与也就都而及被把给让")
_SLOTS = frozenset("sth sb something somebody someone one's oneself one v-ing doing do".split())
_OPTIONAL = frozenset({"be", "a", "an", "the", "to", "you", "you'd", "it", "it's", "there's", "'s"})
_GAP = 4
"""Most words between two words of a head: "take you from", "keep it on a short leash"."""
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]*\d*")


def proven_item(written: ItemAnswer, said: Judged, listed: VocabularyItem | None) -> WrittenItem:
    """The sense of an item where it stands, ``listed`` if it is in the list of the finders.

    Raises ``UnprovenError``.
    """
    kind = listed.kind if listed else _kind(written.kind)
    at = _occurrence(written, said, listed)
    if not is_language(written.gloss, "zh") and not _HAN.search(written.gloss):
        raise UnprovenError("language")
    if len(written.gloss) > _LONGEST_GLOSS:
        raise UnprovenError("length")
    if ADDRESS.search(written.gloss):
        raise UnprovenError("name")
    in_translation = _is_translated(written, said)
    return WrittenItem(
        head=listed.head if listed else written.head,
        kind=kind,
        gloss=written.gloss,
        note=None,
        occurrence=at,
        in_translation=in_translation,
        listed=listed is not None,
    )


def proven_note(note: str, head: str, sentence: int, said: Judged) -> str:
    """A remark in Chinese about words in a sentence. Raises ``UnprovenError``."""
    if len(note) > LONGEST_NOTE:
        raise UnprovenError("length")
    if len(_HAN.findall(note)) < len("汉字"):
        raise UnprovenError("language")
    shown = f"{said.text_of([sentence], 'en')} {head} I".lower()
    if ADDRESS.search(note) or any(name.lower() not in shown for name in _NAME.findall(note)):
        raise UnprovenError("name")
    return note


def _kind(name: str) -> ItemKind:
    kind = next((kind for kind in ITEM_KINDS.values() if kind.key == name), None)
    if kind is None or not kind.is_wording:
        raise UnprovenError("form")
    return kind.key


def _occurrence(
    written: ItemAnswer | MisreadAnswer, said: Judged, listed: VocabularyItem | None
) -> Occurrence:
    """Where the words stand in the English. Raises ``UnprovenError``."""
    if said.sentence(written.sentence) is None:
        raise UnprovenError("sentence")
    own = said.language == "en"
    spans = said.notes.counterparts(said.language, written.sentence - 1)
    sentences = [written.sentence - 1] if own else list(spans)
    for at in listed.occurrences if listed else ():
        if at.language == "en" and at.sentence in sentences:
            return at
    if len(written.head) > _LONGEST_HEAD or listed:
        raise UnprovenError("head")
    span = place_of_head(written.head, said.tokens(written.sentence)) if sentences else None
    if span is None:
        raise UnprovenError("head")
    return Occurrence(language="en", sentence=sentences[0], span=span)


def place_of_head(head: str, tokens: Sequence[Token]) -> Span | None:
    """Where the words of a head stand in a sentence, in order and in any form, with few words between."""
    words = [
        word
        for word in re.findall(r"[a-z]+(?:['’-][a-z]+)*", head.lower().replace("’", "'"))
        if word not in _SLOTS
    ]
    firm = [word for word in words[:-1] if word not in _OPTIONAL] + words[-1:]
    forms = [{token.text.lower().replace("’", "'"), token.lemma.lower()} for token in tokens]
    for start in range(len(tokens)):
        if not firm or not _matches(firm[0], forms, start):
            continue
        at, last = start, start
        for word in firm[1:]:
            reach = range(at + 1, min(len(tokens), at + 2 + _GAP))
            at = next((i for i in reach if _matches(word, forms, i)), -1)
            if at < 0:
                break
            last = at
        if at >= 0:
            return Span(start=tokens[start].start, end=tokens[last].end)
    return None


def _matches(word: str, forms: Sequence[set[str]], at: int) -> bool:
    """Whether a word of the head is that token, or begins with it as "there's" and hyphenated words do."""
    if word in forms[at]:
        return True
    parts = re.split(r"['-]", word)
    return len(parts) > 1 and parts[0] in forms[at]


def _is_translated(written: ItemAnswer, said: Judged) -> bool:
    """Whether the sense is in the Chinese sentence. Raises ``UnprovenError`` if the answer is wrong about it.

    An answer names the words of the translation, which must stand there and agree with the sense; a sense
    that it says is not there has to be near the words by the dictionary or by vectors.
    """
    chinese = _plain(said.text_of([written.sentence], "zh"))
    if not chinese:
        _require_sense(written.gloss, written, said)
        return True
    if any(_plain(sense) in chinese for sense in re.split("[；;，,、/]", written.gloss) if _plain(sense)):
        return True
    words = _plain(written.translation)
    if words:
        if words not in chinese:
            raise UnprovenError("translation")
        if set(_HAN.findall(words)) & set(_HAN.findall(written.gloss)) - _EMPTY:
            return True
    _require_sense(written.gloss, written, said)
    return bool(words)


def _plain(text: str) -> str:
    return re.sub(r"[\s…，。、！？；：“”‘’（）()~～—-]+", "", text)


def _require_sense(gloss: str, written: ItemAnswer | MisreadAnswer, said: Judged) -> None:
    if said.judges.may_mean(written.head, gloss):
        return
    english = said.text_of([written.sentence], "en")
    sense, head, sentence = said.judges.encode([gloss, written.head, english])
    if max(float(sense @ head), float(sense @ sentence)) < NEAR_SENSE:
        raise UnprovenError("sense")


def proven_misreading(written: MisreadAnswer, said: Judged) -> Misreading:
    """An expression with its literal and its true sense. Raises ``UnprovenError``."""
    at = _occurrence(written, said, None)
    for text in (written.literal, written.meant):
        if not _HAN.search(text) or not is_language(text, "zh"):
            raise UnprovenError("language")
        if len(text) > LONGEST_NOTE:
            raise UnprovenError("length")
        if ADDRESS.search(text):
            raise UnprovenError("name")
    if _plain(written.literal) == _plain(written.meant):
        raise UnprovenError("twice")
    chinese = _plain(said.text_of([written.sentence], "zh"))
    if not any(_plain(sense) in chinese for sense in re.split("[；;，,、/]", written.meant) if _plain(sense)):
        _require_sense(written.meant, written, said)
    return Misreading(head=written.head, literal=written.literal, meant=written.meant, occurrence=at)
