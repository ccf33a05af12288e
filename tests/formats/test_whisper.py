"""Whisper's JSON and its printed segments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studykit.errors import FormatError
from studykit.formats import Parsed, parse

JSON = Path("talk.json")
TXT = Path("talk.txt")


def test_openai_whisper() -> None:
    file = {
        "text": " Hi there.",
        "language": "en",
        "segments": [
            {
                "id": 0,
                "seek": 0,
                "start": 0.5,
                "end": 2.0,
                "text": " Hi there.",
                "tokens": [1, 2],
                "words": [
                    {"word": " Hi", "start": 0.5, "end": 0.9, "probability": 0.75},
                    {"word": " there.", "start": 0.9, "end": 2.0, "probability": 0.5},
                ],
            }
        ],
    }
    parsed = parse(json.dumps(file), JSON)
    [seg] = parsed.segments
    assert [(word.text, word.start_s, word.score) for word in seg.words] == [
        ("Hi", 0.5, 0.75),
        ("there.", 0.9, 0.5),
    ]
    assert (parsed.language, parsed.timing, parsed.format) == ("en", "attention", "whisper-json")


def test_whisperx_words_that_could_not_be_placed_have_no_times() -> None:
    words = [
        {"word": "About", "start": 1.0, "end": 1.4, "score": 0.9},
        {"word": "2024"},
        {"word": "now", "end": 3.0},
    ]
    file = {
        "segments": [
            {"start": 1.0, "end": 3.0, "text": "About 2024 now", "words": words, "speaker": "SPEAKER_01"}
        ],
        "word_segments": words,
    }
    parsed = parse(json.dumps(file), JSON)
    [seg] = parsed.segments
    assert [(word.start_s, word.end_s) for word in seg.words] == [(1.0, 1.4), (None, None), (None, 3.0)]
    assert (seg.speaker, parsed.timing, parsed.language) == ("SPEAKER_01", "forced_alignment", None)


def test_a_bare_list_and_missing_times() -> None:
    parsed = parse('[{"text": "one"}, {"text": "two", "start": 4, "end": null}]', JSON)
    assert [(seg.start_s, seg.end_s) for seg in parsed.segments] == [(None, None), (4.0, None)]
    assert parse('[{"text": "one"}]', JSON).timing == "none"
    assert parse(
        '{"segments": [{"text": "one", "start": 1}], "timing": "forced_alignment"}', JSON
    ).timing == ("forced_alignment")


def test_words_are_moved_inside_their_segment_and_in_order() -> None:
    words = [
        {"text": "a", "start": 0.5, "end": 1.5},
        {"text": "b", "start": 3.5, "end": 9.0},
        {"text": "c", "start": 2.0},
    ]
    parsed = parse(
        json.dumps({"segments": [{"start": 1.0, "end": 4.0, "text": "a b c", "words": words}]}), JSON
    )
    assert [(w.start_s, w.end_s) for w in parsed.segments[0].words] == [(1.0, 1.5), (3.5, 4.0), (3.5, None)]
    assert parsed.warnings == (
        "1 segment with words out of order or outside their segment; moved inside (first at line 1)",
    )


def test_words_that_do_not_spell_the_text_are_left_out() -> None:
    words = [{"word": "hello", "start": 0.0, "end": 1.0}]
    parsed = parse(
        json.dumps({"segments": [{"start": 0, "end": 1, "text": "goodbye", "words": words}]}), JSON
    )
    assert parsed.segments[0].words == ()
    assert "do not match" in parsed.warnings[0]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"segments": [{"text": "a", "start": "soon"}]}', "start"),
        ('{"segments": [{"text": "a", "start": -1}]}', "start"),
        ('{"segments": [{"start": 1}]}', "text"),
        ('{"segments": [{"text": "a", "end": 1e300}]}', "end"),
        ('{"title": "no captions"}', "segments"),
        ('{"segments": [\n\n{"text": "a", "start": Infinity}]}', "talk.json:3"),
    ],
)
def test_mistakes_name_their_place(text: str, place: str) -> None:
    with pytest.raises(FormatError, match=place):
        parse(text, JSON)


def listing(text: str) -> Parsed:
    return parse(text, TXT)


def test_printed_segments_with_one_clock() -> None:
    parsed = listing("[00:00.000 --> 00:04.000]  Hello all.\n[00:04.000 --> 01:00:06.500]  Let us\nbegin.\n")
    assert [(seg.text, seg.start_s, seg.end_s, seg.slack_s) for seg in parsed.segments] == [
        ("Hello all.", 0.0, 4.0, 0.0),
        ("Let us begin.", 4.0, 3606.5, 0.0),
    ]
    assert (parsed.format, parsed.timing, parsed.warnings) == ("whisper-listing", "captions", ())


def test_a_clock_that_starts_again_is_restored() -> None:
    parsed = listing(
        "[00:00:00,000 -> 00:00:10,000] 一\n[00:00:10,000 -> 00:00:25,500] 二\n"
        "[00:00:00,000 -> 00:00:28,000] 三\n"
        "[00:00:00,000 -> 00:00:02,000] 四\n[00:00:02,000 -> 00:00:20,000] 五\n"
    )
    assert [(seg.text, seg.start_s, seg.end_s, seg.slack_s) for seg in parsed.segments] == [
        ("一", 0.0, 10.0, 0.0),
        ("二", 10.0, 25.5, 0.0),
        ("三", 25.5, 53.5, 4.5),
        ("四", 53.5, 55.5, 6.5),
        ("五", 55.5, 73.5, 6.5),
    ]
    assert parsed.timing == "restored"
    assert "restarts (2 times)" in parsed.warnings[0]


def test_chunks_longer_than_the_window_leave_the_longer_window() -> None:
    parsed = listing("[00:00.000 -> 00:50.000] a\n[00:00.000 -> 00:40.000] b\n")
    assert [(seg.start_s, seg.slack_s) for seg in parsed.segments] == [(0.0, 0.0), (50.0, 10.0)]


@pytest.mark.parametrize(
    "bad",
    ["[00:xx.000 --> 00:04.000] two", "[00:03.000 --> 00:04.0  two", "[00:00:77,000 -> 00:60:04,000] two"],
)
def test_a_broken_line_of_a_listing_lies_between_its_neighbours(bad: str) -> None:
    good = "[00:0{0}.000 --> 00:0{1}.000] {2}"
    lines = [good.format(1, 2, "one"), bad, good.format(5, 6, "three"), "[00:07.000 --> 00:0"]
    parsed = parse("\n".join(lines), Path("talk.txt"))
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments] == [
        ("one", 1.0, 2.0),
        ("two", 2.0, 5.0),
        ("three", 5.0, 6.0),
    ]
    (warning,) = parsed.warnings
    assert warning.endswith("placed between the neighbours (line 2)")
    with pytest.raises(FormatError, match=r"talk\.txt:2: 2 of 3 captions have no times"):
        parse("\n".join([good.format(1, 2, "one"), bad, bad]), Path("talk.txt"))
