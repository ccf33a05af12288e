"""What was said, as requests show it and as the proof asks for it. Numbers count from 1, as in requests.

Sentences that were hardly heard do not exist here, nor do those that speak to a language model: they are not
sent, and carry nothing. A model that finds other words for orders can still write only what the talk says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from studykit.assist.judges import Judges
from studykit.languages import join_sentences
from studykit.types import Notes, Sentence, Span, Token, VocabularyItem
from studykit.types.kinds import ITEM_KINDS

__all__ = ["Judged", "Said"]


_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?]{0,40}\b(?:instructions?|prompts?|rules|guidelines)\b"
    r"|\b(?:system|developer) (?:prompt|message)\b[^.!?]{0,20}:"
    r"|\byou are now\b[^.!?]{0,40}\b(?:assistant|model|AI)\b"
    r"|\bnew instructions?\b[^.!?]{0,20}:|</?(?:system|user|assistant)>|\[/?INST\]|<\|[a-z_]{1,20}\|>"
    r"|(?:忽略|无视|忘记|不要理会)[^。！？]{0,20}(?:指令|指示|提示词|规则)|系统提示词?[:：]"
    r"|你现在是[^。！？]{0,20}(?:助手|模型)",
    re.IGNORECASE,
)
"""Words that are addressed to a language model, in the forms that are usual."""


class Said:
    """A talk's own text, with what is aligned to it."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.language = notes.source.language
        self.other = "en" if self.language == "zh" else "zh"
        self._sentences = notes.sentences(self.language)
        self._hidden = frozenset(
            sent.index for sent in self._sentences if sent.doubtful or _ORDERS.search(sent.raw)
        )

    @property
    def title(self) -> str:
        """What pages call the talk; empty if that speaks to a language model."""
        title = self.notes.source.shown_title
        return "" if _ORDERS.search(title) else title

    def sentence(self, number: int) -> Sentence | None:
        """The sentence of that number; None if there is none, or if it was hardly heard."""
        if not 1 <= number <= len(self._sentences):
            return None
        return self._sentences[number - 1] if number - 1 not in self._hidden else None

    def sentences_of(self, paragraphs: Iterable[int]) -> list[int]:
        """The numbers of the sentences of paragraphs that exist."""
        return [
            i + 1
            for number in paragraphs
            if 1 <= number <= len(self.notes.paragraphs)
            for i in self.notes.paragraphs[number - 1].span(self.language)
            if i not in self._hidden
        ]

    def text_of(self, numbers: Iterable[int], language: str | None = None) -> str:
        """What sentences say, with their words as read, or in the other language what is aligned to them."""
        if language is None or language == self.language:
            found = (self.sentence(number) for number in numbers)
            return join_sentences((sent.raw for sent in found if sent), self.language)
        texts = self.notes.sentences(self.other)
        spans = (self.notes.counterparts(self.language, number - 1) for number in numbers)
        indices = sorted({i for span in spans for i in span})
        shown = (texts[i].text for i in indices if not _ORDERS.search(texts[i].text))
        return join_sentences(shown, self.other)

    def paragraph_of(self, number: int) -> int:
        """The number of the paragraph of a sentence."""
        return self.notes.paragraph_of(self.language, number - 1) + 1

    def part_of(self, number: int) -> int:
        """The number of the part of a sentence."""
        return self.part_of_paragraph(self.paragraph_of(number))

    @cached_property
    def items(self) -> Mapping[int, Sequence[VocabularyItem]]:
        """The study items that are words, by the number of the sentence in which each is first said."""
        found: dict[int, list[VocabularyItem]] = {}
        for item in self.notes.vocabulary:
            if ITEM_KINDS[item.kind].is_wording and (number := self._first_said(item)):
                found.setdefault(number, []).append(item)
        return found

    def items_in(self, number: int) -> list[VocabularyItem]:
        """The study items that are said in the sentence of that number."""
        own = self.language == "en"
        english = [number - 1] if own else list(self.notes.counterparts(self.language, number - 1))
        return [
            item
            for item in self.notes.vocabulary
            if any(at.language == "en" and at.sentence in english for at in item.occurrences)
        ]

    def _first_said(self, item: VocabularyItem) -> int:
        """The number of the sentence in which an item is first said, or translated; 0 if in none."""
        english = [at.sentence for at in item.occurrences if at.language == "en"]
        if self.language == "en":
            return min(english, default=-1) + 1
        spans = (self.notes.counterparts("en", sentence) for sentence in english)
        return min((span.start for span in spans if len(span)), default=-1) + 1

    @cached_property
    def _parts(self) -> list[int]:
        """For each paragraph the number of its part."""
        of_paragraph = [1] * len(self.notes.paragraphs)
        for part in self.notes.parts:
            for i in part.paragraphs:
                of_paragraph[i] = part.index + 1
        return of_paragraph

    def part_of_paragraph(self, number: int) -> int:
        """The number of the part of a paragraph; 1 in a talk without parts."""
        return self._parts[number - 1]

    def paragraphs_of_part(self, part: int) -> Span:
        """Indices of the paragraphs of a part by its number."""
        return next(
            (one.paragraphs for one in self.notes.parts if one.index == part - 1),
            Span(start=0, end=len(self.notes.paragraphs)),
        )


_TOGETHER = 32
"""Sentences that are tagged at once: a few neighbours cost less than another call."""


class Judged(Said):
    """What was said, with everything that the proof asks of others."""

    def __init__(self, notes: Notes, judges: Judges) -> None:
        super().__init__(notes)
        self.judges = judges
        self._tagged: dict[int, tuple[Token, ...]] = {}

    @cached_property
    def everything(self) -> str:
        """All that is said."""
        return self.text_of(range(1, len(self._sentences) + 1))

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """One row for each sentence."""
        return self.judges.encode([sent.text for sent in self._sentences])

    def tokens(self, number: int) -> tuple[Token, ...]:
        """The tagged words of an English sentence, its text as shown; none in other languages."""
        if self.language == "en":
            texts: Sequence[str] = [sent.text for sent in self._sentences]
            at = number - 1
        else:
            english = self.notes.counterparts(self.language, number - 1)
            texts, at = [sent.text for sent in self.notes.english], english.start
            if not len(english):
                return ()
        if at not in self._tagged:
            first = at - at % _TOGETHER
            found = self.judges.tag(texts[first : first + _TOGETHER])
            self._tagged.update(enumerate(found, first))
        return self._tagged[at]
