"""Choosing the format, and what holds whatever comes in."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import studykit.formats
from studykit.errors import FormatError, InputError
from studykit.formats import FORMATS, Parsed, parse, read

BEGINNINGS = {
    "webvtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\n",
    "json3": '{"events": [{"tStartMs": 1, "segs": [{"utf8": "hi"}]}',
    "whisper-json": '{"segments": [{"start": 1, "text": "hi"}',
    "srv3": '<timedtext format="3"><body><p t="1">hi</p>',
    "ttml": '<tt><body><p begin="1s">hi</p>',
    "ass": "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,",
    "microdvd": "{1}{1}25\n{1}{30}",
    "whisper-listing": "[00:01.000 -> 00:02.000] ",
    "plain": "[00:01] ",
}
NOISE = st.lists(
    st.sampled_from(
        [*"01:.,->[]{}<>/\"'& \n\tabtps%\\字", "-->", "NOTE", "<c>", "<v ", "00:01.000", "9" * 30]
    )
).map("".join)


def check(parsed: Parsed) -> None:
    """The rules of segments, beyond what the types check themselves."""
    starts = [seg.start_s for seg in parsed.segments if seg.start_s is not None]
    assert starts == sorted(starts)
    for seg in parsed.segments:
        assert seg.text.strip() == seg.text != ""
        low = 0.0 if seg.start_s is None else seg.start_s
        high = float("inf") if seg.end_s is None else seg.end_s
        times = [time_s for word in seg.words for time_s in (word.start_s, word.end_s) if time_s is not None]
        assert all(low <= time_s <= high for time_s in times)
        word_starts = [word.start_s for word in seg.words if word.start_s is not None]
        assert word_starts == sorted(word_starts)
        if seg.words:
            assert "".join(word.text for word in seg.words).split() == ["".join(seg.text.split())]


@pytest.mark.parametrize("name", sorted(FORMATS))
@given(repeat=st.integers(0, 2), noise=NOISE | st.text())
def test_no_text_crashes_a_parser(name: str, repeat: int, noise: str) -> None:
    for chosen in (name, None):
        with contextlib.suppress(InputError):
            check(parse(BEGINNINGS[name] * repeat + noise, Path("a.bin"), format=chosen))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_content_decides_whatever_the_name(name: str, tmp_path: Path) -> None:
    closing = {
        "json3": "]}",
        "whisper-json": "]}",
        "srv3": "</body></timedtext>",
        "ttml": "</body></tt>",
    }
    file = tmp_path / "captions.txt"
    file.write_text(BEGINNINGS[name] + closing.get(name, "hi\n"), encoding="utf-8")
    data, parsed = read(file)
    assert data == file.read_bytes()
    assert (parsed.format, [seg.text for seg in parsed.segments]) == (name, ["hi"])


def test_an_unknown_suffix_is_plain_text() -> None:
    assert parse("hello", Path("talk.xyz")).format == "plain"


def test_an_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(FormatError, match="webvtt, json3, whisper-json, srv3"):
        parse("hello", Path("a.txt"), format="vtt3")


@pytest.mark.parametrize("before", ["", "<!-- saved -->\n", '<?xml version="1.0"?>\n<!-- a -- b -->\n'])
def test_a_web_page_is_not_a_transcript(before: str) -> None:
    with pytest.raises(FormatError, match="a web page"):
        parse(f"{before}<!DOCTYPE html>\n<html><body>404</body></html>", Path("talk.srt"))


def test_a_format_asked_for_is_used() -> None:
    assert parse(BEGINNINGS["srt"] + "hi", Path("a.txt"), format="plain").format == "plain"


def test_invisible_characters_are_dropped() -> None:
    [seg] = parse("\ufeff so\u200b we\u00a0\x07 go \u202a", Path("a.txt")).segments
    assert seg.text == "so we go"


def test_the_public_names_exist() -> None:
    assert set(studykit.formats.__all__) <= set(dir(studykit.formats))
