from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.transcribe import RecognisedSegment, RecognisedWord
from studykit.transcribe.words import placed
from studykit.types import Word

TIMES = st.none() | st.floats(-5, 40, allow_nan=False)
WORDS = st.lists(
    st.builds(
        RecognisedWord,
        st.text("ab .1", min_size=1, max_size=6).filter(str.strip),
        TIMES,
        TIMES,
        st.none() | st.floats(-0.5, 1.5),
    ),
    max_size=12,
)


def words_of(recognised: RecognisedSegment, offset_s: float = 0.0, not_before_s: float = 0.0) -> list[Word]:
    return [word for seg in placed(recognised, offset_s, not_before_s) for word in seg.words]


@given(WORDS, st.floats(0, 100), st.floats(0, 130))
def test_words_are_in_order_inside_their_segment_and_none_is_without_times(
    words: list[RecognisedWord], offset_s: float, not_before_s: float
) -> None:
    text = " ".join(word.text for word in words)
    segments = placed(RecognisedSegment(text, 1.0, 30.0, tuple(words)), offset_s, not_before_s)
    assert " ".join(seg.text for seg in segments) == " ".join(text.split())
    clock = [time for seg in segments for word in seg.words for time in (word.start_s, word.end_s)]
    assert None not in clock
    assert clock == sorted(clock)  # type: ignore[type-var]
    for seg in segments:
        assert "".join(word.text.replace(" ", "") for word in seg.words) == seg.text.replace(" ", "")
        assert (seg.words[0].start_s, seg.words[-1].end_s) == (seg.start_s, seg.end_s)
        assert seg.start_s is not None
        assert seg.start_s >= round(max(not_before_s, 0.0), 3)


@given(st.lists(st.floats(0, 30), min_size=2, max_size=24).map(sorted))
def test_words_that_are_right_stay_as_they_are(times: list[float]) -> None:
    pairs = [pair for i, pair in enumerate(pairwise(times)) if i % 2 == 0]
    words = [RecognisedWord("word", start, end, 0.5) for start, end in pairs]
    recognised = RecognisedSegment(" ".join("word" for _ in words), 0.0, 30.0, tuple(words))
    assert words_of(recognised) == [
        Word(text="word", start_s=round(start, 3), end_s=round(end, 3), score=0.5) for start, end in pairs
    ]


def test_a_number_that_could_not_be_placed_lies_between_its_neighbours_without_a_score() -> None:
    words = (
        RecognisedWord("in", 1.0, 1.2, 0.9),
        RecognisedWord("2017"),
        RecognisedWord("they", 2.0, 2.3, 0.8),
    )
    assert words_of(RecognisedSegment("in 2017 they", 1.0, 2.3, words), 10.0) == [
        Word(text="in", start_s=11.0, end_s=11.2, score=0.9),
        Word(text="2017", start_s=11.2, end_s=12.0),
        Word(text="they", start_s=12.0, end_s=12.3, score=0.8),
    ]


def test_words_without_a_gap_share_the_time_of_the_one_before() -> None:
    words = (
        RecognisedWord("costs", 0.0, 1.0, 0.9),
        RecognisedWord("$5"),
        RecognisedWord("now", 1.0, 1.5, 0.9),
    )
    placed_words = words_of(RecognisedSegment("costs $5 now", 0.0, 1.5, words))
    assert [(word.start_s, word.end_s) for word in placed_words] == [(0.0, 0.714), (0.714, 1.0), (1.0, 1.5)]


def test_one_word_far_off_does_not_move_the_others() -> None:
    words = [RecognisedWord(f"w{i}", i, i + 0.5, 0.9) for i in range(6)]
    words[2] = RecognisedWord("w2", 25.0, 25.5, 0.4)
    found = words_of(RecognisedSegment("w0 w1 w2 w3 w4 w5", 0.0, 30.0, tuple(words)))
    assert [word.start_s for word in found] == [0.0, 1.0, 1.5, 3.0, 4.0, 5.0]
    assert [word.score for word in found] == [0.9, 0.9, None, 0.9, 0.9, 0.9]


def test_a_window_is_cut_after_its_sentences() -> None:
    texts = "It works. Does it? Yes".split()
    words = tuple(RecognisedWord(text, i, i + 0.5, 0.9) for i, text in enumerate(texts))
    segments = placed(RecognisedSegment(" It works. Does it? Yes ", 0.0, 10.0, words), 0.0)
    assert [(seg.text, seg.start_s, seg.end_s) for seg in segments] == [
        ("It works.", 0.0, 1.5),
        ("Does it?", 2.0, 3.5),
        ("Yes", 4.0, 4.5),
    ]


@pytest.mark.parametrize("words", [(), (RecognisedWord("other", 0.0, 1.0, 0.9),)])
def test_words_that_do_not_spell_the_text_are_left_out(words: tuple[RecognisedWord, ...]) -> None:
    (seg,) = placed(RecognisedSegment("some text", 1.0, 2.0, words), 0.0)
    assert (seg.text, seg.start_s, seg.end_s, seg.words) == ("some text", 1.0, 2.0, ())
    assert placed(RecognisedSegment("  ", 1.0, 2.0, words), 0.0) == []
