"""The paragraph network: what it sees, what it says, and how weights are stored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studykit import engines
from studykit.engines.boundaries.paragraphs import (
    FIRST,
    LAST,
    SCALARS,
    TABLE,
    SentenceFeatures,
    paragraph_scores,
    weights_path,
)
from studykit.engines.boundaries.weights import packed, unpacked
from studykit.segment import segment
from studykit.segment.boundaries import ParagraphModel
from studykit.types import Segment, Transcript

INTERVIEW = [
    "So welcome to the show, it's great to have you here.",
    "We've been looking forward to this for a long time.",
    "Thank you, it's great to be here.",
    "I grew up on a farm, and we had one computer in the whole village.",
    "It stood in the library, and I was there every day after school.",
    "That's how I learned to program, really.",
    "Wow.",
    "So what happened next, did you go to university?",
    "Yeah, I studied physics for two years, and then I dropped out.",
    "I wanted to build things, and the lab was too slow for me.",
]


def test_what_is_seen_of_sentences() -> None:
    seen = SentenceFeatures.of(["Is it?", "The boat leaves at noon today.", "…", "The boat."])
    assert seen.starts.tolist() == [0, 2, 8, 9]
    assert len(seen.words) == 11
    assert seen.edges.shape == (4, FIRST + LAST, 2)
    assert (seen.edges[0, 0] == seen.words[0]).all()
    assert (seen.edges[0, FIRST] == seen.words[1]).all()  # the last word
    assert (seen.edges[0, 2] == TABLE).all()  # there is no third
    assert seen.scalars.shape == (4, SCALARS)
    assert seen.scalars[:, 1].tolist() == [1, 0, 0, 0]
    assert seen.scalars[:, 2].tolist() == [0, 1, 0, 0]  # after a question


def test_sentences_with_the_same_rare_words_hang_together() -> None:
    boats = ["The boat leaves the harbour.", "A harbour needs a boat.", "The boat is in the harbour."]
    bread = ["An oven bakes the bread.", "Bread is best from the oven.", "The oven and the bread are hot."]
    cohesion = SentenceFeatures.of([*boats, *bread]).scalars[:, 4]
    assert cohesion[3] == min(cohesion[1:])


def test_an_answer_begins_a_paragraph_sooner_than_a_sentence_that_goes_on() -> None:
    scores = paragraph_scores(INTERVIEW)
    answer, goes_on = INTERVIEW.index("Thank you, it's great to be here."), 4
    assert scores[answer] > scores[goes_on] + 0.5


def test_the_default_model_says_where_paragraphs_of_a_document_begin() -> None:
    model = engines.boundary_model()
    assert isinstance(model, ParagraphModel)
    transcript = Transcript(
        source_id="t",
        language="en",
        segments=(Segment(text=" ".join(INTERVIEW)),),
        engine="text",
        timing="none",
    )
    starts = {para.sentences.start for para in segment(transcript, boundaries=model).paragraphs}
    assert 2 in starts
    assert 4 not in starts


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_every_sentence_gets_a_score(sentences: list[str]) -> None:
    scores = paragraph_scores(sentences)
    assert len(scores) == len(sentences)
    assert np.isfinite(scores).all()


def test_the_weights_are_small_and_hold_no_objects() -> None:
    assert weights_path().stat().st_size < 1_500_000
    with np.load(weights_path(), allow_pickle=False) as stored:
        assert all(stored[key].dtype.kind in "fiu" for key in stored)


@given(arrays(np.float32, (3, 5), elements=st.floats(-100, 100, width=32)))
def test_packed_weights_come_back_rounded(values: np.ndarray) -> None:
    bias = values[0]
    back = unpacked(packed({"m": values, "bias": bias}))
    assert back.keys() == {"m", "bias"}
    assert (back["bias"] == bias).all()
    largest = np.abs(values).max(axis=1, keepdims=True)
    assert (np.abs(back["m"] - values) <= largest / 127 * 0.51 + 1e-6).all()


@pytest.mark.parametrize("sentence", ["", "…", "?"])
def test_a_sentence_without_words(sentence: str) -> None:
    assert len(SentenceFeatures.of([sentence]).words) == 1
