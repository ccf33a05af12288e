"""SubRip, as found in the wild."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import FormatError
from studykit.formats import parse
from studykit.timecode import to_srt

SRT = Path("talk.srt")


def said(text: str) -> list[tuple[str, float | None, float | None]]:
    return [(seg.text, seg.start_s, seg.end_s) for seg in parse(text, SRT).segments]


def test_numbers_commas_tags_and_a_missing_final_newline() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> {\\an8}there,\nyou\n\n2\n00:00:02.500 "
        "--> 00:00:04.000\n2024"
    )
    assert said(text) == [("Hello there, you", 1.0, 2.5), ("2024", 2.5, 4.0)]


def test_missing_numbers_and_blank_lines_within_a_text() -> None:
    text = (
        "00:01,000 --> 00:02,000\nFirst\n\nstill first\n\n42\n\n00:03,000 --> 00:04,000\n7\n"
        "00:05,000 --> 00:06,000\nx"
    )
    assert said(text) == [("First still first 42", 1.0, 2.0), ("7", 3.0, 4.0), ("x", 5.0, 6.0)]


def test_spaces_inside_times_and_positions_behind_them() -> None:
    text = "1\n00: 00: 01,000 --> 00: 00: 02,000 X1:10 X2:20\nHi &gt;&gt; you &amp; me &copy\n"
    assert said(text) == [("Hi >> you & me &copy", 1.0, 2.0)]


def test_text_above_the_first_cue_is_told() -> None:
    parsed = parse("made by me\n\n1\n00:00:01,000 --> 00:00:02,000\nHi\n", SRT)
    assert [seg.text for seg in parsed.segments] == ["Hi"]
    assert parsed.warnings == ("left out the text above the first cue (1 line)",)


GOOD = ["00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000", "00:00:06,000 --> 00:00:07,000"]


def with_times(*timings: str) -> str:
    return "\n\n".join(f"{i}\n{timing}\ntext {i}" for i, timing in enumerate(timings, 1))


def test_arrows_below_numbers_are_times_whatever_they_say() -> None:
    bad = [f"{i}\nsoon --> later\nline {i}\n" for i in range(2, 10)]
    good = "1\n00:00:01,000 --> 00:00:02,000\nso --> it goes\n"
    with pytest.raises(FormatError, match="8 of 9 captions have no times") as caught:
        parse("\n".join([good, *bad]), SRT)
    assert caught.value.hint.split("\n")[0] == "  line 6: soon --> later"
    parsed = parse("\n".join([good, bad[0], good.replace(":01,", ":05,").replace(":02,", ":06,")]), SRT)
    assert [seg.text for seg in parsed.segments] == ["so --> it goes", "line 2", "so --> it goes"]
    assert parsed.segments[1].start_s == 2.0


def test_a_repair_that_contradicts_its_neighbours_is_taken_back() -> None:
    cues = [("00:00:15,000 --> 00:00:19,000", "one"), ("00:60:20,000 --> 00:60:24,000", "two")]
    cues += [("00:00:25,000 --> 00:00:29,000", "three"), ("00:60:30,000 --> 00:60:34,000", "last")]
    text = "\n".join(f"{i}\n{times}\n{said}\n" for i, (times, said) in enumerate(cues, 1))
    parsed = parse(text, Path("talk.srt"))
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments] == [
        ("one", 15.0, 19.0),
        ("two", 19.0, 25.0),
        ("three", 25.0, 29.0),
        ("last", 3630.0, 3634.0),
    ]
    assert parsed.warnings == (
        "1 damaged line of times repaired (line 14)",
        "1 caption without times that can be read; placed between the neighbours (line 6)",
    )


@pytest.mark.parametrize(
    ("damaged", "start_s", "end_s"),
    [
        ("00:00:03,000 -> 00:00:04,000", 3.0, 4.0),
        ("00:00:03,000 — 00:00:04,000", 3.0, 4.0),
        ("00:00:03,000 00:00:04,000", 3.0, 4.0),
        ("00:00:03,000 --> 00:00:60,000", 3.0, 60.0),
        ("00:00:03:000 --> 00:00:04:000", 3.0, 4.0),
    ],
)
def test_damaged_times_are_repaired_and_told(damaged: str, start_s: float, end_s: float) -> None:
    parsed = parse(with_times(GOOD[0], damaged, GOOD[2]), SRT)
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments] == [
        ("text 1", 1.0, 2.0),
        ("text 2", start_s, end_s),
        ("text 3", 6.0, 7.0),
    ]
    assert parsed.warnings == ("1 damaged line of times repaired (line 6)",)


def test_minutes_of_sixty() -> None:
    parsed = parse(with_times("00:59:58,000 --> 00:59:59,000", "00:60:01,000 --> 00:60:04,000"), SRT)
    assert (parsed.segments[1].start_s, parsed.segments[1].end_s) == (3601.0, 3604.0)


@pytest.mark.parametrize("lost", ["00:00:03,000 --> 00:0x:04,000", "--> 00:00:04,000", "00:00:03,000 -->"])
def test_a_caption_without_times_lies_between_its_neighbours(lost: str) -> None:
    parsed = parse(with_times(GOOD[0], lost, GOOD[2]), SRT)
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments][1] == ("text 2", 2.0, 6.0)
    (warning,) = parsed.warnings
    assert warning.endswith("placed between the neighbours (line 6)")


def test_several_share_the_time_and_the_last_takes_as_long_as_its_words() -> None:
    parsed = parse(
        with_times(GOOD[0], "00:x --> 1", "00:x --> 2", GOOD[2], GOOD[2], "00:00:08,000 --> 0"), SRT
    )
    assert [seg.start_s for seg in parsed.segments[:3]] == [1.0, 2.0, 4.0]
    last = parsed.segments[-1]
    assert (last.start_s, last.end_s) == (7.0, pytest.approx(7.769, abs=0.001))


def test_an_end_before_its_start_ends_with_the_next() -> None:
    parsed = parse(with_times(GOOD[0], "00:00:03,000 --> 00:00:02,000", GOOD[2]), SRT)
    assert (parsed.segments[1].start_s, parsed.segments[1].end_s) == (3.0, 6.0)
    assert "line 6" in parsed.warnings[0]


def test_a_file_that_ends_inside_its_last_times() -> None:
    parsed = parse(with_times(*GOOD) + "\n\n4\n00:00:08,000 --> 00:0", SRT)
    assert [seg.text for seg in parsed.segments] == ["text 1", "text 2", "text 3"]
    assert "line 14" in parsed.warnings[0]


def test_a_file_that_is_mostly_bad_is_refused_with_its_first_lines() -> None:
    with pytest.raises(FormatError, match=r"talk\.srt:6: 4 of 5 captions have no times") as caught:
        parse(with_times(GOOD[0], *(f"00:0x --> {i}" for i in range(4))), SRT)
    assert caught.value.hint.split("\n") == [
        "  line 6: 00:0x --> 0",
        "  line 10: 00:0x --> 1",
        "  line 14: 00:0x --> 2",
    ]


def test_a_name_that_promises_cues_which_are_not_there() -> None:
    with pytest.raises(FormatError, match="contains no cues"):
        parse("just some words\n", SRT)


PIECES = st.lists(
    st.tuples(
        st.integers(0, 10**7),
        st.just(0) | st.integers(30, 10**5),
        st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,3}", fullmatch=True),
    ),
    min_size=1,
    max_size=20,
)


@given(PIECES)
def test_what_is_written_is_read(pieces: list[tuple[int, int, str]]) -> None:
    pieces = sorted(pieces, key=lambda piece: piece[0])
    blocks = [
        f"{i}\n{to_srt(start / 1000)} --> {to_srt((start + length) / 1000)}\n{text}\n"
        for i, (start, length, text) in enumerate(pieces, 1)
    ]
    expected = [(text, start / 1000, (start + length) / 1000) for start, length, text in pieces]
    assert said("\n".join(blocks)) == expected
