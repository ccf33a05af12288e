from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from studykit import formats
from studykit.export import TRANSCRIPT_FORMATS
from studykit.export.data.transcripts import cues
from studykit.types import Segment, Transcript, Word


def spoken(text: str, start_s: float, speaker: str | None = None, pause_s: float = 0.0) -> Segment:
    """One word each half second; ``pause_s`` between the words."""
    words = tuple(
        Word(
            text=word,
            start_s=start_s + i * (0.5 + pause_s),
            end_s=start_s + i * (0.5 + pause_s) + 0.5,
            score=0.9,
        )
        for i, word in enumerate(text.split())
    )
    return Segment(text=text, start_s=words[0].start_s, end_s=words[-1].end_s, words=words, speaker=speaker)


def transcript(*segments: Segment, language: str = "en") -> Transcript:
    return Transcript(
        source_id="id",
        language=language,
        segments=segments,
        engine="fake-1",
        timing="forced_alignment",
        options=(("model", "fake-model"),),
    )


TALK = transcript(
    spoken("It costs < 5 & more, they say.", 1.0, "A"),
    spoken("No.", 9.0, "B"),
    spoken("Attention is a way to look back at each unimaginably extraordinary word in the text.", 10.0, "B"),
)


def test_the_json_is_what_the_manual_promises_and_reads_back(tmp_path: Path) -> None:
    text = TRANSCRIPT_FORMATS["json"](TALK)
    document = json.loads(text)
    assert {"language", "engine", "model", "timing", "segments"} <= document.keys()
    assert document["segments"][1] == {
        "start": 9.0,
        "end": 9.5,
        "text": "No.",
        "speaker": "B",
        "words": [{"text": "No.", "start": 9.0, "end": 9.5, "score": 0.9}],
    }
    parsed = formats.parse(text, tmp_path / "talk.json")
    assert parsed.segments == TALK.segments
    assert (parsed.timing, parsed.language) == ("forced_alignment", "en")


def test_what_was_heard_in_another_script_stands_beside() -> None:
    seg = Segment(text="模型", start_s=0.0, end_s=1.0, original="模型們")
    (written,) = json.loads(TRANSCRIPT_FORMATS["json"](transcript(seg, language="zh")))["segments"]
    assert written["original"] == "模型們"


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_subtitles_read_back_with_every_word_in_order(name: str, tmp_path: Path) -> None:
    parsed = formats.parse(TRANSCRIPT_FORMATS[name](TALK), tmp_path / f"talk.{name}")
    read = " ".join(seg.text for seg in parsed.segments)
    said = " ".join(seg.text for seg in TALK.segments)
    assert re.sub(r"\b[AB]: ", "", read) == said
    assert parsed.segments[0].start_s == 1.0


def test_cues_fit_two_lines_and_never_overlap() -> None:
    made = list(cues(TALK))
    assert all(len(cue.lines) <= 2 and max(map(len, cue.lines)) <= 42 for cue in made)
    clock = [time for cue in made for time in (cue.start_s, cue.end_s)]
    assert clock == sorted(clock)
    assert all(cue.end_s - cue.start_s <= 7 for cue in made)


def test_a_new_speaker_is_named_once() -> None:
    lines = [" ".join(cue.lines) for cue in cues(TALK)]
    assert [line[:3] for line in lines if re.match("[AB]:", line)] == ["A: ", "B: "]


def test_silence_ends_a_cue() -> None:
    assert [cue.lines for cue in cues(transcript(spoken("one two", 0.0, pause_s=3.0)))] == [
        ("one",),
        ("two",),
    ]


def test_chinese_is_not_spaced() -> None:
    seg = spoken("我 们 训 练 模 型 。", 0.0)
    seg = Segment(text="我们训练模型。", start_s=seg.start_s, end_s=seg.end_s, words=seg.words)
    assert [cue.lines for cue in cues(transcript(seg, language="zh"))] == [("我们训练模型。",)]


def test_text_is_a_segment_a_line() -> None:
    assert TRANSCRIPT_FORMATS["txt"](TALK).splitlines()[:2] == ["A: It costs < 5 & more, they say.", "B: No."]
