"""Plain text, with and without times, and chapter lists."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.formats import Parsed, parse, parse_chapters
from studykit.formats.order import longest_rise

TXT = Path("talk.txt")


def said(parsed: Parsed) -> list[tuple[str, float | None, float | None]]:
    return [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments]


def test_lines_without_times() -> None:
    parsed = parse("so today\nwe look at\nmodels\n", TXT)
    assert said(parsed) == [("so today", None, None), ("we look at", None, None), ("models", None, None)]
    assert (parsed.format, parsed.timing) == ("plain", "none")


def test_blocks_between_empty_lines() -> None:
    assert [text for text, *_ in said(parse("one\ntwo\n\n---\n\n我们先\n来看\n", TXT))] == [
        "one two",
        "我们先来看",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[00:05] first\n[01:00] second\nmore\n[1:00:00] third\n",
        "(0:05) first\n(1:00) second more\n(1:00:00) third",
        "0:05\nfirst\n1:00\nsecond\nmore\n1:00:00\nthird\n",
        "0:05 - first\n1:00 - second\nmore\n1:00:00 - third\n",
        "**[00:05]** first\n\n**[01:00]** second\nmore\n\n**[1:00:00]** third\n",
        "# A talk\n\n---\n\n[00:05]first\n[01:00]second more\n[1:00:00]third\n",
    ],
)
def test_times_at_the_start_of_lines(text: str) -> None:
    parsed = parse(text, TXT)
    assert said(parsed) == [("first", 5.0, 60.0), ("second more", 60.0, 3600.0), ("third", 3600.0, None)]
    assert parsed.timing == "captions"


def test_times_within_prose_are_prose() -> None:
    text = "We met at noon.\n12:30 was too late for lunch.\nSo we talked\nand talked.\n"
    parsed = parse(text, TXT)
    assert parsed.timing == "none"
    assert [piece for piece, *_ in said(parsed)] == text.splitlines()


def test_a_time_out_of_order_is_left_out_and_the_text_stays_in_place() -> None:
    parsed = parse("[00:01] a\n[59:00] b\n[00:03] c\n[00:03] d\n[00:09] e\n", TXT)
    assert said(parsed) == [
        ("a", 1.0, 3.0),
        ("b", None, None),
        ("c", 3.0, 9.0),
        ("d", 3.0, 9.0),
        ("e", 9.0, None),
    ]
    assert parsed.warnings == ("left out 1 time out of order (first at line 2); the text is kept",)


def test_a_header_is_metadata() -> None:
    text = (
        "# How models learn | Talk 7\n\n**Platform:** youtube\n**URL:** https://example.org/watch?v=1\n"
        "**Duration:** 1:02:03\n**Language:** en\n\n---\n\nGood morning: welcome\nto the talk.\n"
    )
    parsed = parse(text, TXT)
    assert [seg.text for seg in parsed.segments] == ["Good morning: welcome", "to the talk."]
    assert (parsed.title, parsed.url) == ("How models learn | Talk 7", "https://example.org/watch?v=1")
    assert (parsed.duration_s, parsed.language) == (3723.0, "en")


def test_lines_that_only_look_like_a_header_are_text() -> None:
    assert len(parse("Note: this is said\nso is this\n", TXT).segments) == 2


def test_chapters_in_a_description() -> None:
    text = (
        "About the talk at 10:00.\n\nChapters\n00:00:00 Introduction\n2:30 - Data, and more\n• "
        "(05:00) Models\n"
        "99:99 nonsense\n1:30 elsewhere\n1:02:03 | 总结\nhttps://example.org/1:00\n12:00\n"
    )
    assert [(chapter.start_s, chapter.title) for chapter in parse_chapters(text)] == [
        (0.0, "Introduction"),
        (150.0, "Data, and more"),
        (300.0, "Models"),
        (3723.0, "总结"),
    ]
    assert parse_chapters("no list") == ()


@given(st.lists(st.integers(0, 9), max_size=9), st.booleans())
def test_longest_rise_is_longest(values: list[int], strict: bool) -> None:
    rise = longest_rise(values, strict=strict)
    kept = [values[i] for i in rise]
    assert rise == sorted(set(rise))
    assert all(a < b or (a == b and not strict) for a, b in itertools.pairwise(kept))
    best = [1] * len(values)  # the textbook table: the longest that ends at i
    for i, value in enumerate(values):
        for j in range(i):
            if values[j] < value or (values[j] == value and not strict):
                best[i] = max(best[i], best[j] + 1)
    assert len(rise) == max(best, default=0)


PANEL = [
    (0, "hello and welcome to this talk"),
    (5, "about language models"),
    (62, "which predict the next token"),
]


@pytest.mark.parametrize(
    "line",
    [
        "{clock}\n{text}",
        "{clock}\n{seconds} seconds\n{text}",
        "{clock}\n{seconds}秒钟\n{text}",
        "{clock}{text}",
        "{clock}{seconds} seconds{text}",
        "{clock}{seconds}秒{text}",
    ],
)
@pytest.mark.parametrize("around", ["{}", "\n\n{}\n"])
def test_a_transcript_panel_as_people_copy_it(line: str, around: str) -> None:
    lines = [line.format(clock=f"{s // 60}:{s % 60:02}", seconds=s, text=text) for s, text in PANEL]
    parsed = parse(around.format("\n".join(lines)), Path("talk.txt"))
    assert [(seg.text, seg.start_s) for seg in parsed.segments] == [(text, float(s)) for s, text in PANEL]
    assert parsed.segments[0].end_s == 5.0


def test_the_panels_buttons_and_track_are_left_out() -> None:
    lines = [f"{s // 60}:{s % 60:02}\n{text}" for s, text in PANEL]
    text = "\n".join(["Transcript", "", "Search in video", *lines, "English (auto-generated)"])
    parsed = parse(text, Path("talk.txt"))
    assert [seg.text for seg in parsed.segments] == [text for _, text in PANEL]
    assert parsed.warnings == ("left out the text above the first time (2 lines)",)


def test_buttons_stand_above_text_run_together_too() -> None:
    lines = ["Transcript", *(f"{s // 60}:{s % 60:02}{text}" for s, text in PANEL)]
    parsed = parse("\n".join(lines), Path("talk.txt"))
    assert [(seg.text, seg.start_s) for seg in parsed.segments] == [(text, float(s)) for s, text in PANEL]
    assert parsed.warnings == ("left out the text above the first time (1 line)",)


def test_seconds_that_are_said_stay() -> None:
    parsed = parse("0:00\nten, nine\n0:05\n5 seconds\n0:08\nand so on\n", Path("talk.txt"))
    assert [seg.text for seg in parsed.segments] == ["ten, nine", "5 seconds", "and so on"]
