"""Turns are guessed at the ends of paragraphs, where nothing says who speaks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from studykit.segment.turns import with_guessed_turns
from studykit.segment.word_rules import WordRules
from studykit.types import Document, Paragraph, Sentence, Span

TALK = [
    *("Welcome to the show.", "What is a lock?"),
    *("A lock keeps others out.", "It costs time."),
    *("And what is a barrier?",),
    *("Yeah.", "Threads wait at it."),
    *("Does that cost time?",),
    *("It does, and a lot.",),
]
STARTS = [0, 2, 4, 5, 7, 8]


class Asks(WordRules):
    """Takes what follows a question for a new speaker, and the question too."""

    def turns(self, sentences: Sequence[str]) -> list[float]:
        asks = [text.endswith("?") for text in sentences]
        return [9.0 * (here or before) for here, before in zip(asks, [False, *asks[:-1]], strict=True)]


def talk(texts: Sequence[str] = TALK, language: str = "en", speaker: str | None = None) -> Document:
    sentences = tuple(Sentence(index=i, text=t, raw=t, speaker=speaker) for i, t in enumerate(texts))
    ends = [*STARTS[1:], len(texts)]
    paragraphs = tuple(
        Paragraph(index=i, sentences=Span(start=a, end=b))
        for i, (a, b) in enumerate(zip(STARTS, ends, strict=True))
    )
    return Document(id="talk", language=language, sentences=sentences, paragraphs=paragraphs)


def guessed(doc: Document) -> list[int]:
    return [para.index for para in doc.paragraphs if para.guessed_turn]


def test_where_question_and_answer_meet_another_speaker_seems_to_begin() -> None:
    assert guessed(with_guessed_turns(talk(), Asks())) == [1, 2, 3, 4, 5]


def test_a_bare_word_counts_only_after_a_question() -> None:
    texts = list(TALK)
    texts[4] = "And then there is the barrier."

    class Always(Asks):
        def turns(self, sentences: Sequence[str]) -> list[float]:
            return [9.0] * len(sentences)

    assert guessed(with_guessed_turns(talk(texts), Always())) == [1, 2, 4, 5]


@pytest.mark.parametrize("doc", [talk(speaker="Ann"), talk(language="zh")])
def test_nothing_is_guessed_where_speakers_are_known_or_the_talk_is_chinese(doc: Document) -> None:
    assert with_guessed_turns(doc, Asks()) is doc


def test_a_model_that_knows_no_turns_guesses_none() -> None:
    assert with_guessed_turns(talk(), WordRules()) == talk()


def test_a_monologue_has_none() -> None:
    texts = [text.replace("?", ".") for text in TALK]
    texts[7] = "Does that cost time?"  # one question, two places
    assert guessed(with_guessed_turns(talk(texts), Asks())) == []
    long = talk([*TALK[:-1], "word " * 6000])
    assert guessed(with_guessed_turns(long, Asks())) == []


def test_a_longer_talk_needs_more() -> None:
    doc = talk()
    last = replace(doc.sentences[-1], text="word " * 4000)
    doc = replace(doc, sentences=(*doc.sentences[:-1], last))
    assert len(guessed(with_guessed_turns(doc, Asks()))) == 5
