"""Doubtful windows are heard again in another way, and left out if that fails too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from studykit.glossary import load_glossary
from studykit.talk.read.heard import warnings_of
from studykit.transcribe import (
    SAMPLE_RATE,
    LeftOut,
    Recognised,
    RecognisedSegment,
    RecognisedWord,
    Samples,
    called_for,
)
from studykit.transcribe.doubt import compression_ratio, heard_twice
from studykit.transcribe.words import placed
from studykit.types import Transcript

SAMPLES = np.zeros(60 * SAMPLE_RATE, dtype=np.float32)
GOOD = "We fine-tune the model, and then we measure it."


def seg(
    text: str,
    start_s: float,
    end_s: float,
    *,
    logprob: float = -0.3,
    no_speech: float = 0.1,
    sure: float = 0.9,
) -> RecognisedSegment:
    pieces = text.split()
    step = (end_s - start_s) / len(pieces)
    words = tuple(
        RecognisedWord(f" {piece}", start_s + i * step, start_s + (i + 1) * step, sure)
        for i, piece in enumerate(pieces)
    )
    return RecognisedSegment(text, start_s, end_s, words, logprob, no_speech)


class Again:
    """Hears the given segments, and keeps which pieces it was given."""

    def __init__(self, *segments: RecognisedSegment) -> None:
        self.segments = segments
        self.pieces: list[tuple[float, float]] = []

    def __call__(self, samples: Samples, start_s: float) -> Recognised:
        self.pieces.append((start_s, start_s + len(samples) / SAMPLE_RATE))
        return Recognised("attention", self.segments)


def twice(
    first: Sequence[RecognisedSegment], again: Again, hot_words: str = ""
) -> tuple[list[str], list[LeftOut]]:
    found, left_out = heard_twice(
        Recognised("forced_alignment", tuple(first)), SAMPLES, again, hot_words, 100.0
    )
    return [part.text for part in found.segments], left_out


def test_what_is_sure_is_heard_once() -> None:
    again = Again()
    assert twice([seg(GOOD, 1.0, 5.0)], again) == ([GOOD], [])
    assert not again.pieces


@pytest.mark.parametrize(
    "bad",
    [
        seg("former, " * 40, 10.0, 30.0),
        seg("A.", 12.0, 13.0, logprob=-2.7),
        seg("you.", 12.0, 12.1, no_speech=0.8),
    ],
    ids=["loop", "improbable", "silence"],
)
def test_a_window_that_fails_is_heard_again_with_what_lies_around_it(bad: RecognisedSegment) -> None:
    again = Again(seg("It is the age of wisdom.", 0.5, 3.0))
    first = [seg(GOOD, 1.0, 5.0), bad, seg(GOOD, 31.0, 35.0)]
    found, left_out = heard_twice(Recognised("forced_alignment", tuple(first)), SAMPLES, again, "", 100.0)
    assert [part.text for part in found.segments] == [GOOD, "It is the age of wisdom.", GOOD]
    assert not left_out
    assert again.pieces == [(5.0, 31.0)]
    assert found.segments[1].start_s == 5.5
    assert found.segments[1].words[0].start_s == 5.5
    assert found.timing == "attention"


@pytest.mark.parametrize(
    "still",
    [
        (),
        (seg("you.", 0.0, 0.1, no_speech=0.9),),
        (seg("-former" * 60, 0.0, 20.0),),
        (seg("A.", 0.0, 1.0, logprob=-2.0),),
    ],
    ids=["nothing", "silence", "loop", "improbable"],
)
def test_what_fails_twice_is_left_out_and_told(still: tuple[RecognisedSegment, ...]) -> None:
    texts, left_out = twice([seg("RLHF,", 7.0, 8.0, logprob=-1.9)], Again(*still))
    assert texts == []
    assert left_out == [LeftOut(107.0, 108.0, "RLHF,")]


def test_what_was_passed_over_is_heard_again_in_its_place() -> None:
    again = Again(seg("It was the age of wisdom.", 0.5, 3.0))
    first = (seg(GOOD, 1.0, 5.0), seg(GOOD, 31.0, 35.0))
    found = Recognised("forced_alignment", first, passed_over=((10.0, 20.0),))
    heard, left_out = heard_twice(found, SAMPLES, again, "", 100.0)
    assert [(part.text, part.start_s) for part in heard.segments] == [
        (GOOD, 1.0),
        ("It was the age of wisdom.", 10.5),
        (GOOD, 31.0),
    ]
    assert (again.pieces, left_out, heard.timing) == ([(10.0, 20.0)], [], "attention")


@pytest.mark.parametrize("still", [(), (seg("Thank you.", 0.0, 1.0),), (seg("-former" * 60, 0.0, 9.0),)])
def test_what_was_passed_over_in_vain_is_told(still: tuple[RecognisedSegment, ...]) -> None:
    found = Recognised("attention", (seg(GOOD, 1.0, 5.0),), passed_over=((10.0, 20.0),))
    heard, left_out = heard_twice(found, SAMPLES, Again(*still), "", 100.0)
    assert [part.text for part in heard.segments] == [GOOD]
    assert left_out == [LeftOut(110.0, 120.0, "")]
    transcript = Transcript(
        source_id="id", language="en", segments=(), engine="fake", timing="attention", options=()
    )
    assert warnings_of(transcript, left_out) == (
        "somebody seems to speak at 01:50-02:00, but nothing could be made out",
    )


def test_a_weak_part_of_what_is_sure_stays() -> None:
    again = Again(seg(GOOD, 0.0, 4.0), seg("In short,", 4.0, 5.0, logprob=-1.01))
    assert twice([seg("former, " * 40, 1.0, 9.0)], again) == ([GOOD, "In short,"], [])


def test_a_hot_word_is_verified_without_hot_words() -> None:
    hot, plain = "We train with LoRA today.", "We train with Laura today."
    words = "LoRA, RLHF"
    sure = twice([seg(hot, 1.0, 3.0)], Again(seg(plain, 0.0, 2.0)), words)
    assert sure == ([hot], [])
    unsure = seg(hot, 1.0, 3.0, sure=0.3)
    assert twice([unsure], Again(seg(plain, 0.0, 2.0, logprob=-0.6)), words)[0] == [hot]
    assert twice([unsure], Again(seg(plain, 0.0, 2.0, logprob=-0.25)), words)[0] == [plain]
    other = Again()
    assert twice([seg("We explore a lot.", 1.0, 3.0, sure=0.3)], other, words)[0] == ["We explore a lot."]
    assert not other.pieces


def test_a_talk_calls_for_hot_words_by_its_terms() -> None:
    glossary = load_glossary()
    assert called_for(glossary, "en", "We fine-tune with LoRA, and RLHF comes later; the KV cache grows.")
    assert not called_for(
        glossary, "en", "It was the best of times, it was the worst of times, in the spring of hope."
    )
    assert not called_for(glossary, "en", "")


NOISY = "it was the epoch of the leaf it was the epoch"


def test_several_unsure_words_are_kept_and_marked() -> None:
    again = Again(seg(NOISY, 0.5, 8.0, logprob=-1.2))
    found, left_out = heard_twice(
        Recognised("attention", (seg(GOOD, 1.0, 5.0), seg("it is the leaf", 9.0, 15.0, logprob=-1.4))),
        SAMPLES,
        again,
        "",
        0.0,
    )
    assert [(part.text, part.doubtful) for part in found.segments] == [(GOOD, False), (NOISY, True)]
    assert not left_out


@pytest.mark.parametrize(
    "still",
    [seg("A big one.", 0.0, 1.0, logprob=-1.2), seg(NOISY, 0.0, 8.0, logprob=-1.8)],
    ids=["few words", "a guess"],
)
def test_few_unsure_words_and_guesses_are_left_out(still: RecognisedSegment) -> None:
    texts, left_out = twice([seg("RLHF and so on it goes", 7.0, 8.0, logprob=-1.9)], Again(still))
    assert (texts, len(left_out)) == ([], 1)


def test_a_window_that_does_not_fail_but_is_far_from_sure_is_marked_and_heard_once() -> None:
    again = Again()
    found, _ = heard_twice(
        Recognised("attention", (seg(GOOD, 1.0, 5.0, logprob=-0.8), seg(GOOD, 6.0, 9.0, logprob=-0.5))),
        SAMPLES,
        again,
        "",
        0.0,
    )
    assert [part.doubtful for part in found.segments] == [True, False]
    assert not again.pieces


def test_what_the_recogniser_says_of_itself_is_kept_with_each_sentence() -> None:
    window = seg("We tune it. Then we measure it.", 0.0, 6.0, logprob=-0.71234, no_speech=0.25)
    sentences = placed(window._replace(doubtful=True), 100.0)
    assert [part.text for part in sentences] == ["We tune it.", "Then we measure it."]
    for part in sentences:
        assert part.doubtful
        assert part.hearing
        assert (part.hearing.mean_logprob, part.hearing.no_speech) == (-0.712, 0.25)
        assert part.hearing.compression_ratio == pytest.approx(compression_ratio(window.text), abs=0.01)
        assert all(word.score == 0.9 for word in part.words)
    assert compression_ratio("former, " * 40) > 2.4
    assert compression_ratio(GOOD) < 1.5
