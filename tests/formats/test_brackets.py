from __future__ import annotations

from pathlib import Path

import pytest

from studykit.formats import parse

TIMES = "00:00:{:02d}.000 --> 00:00:{:02d}.500"


def _speakers(*cues: str) -> list[tuple[str | None, str]]:
    blocks = [f"{TIMES.format(i, i)}\n{cue}" for i, cue in enumerate(cues)]
    parsed = parse("WEBVTT\n\n" + "\n\n".join(blocks) + "\n", Path("talk.vtt"))
    return [(seg.speaker, seg.text) for seg in parsed.segments]


def test_one_name_tells_of_nobody_else() -> None:
    assert _speakers("- [Instructor] Today we pad.", "Then we batch.") == [
        (None, "Today we pad."),
        (None, "Then we batch."),
    ]


def test_who_is_named_speaks_until_another_does() -> None:
    assert _speakers(
        "- [Grace Hopper] It was a moth.", "We taped it in.", "- [Host] Really?", "- Yes.", "It is true."
    ) == [
        ("Grace Hopper", "It was a moth."),
        ("Grace Hopper", "We taped it in."),
        ("Host", "Really?"),
        (None, "- Yes."),
        (None, "It is true."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- [INAUDIBLE] the model.",
        "- [Speaking French] Bonjour.",
        "- [so to speak] A net.",
        "[CLS] comes first.",
        "- [Instructor]",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert _speakers(text, "One.") == [(None, text), (None, "One.")]


def test_word_times_lose_the_label_too() -> None:
    cue = "- [Host] <00:00:00.100><c>Good</c> <00:00:00.300><c>day.</c>"
    parsed = parse(f"WEBVTT\n\n{TIMES.format(0, 1)}\n{cue}\n", Path("talk.vtt"))
    (segment,) = parsed.segments
    assert segment.text == "Good day."
    assert [(word.text, word.start_s) for word in segment.words] == [("Good", 0.1), ("day.", 0.3)]


def test_chinese_names() -> None:
    assert _speakers("- [主持人] 你好。", "- [嘉宾] 大家好。") == [("主持人", "你好。"), ("嘉宾", "大家好。")]
