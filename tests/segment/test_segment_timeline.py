"""Times, turns and slack of sentences."""

from __future__ import annotations

import pytest

from studykit.segment import segment
from studykit.types import Segment, Sentence, Transcript, Word


def heard(*segments: Segment, language: str = "en") -> tuple[Sentence, ...]:
    transcript = Transcript(
        source_id="t", language=language, segments=segments, engine="test", timing="captions"
    )
    return segment(transcript).sentences


def test_inside_a_caption_time_runs_evenly_over_its_characters() -> None:
    first, second = heard(
        Segment(text="It rains. The river", start_s=10.0, end_s=14.0),
        Segment(text="rises now.", start_s=14.0, end_s=16.0),
    )
    assert (first.start_s, second.end_s) == (10.0, 16.0)
    assert first.end_s == pytest.approx(10.0 + 4.0 * 9 / 19)
    assert second.start_s == pytest.approx(10.0 + 4.0 * 10 / 19)


def test_word_times_are_used_where_there_are_any() -> None:
    words = (
        Word(text="It", start_s=1.0, end_s=1.2),
        Word(text="rains", start_s=1.3, end_s=1.9),
        Word(text="We", start_s=4.0, end_s=4.1),
        Word(text="wait"),
        Word(text="inside", start_s=5.1, end_s=5.6),
    )
    first, second = heard(Segment(text="It rains. We wait inside.", start_s=0.0, end_s=9.0, words=words))
    assert (first.start_s, first.end_s) == (1.0, 1.9)
    assert (second.start_s, second.end_s) == (4.0, 5.6)


def test_a_word_that_was_not_placed_shares_the_time_of_its_neighbours() -> None:
    words = (
        Word(text="It", start_s=1.0, end_s=1.2),
        Word(text="rains"),
        Word(text="We", start_s=4.0, end_s=4.1),
    )
    first, second = heard(Segment(text="It rains. We wait.", start_s=0.0, end_s=9.0, words=words))
    assert first.end_s is not None
    assert 1.2 < first.end_s < 4.0
    assert second.start_s == 4.0


def test_words_in_chinese_text_stand_without_spaces() -> None:
    words = tuple(Word(text=char, start_s=float(i), end_s=i + 0.5) for i, char in enumerate("下雨了我们等"))
    first, second = heard(
        Segment(text="下雨了。我们等。", start_s=0.0, end_s=6.0, words=words), language="zh"
    )
    assert (first.end_s, second.start_s) == (2.5, 3.0)


def test_rolling_captions_end_where_the_next_begin() -> None:
    first, second = heard(
        Segment(text="It rains.", start_s=0.0, end_s=5.0), Segment(text="We wait.", start_s=2.0, end_s=6.0)
    )
    assert (first.end_s, second.start_s) == (2.0, 2.0)


def test_captions_without_an_end_last_until_the_next() -> None:
    first, second = heard(Segment(text="It rains.", start_s=0.0), Segment(text="We wait.", start_s=2.0))
    assert first.end_s == 2.0
    assert second.end_s is not None
    assert 2.0 < second.end_s < 4.0


def test_text_without_times_has_none() -> None:
    assert {(sent.start_s, sent.end_s) for sent in heard(Segment(text="It rains. We wait."))} == {
        (None, None)
    }


def test_slack_is_the_largest_of_the_sentence_s_segments() -> None:
    first, second = heard(
        Segment(text="It rains and", start_s=0.0, end_s=1.0, slack_s=1.0),
        Segment(text="rains. We", start_s=1.0, end_s=2.0, slack_s=3.0),
        Segment(text="wait.", start_s=2.0, end_s=3.0, slack_s=2.0),
    )
    assert (first.slack_s, second.slack_s) == (3.0, 3.0)
    assert heard(Segment(text="It rains.", start_s=0.0, end_s=1.0))[0].slack_s == 0.0


def test_a_known_speaker_ends_the_sentence_of_another() -> None:
    found = heard(
        Segment(text="so what do you", start_s=0.0, end_s=1.0, speaker="A"),
        Segment(text="think", start_s=1.0, end_s=2.0),
        Segment(text="not much.", start_s=2.0, end_s=3.0, speaker="B"),
    )
    assert [(sent.text, sent.speaker) for sent in found] == [
        ("so what do you think", "A"),
        ("not much.", "B"),
    ]


def test_time_inside_a_caption_with_a_change_of_speaker() -> None:
    first, second = heard(Segment(text="Is it late? >> It is. It is.", start_s=0.0, end_s=2.8))[:2]
    assert first.end_s == pytest.approx(1.1)
    assert second.start_s == pytest.approx(1.5)
