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


def turns(text: str, name: str = "talk.txt") -> list[tuple[str | None, str]]:
    return [(seg.speaker, seg.text) for seg in parse(text, Path(name)).segments]


INTERVIEW = """Interviewer: How did you end up here?
Nurse Ana: I never left.
Interviewer: And what keeps you going?
Nurse Ana: My colleagues, mostly. Remember: we look out for each other.
Audience: Louder, please!
"""


@pytest.mark.parametrize("label", ["{}: ", "**{}:** ", "**{}**: ", "- {}: ", ">> {}: ", "{} : "])
def test_names_before_colons_speak_and_are_not_said(label: str) -> None:
    lines = [line.partition(": ") for line in INTERVIEW.splitlines()]
    text = "".join(f"{label.format(name)}{said}\n" for name, _, said in lines)
    assert turns(text) == [(name, said) for name, _, said in lines]


@pytest.mark.parametrize("name", ["van Dyke", "Mr. de la Cruz", "R. J. Smythe", "Ødegaard", "Speaker 2"])
def test_names_of_many_forms(name: str) -> None:
    lines = [(name, "Is it?"), ("Ama", "It is."), (name, "No, it was."), ("Ama", "Yes.")]
    assert turns("".join(f"{who}: {said}\n" for who, said in lines)) == lines


def test_the_point_of_a_title_ends_no_sentence() -> None:
    text = "Dr. No: License GPL\nMr. Yes: Files all\n" * 3
    assert turns(text) == [(None, line) for line in text.splitlines()]


def test_chinese_names_before_colons() -> None:
    text = (
        "主持人：请张老师说说。\n张明：大家好！\n主持人：先问一个问题：累吗？\n张明：还好。\n观众：听不见。\n"
    )
    assert turns(text) == [tuple(line.split("：", 1)) for line in text.splitlines()]


def test_a_turn_of_several_captions_is_one_persons() -> None:
    cues = ("TOM: So we went", "to the sea.", "ANA: Again?", "TOM: Again.", "ANA: And did you", "like it?")
    text = "".join(
        f"{i + 1}\n00:00:{2 * i:02},000 --> 00:00:{2 * i + 2:02},000\n{cue}\n\n" for i, cue in enumerate(cues)
    )
    assert turns(text, "talk.srt") == [
        ("TOM", "So we went"), ("TOM", "to the sea."), ("ANA", "Again?"),
        ("TOM", "Again."), ("ANA", "And did you"), ("ANA", "like it?"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Note: it is late.\nExample: a cat.\nNote: it is cold.\nExample: a dog.\n",  # nobody is called so
        "Files: *\nLicense: GPL-2\nFiles: debian/*\nLicense: GPL-3+\n",  # no sentences
        "Tom: I was late.\nTom: And cold.\nIt rained.\nTom: Again.\n",  # a single one
        "Tom: Late.\nAna: Cold.\nIt rained.\nThe end.\n",  # no turns
        "他说：天晚了。\n她问：冷吗？\n他说：不冷。\n她问：真的？\n",  # the words of a story
        "At 9:30: we met.\nthen: we left.\nAt 9:40: we met.\nthen: we left.\n",
    ],
)
def test_what_else_stands_before_colons_is_text(text: str) -> None:
    assert turns(text) == [(None, line) for line in text.splitlines()]
