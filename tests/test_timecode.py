from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.timecode import from_ms, parse_clock, to_clock, to_ms, to_srt, to_vtt

whole_ms = st.integers(0, 400_000_000)


@given(whole_ms)
def test_srt_and_vtt_times_come_back(time_ms: int) -> None:
    assert to_ms(parse_clock(to_srt(from_ms(time_ms)))) == time_ms
    assert to_ms(parse_clock(to_vtt(from_ms(time_ms)))) == time_ms


@pytest.mark.parametrize(
    ("time_s", "srt", "clock"),
    [
        (0, "00:00:00,000", "00:00"),
        (59.9996, "00:01:00,000", "01:00"),
        (59.9994, "00:00:59,999", "00:59"),
        (3599.9999, "01:00:00,000", "1:00:00"),
        (5025.5, "01:23:45,500", "1:23:45"),
        (360_000, "100:00:00,000", "100:00:00"),
    ],
)
def test_rounding_comes_before_splitting(time_s: float, srt: str, clock: str) -> None:
    assert to_srt(time_s) == srt
    assert to_clock(time_s) == clock


@pytest.mark.parametrize(
    "text", ["", "5", "1:2", "00:60", "1:60:00", "-1:00", "00:00:00:00", "aa:bb", "1:00,1234"]
)
def test_what_is_not_a_time(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        parse_clock(text)


def test_minutes_may_pass_an_hour_without_hours() -> None:
    assert parse_clock("90:00") == 5400
    assert parse_clock("1:30:00.5") == 5400.5
