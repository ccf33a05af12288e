"""Asks the English of the same paragraph what a damaged Chinese character was.

The repair (``formats.repair``) sees Chinese alone and leaves several candidates at places where words fit
around either. Here each is put into its sentence, and counts as much as it was likely before, times what
the English says to it: a glossary term or a number that both then have, as many denials on both sides,
and how near the sentence is to the paragraph's English in meaning. What turns a statement round stays
doubtful, whatever the English says; so does everything near it while the denials of the two differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import exp, log

from msgspec import Struct
from msgspec.structs import replace

from studykit.align import Encoder
from studykit.check.agreement import agreement
from studykit.formats import Restored
from studykit.glossary import Glossary, Matcher
from studykit.ingest import ImportedTalk
from studykit.languages import join_pieces
from studykit.lexicon.glossed import is_glossed
from studykit.types import DOUBTFUL

__all__ = ["Asker", "ask_english"]

_MEANING = 25.0
"""What one of cosine is worth, in log odds; 0, 12, 25 and 40 were tried."""
_TERM, _NUMBER, _DENIAL = 3.0, 2.0, 1.0
_GLOSS = 1.0
"""Where the English has a word that the dictionary gives for the Chinese word at that place."""
_ASKED_BELOW = 0.98
_IN_DOUBT = 0.69
_ENDS = re.compile(r"[。！？；\n]")


def ask_english(talk: ImportedTalk, encoder: Encoder, glossary: Glossary) -> ImportedTalk:
    """The talk with its restored characters as its English has them; the same where nothing was restored."""
    if not talk.restored:
        return talk
    asker = Asker(encoder, glossary)
    by_offset = {char.at: char for char in talk.restored}
    parts = []
    for part in talk.notes.parts:
        paragraphs = []
        for para in part.paragraphs:
            english = join_pieces([seg.text for seg in para.english], "en")
            places = {
                at: by_offset[offset] for at, offset in enumerate(para.chinese_offsets) if offset in by_offset
            }
            chinese, answered = asker.ask(english, para.chinese, places)
            by_offset |= {char.at: char for char in answered.values()}
            paragraphs.append(replace(para, chinese=chinese))
        parts.append(replace(part, paragraphs=tuple(paragraphs)))
    return replace(
        talk,
        notes=replace(talk.notes, parts=tuple(parts)),
        restored=tuple(by_offset[char.at] for char in talk.restored),
    )


class _Sentence(Struct, frozen=True):
    start: int
    end: int


class Asker:
    """Chooses among the candidates of a paragraph's places by its English."""

    def __init__(self, encoder: Encoder, glossary: Glossary) -> None:
        self._encoder = encoder
        self._english = Matcher(glossary, "en")
        self._chinese = Matcher(glossary, "zh")

    def ask(self, english: str, chinese: str, places: dict[int, Restored]) -> tuple[str, dict[int, Restored]]:
        """The paragraph's Chinese, and its restored characters by where they stand in it."""
        open_places = {at: c for at, c in places.items() if c.others and c.confidence < _ASKED_BELOW}
        if not english.strip() or not open_places:
            return chinese, places
        said = {match.entry_id for match in self._english.find(english)}
        sources = [text for text in re.split(r"(?<=[.?!])\s+", english) if text] + [english]
        answered = dict(places)
        for at, char in sorted(open_places.items()):
            sentence = _sentence_at(chinese, at)
            chances = ((char.char, _first(char)), *char.others)
            texts = [chinese[:at] + other + chinese[at + 1 :] for other, _ in chances]
            around = [text[sentence.start : sentence.end] for text in texts]
            nearness, nearest = self._nearness(sources, around)
            scores = [
                log(max(chance, 1e-6))
                + near
                + self._evidence(english, text, part, said)
                + _GLOSS * is_glossed(text, at, nearest)
                for (_, chance), near, text, part in zip(chances, nearness, texts, around, strict=True)
            ]
            best = max(range(len(scores)), key=scores.__getitem__)
            # Two witnesses who disagree are no certainty; nor is one who only nods.
            sure = min(char.confidence, 1 / sum(exp(score - scores[best]) for score in scores))
            if char.turns or best:
                sure = min(sure, _IN_DOUBT)
            answered[at] = replace(char, char=chances[best][0], confidence=round(sure, 4))
            chinese = texts[best]
        return chinese, dict(_held(english, chinese, answered))

    def _nearness(self, sources: Sequence[str], variants: Sequence[str]) -> tuple[list[float], str]:
        """What the meaning of each variant is worth, and the English that the first is nearest to."""
        vectors = self._encoder.encode([*sources, *variants])
        similar = vectors[len(sources) :] @ vectors[: len(sources)].T
        return [_MEANING * float(value) for value in similar.max(axis=1)], sources[int(similar[0].argmax())]

    def _evidence(self, english: str, chinese: str, sentence: str, said: set[str]) -> float:
        terms = sum(match.entry_id in said for match in self._chinese.find(sentence))
        shared, apart = agreement(english, chinese)
        return _TERM * terms + _NUMBER * shared - _DENIAL * apart


def _first(char: Restored) -> float:
    """How likely the first choice was; what is shown may have been lowered."""
    return max(char.confidence, 1 - sum(chance for _, chance in char.others))


def _sentence_at(text: str, at: int) -> _Sentence:
    start = max((match.end() for match in _ENDS.finditer(text, 0, at)), default=0)
    end = _ENDS.search(text, at + 1)
    return _Sentence(start, end.end() if end else len(text))


def _held(english: str, chinese: str, answered: dict[int, Restored]) -> Iterator[tuple[int, Restored]]:
    """The answers; while the two deny differently, none that turns a statement is believed."""
    _, apart = agreement(english, chinese)
    for at, char in answered.items():
        doubted = char.turns and apart and char.confidence >= DOUBTFUL
        yield at, replace(char, confidence=_IN_DOUBT) if doubted else char
