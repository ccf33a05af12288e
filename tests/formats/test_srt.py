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


def test_a_broken_time_names_its_line() -> None:
    with pytest.raises(FormatError, match=r"talk\.srt:6: not a") as caught:
        parse("1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:03,000 --> 00:0x:04,000\nyou\n", SRT)
    assert caught.value.line == 6


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
