"""Subtitles in both languages give what the two texts give as two files."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.glossary import Glossary
from studykit.options import Options
from studykit.talk import Talk
from studykit.talk import open_talk as open_any_talk
from studykit.types import Notes
from tests.formats.bilingual_files import LAYOUTS, Shown, srt
from tests.formats.test_bilingual import CUES

pytestmark = pytest.mark.usefixtures("bags")

CLEAR = [cue for cue in CUES if cue.english[0] not in "GB" and "你好" not in cue.english]


def open_talk(path: Path, translation: Path | None = None, **options: object) -> Talk:
    return open_any_talk(
        path, translation=translation, glossary=Glossary([]), options=Options().updated(options)
    )


def alone(folder: Path, language: str) -> Path:
    path = folder / f"talk.{language}.srt"
    shown = [
        Shown(cue.start_s, cue.end_s, (cue.english if language == "en" else cue.chinese,)) for cue in CLEAR
    ]
    path.write_text(srt(shown), encoding="utf-8")
    return path


def both(folder: Path, layout: str = "two rows") -> Path:
    name, write = LAYOUTS[layout]
    path = folder / f"talk.zh-en{Path(name).suffix}"
    path.write_text(write(CLEAR), encoding="utf-8")
    return path


def but_for_the_file(notes: Notes) -> Notes:
    return replace(notes, source=replace(notes.source, id="", duration_s=None))


@pytest.mark.parametrize("layout", ["two rows", "English on top", "one row", "two captions"])
def test_the_same_notes_as_of_two_files(tmp_path: Path, layout: str) -> None:
    apart = open_talk(alone(tmp_path, "en"), translation=alone(tmp_path, "zh"))
    together = open_talk(both(tmp_path, layout))
    assert together.source.title == apart.source.title == "talk"
    assert but_for_the_file(together.notes) == but_for_the_file(apart.notes)
    assert together.notes.alignment


def test_chinese_leads_if_the_talk_is_said_to_be_chinese(tmp_path: Path) -> None:
    talk = open_talk(both(tmp_path), **{"ingest.language": "zh"})
    assert talk.texts.lead.language == "zh"
    assert talk.texts.other
    assert talk.texts.other.language == "en"


def test_a_translation_of_ones_own_replaces_the_chinese(tmp_path: Path) -> None:
    own = tmp_path / "own.zh.txt"
    own.write_text("大家好。\n今天讲缓存。\n", encoding="utf-8")
    talk = open_talk(both(tmp_path), translation=own)
    assert talk.texts.chinese
    assert next(sent.text for sent in talk.texts.chinese.sentences) == "大家好。"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_as_a_translation_it_gives_the_language_that_is_wanted(tmp_path: Path, language: str) -> None:
    talk = open_talk(alone(tmp_path, language), translation=both(tmp_path))
    assert talk.texts.lead.language == language
    other = talk.texts.other
    assert other
    assert other.language != language
    assert sum(len(sent.text) for sent in other.sentences) > 80
