"""Edited English: what goes and what stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.edit import edit, edited
from studykit.engines.opencc import simplified
from tests.talk.small import document


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("So, um, let's begin.", "So, let's begin."),
        ("Um, so the the model reads it.", "So the model reads it."),
        ("I think I think it works.", "I think it works."),
        ("which is, um, which is kind of small.", "which is kind of small."),
        ("isn't that isn't that in the way", "isn't that in the way"),
        ("And, you know, it works.", "And it works."),
        ("It costs, like, a fortune.", "It costs a fortune."),
        ("the mod- model w- we have", "the model we have"),
        ("Is that right, uh?", "Is that right?"),
        (
            "It prod produced a lot of significant ific anly more text.",
            "It produced a lot of significant more text.",
        ),
        ("so impl implementing it", "so implementing it"),
        ("our training examp example here", "our training example here"),
        ("I, I, I mean the, the first one.", "I mean the first one."),
    ],
)
def test_what_was_said_to_win_time_goes(said: str, read: str) -> None:
    assert edited(said) == read


@pytest.mark.parametrize(
    "said",
    [
        "It is very very hard.",
        "When you run it, it stops.",
        "No, no, no, that is wrong.",
        "I know that that works.",
        "He had had enough.",
        "Again and again and again it fails.",
        "The code is 1 2 1 2.",
        "New York New York is a song.",
        "You know what I like about it.",
        "Uh huh.",
        "Um.",
        "Do it. Do it again.",
        "We want we need more.",
        "The data database is a sub subset of cat categories.",
        "Run npm and numpy, then sci scikit-learn.",
        "Look at the hmm key on the ER sign.",
    ],
)
def test_what_may_be_meant_stays(said: str) -> None:
    assert edited(said) in {said, said.replace("hmm ", "")}


@given(
    st.lists(
        st.sampled_from("um I the think very no that, is. uh, you know and 7 w- what".split()), max_size=14
    )
)
def test_editing_only_leaves_words_out_and_ends(words: list[str]) -> None:
    said = " ".join(words)
    read = edited(said)
    rest = iter(said.lower().replace(",", "").replace(".", "").split())
    assert all(word in rest for word in read.lower().replace(",", "").replace(".", "").split())
    assert bool(read.split()) == bool(words)
    assert edited(read) == read


def test_chinese_is_simplified_and_spaced_and_what_was_read_stays() -> None:
    doc = document("zh", ("這個model有3個層。", "简体的，不变。"))
    made = edit(doc, simplified=simplified)
    assert [sent.text for sent in made.sentences] == ["这个 model 有 3 个层。", "简体的，不变。"]
    assert [sent.raw for sent in made.sentences] == [sent.raw for sent in doc.sentences]
    assert made.id != doc.id


def test_marked_english_with_hardly_a_slip_was_edited_by_somebody() -> None:
    clean = ["The lamp turns, and the lens gathers its light into a beam."] * 40
    slip = "It describes the data. You have you have a lamp."
    doc = document("en", (*clean, slip))
    assert edit(doc, simplified=simplified) == doc
    spoken = document("en", ("Um, the lamp turns, and the the lens gathers its light.", *clean[:9], slip))
    assert "You have a lamp." in edit(spoken, simplified=simplified).sentences[-1].text


def test_english_without_marks_is_edited_however_few_its_slips() -> None:
    doc = document("en", (*["the lamp turns and the lens gathers its light into a beam"] * 40, "the the end"))
    assert edit(doc, simplified=simplified).sentences[-1].text == "the end"
