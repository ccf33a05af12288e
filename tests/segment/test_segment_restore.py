"""Capitals, stops and question marks for English that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.segment import segment
from studykit.segment.boundaries import Marks
from studykit.segment.unmarked.restore import restore
from studykit.types import Segment, Transcript

STATEMENTS = [
    "so what you really want is a boat that floats",
    "what surprised me is how little of it there was",
    "i asked him what it was",
    "if I'm honest I'd rather not",
    "that's right",
    "which is why we left",
    "the iPhone rang and i've no idea who it was",
    "when we got there it was closed",
]
QUESTIONS = [
    "do you see it",
    "okay so how long does it take",
    "but why would anybody do that",
    "what's that",
    "how many of you have a garden",
    "when somebody says that what do they mean",
    "it's cold isn't it",
    "you grew up there right",
    "is it the one on the left",
    "what about the others",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_ends_with_a_stop(text: str) -> None:
    assert restore(text).endswith(".")


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_known_by_its_form(text: str) -> None:
    assert restore(text).endswith("?")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("i think i'm late and i’ve no umbrella", "I think I'm late and I’ve no umbrella."),
        ("iPhone sales fell", "iPhone sales fell."),
        ("he bought it,", "He bought it."),
        ("it is over.", "It is over."),
        ("the letter i. e. comes later", "The letter i. e. comes later."),
        ("3.5 bits", "3.5 bits."),
        ("-", "-"),
    ],
)
def test_what_is_written(raw: str, text: str) -> None:
    assert restore(raw) == text


@given(st.text(max_size=80))
def test_letters_stay_in_order_and_a_second_time_changes_nothing(raw: str) -> None:
    text = restore(raw)
    assert re.sub(r"\W", "", text).casefold() == re.sub(r"\W", "", raw).casefold()
    assert restore(text) == text


class Told:
    """A model of few rules: "so" opens a sentence, "what" makes it a question, names are long words."""

    length_cost = 0.0
    name = "told"

    def scores(self, words: Sequence[str]) -> list[float]:
        return list(self.marks(words).scores)

    def marks(self, words: Sequence[str]) -> Marks:
        starts = [word == "so" for word in words]
        asked = [
            "what" in words[max(0, i - 4) : i] or -1.0 * (word == "it") - 9.0 * (word != "it")
            for i, word in enumerate(words)
        ]
        return Marks(
            scores=[2.0 * start - 1 for start in starts],
            commas=[word in ("so", "then") for word in words],
            questions=[float(value) for value in asked],
            forms=[word.capitalize() if len(word) > 8 else word for word in words],
        )


def read_by(text: str) -> list[tuple[str, str]]:
    transcript = Transcript(
        source_id="t", language="en", segments=(Segment(text=text),), engine="text", timing="none"
    )
    return [(sent.raw, sent.text) for sent in segment(transcript, boundaries=Told()).sentences]


def test_a_talk_without_marks_is_written_as_the_model_reads_it() -> None:
    assert [
        text
        for _, text in read_by(
            "so i went to massachusetts for a year and then came back so what is that town so do you know it "
            "so then"
        )
    ] == [
        "So, i went to Massachusetts for a year and then, came back.".replace("i went", "I went"),
        "So, what is that town?",
        "So, do you know it?",  # in doubt, and of the form of a question
        "So, then.",
    ]


class Cutting(Told):
    """Starts a sentence with a few words wherever they stand, not surely."""

    def scores(self, words: Sequence[str]) -> list[float]:
        return [1.5 if word in {"we", "it", "the"} else -9.0 for word in words]

    def marks(self, words: Sequence[str]) -> Marks:
        return replace(super().marks(words), scores=self.scores(words))


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        # what only leads up to the main clause is no sentence
        ("and if rows are few and short we write them to one file of plain text", []),
        ("to read rows of a file again it takes one call of a function and no more", []),
        # a main clause is there already, in front or behind
        ("rows are few and short and plain as well we write them to one file of text", ["well"]),
        ("if they are few they go to one file at once it takes a second or more", ["once"]),
        # only the first gap after it is meant
        ("when this is done the next step is a plain test we use a second file for that", ["test"]),
    ],
)
def test_a_clause_that_leads_up_to_another_is_no_sentence(text: str, ends: list[str]) -> None:
    transcript = Transcript(
        source_id="t", language="en", segments=(Segment(text=text),), engine="text", timing="none"
    )
    found = [sent.raw for sent in segment(transcript, boundaries=Cutting()).sentences]
    assert [raw.split()[-1] for raw in found[:-1]] == ends


def test_no_silence_makes_an_article_end_a_sentence() -> None:
    def heard(last: str) -> str:
        lines = [f"the keeper went up to {last}", "tower with nine floors and one lamp for the night"]
        segments = tuple(
            Segment(text=line, start_s=10.0 * i, end_s=10.0 * i + 3) for i, line in enumerate(lines)
        )
        transcript = Transcript(
            source_id="t", language="en", segments=segments, engine="vtt", timing="captions"
        )
        return segment(transcript).sentences[0].raw

    assert heard("sleep") == "the keeper went up to sleep"
    assert heard("the") != "the keeper went up to the"


def test_marks_and_capitals_that_were_read_stay() -> None:
    read = "so the iPhone, it was then; gone then so we went on for another couple of days i'm afraid"
    assert [text for _, text in read_by(read)] == [
        "So, the iPhone, it was then; gone then.",
        "So, we went on for another couple of days I'm afraid.",
    ]


@given(
    st.lists(
        st.sampled_from(["so", "what", "I", "a.(and", "then", "U.S.", "“it", "...", "-", "é"]), min_size=14
    )
)
def test_a_written_sentence_keeps_the_letters_that_were_read(words: list[str]) -> None:
    for raw, text in read_by(" ".join(words)):
        assert [char for char in text.lower() if char.isalnum()] == [c for c in raw.lower() if c.isalnum()]
