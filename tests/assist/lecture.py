"""The example talk, what a good model would write about it, and what is subtly wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from studykit import engines
from studykit.assist.said import Judged
from studykit.glossary import load_glossary
from studykit.ingest import read_chapters
from studykit.options import Options
from studykit.resources import data_dir
from studykit.store import IN_MEMORY, Store
from studykit.talk import open_talk
from studykit.talk.proving import judges_of
from studykit.types import Notes

__all__ = ["BAD", "GOOD", "lecture_notes", "lecture_said", "statements_of"]

_DATA = Path(__file__).parent.parent / "data" / "assist"
GOOD: dict[str, Any] = json.loads((_DATA / "lecture.good.json").read_text(encoding="utf-8"))
BAD: list[dict[str, Any]] = json.loads((_DATA / "lecture.bad.json").read_text(encoding="utf-8"))


@cache
def lecture_notes() -> Notes:
    """The notes of the example, with its translation and chapters."""
    examples = data_dir("examples")
    options = Options().updated({"ingest.chapters": read_chapters(examples / "lecture.chapters.txt")})
    with Store(IN_MEMORY) as store:
        talk = open_talk(
            str(examples / "lecture.en.vtt"),
            store=store,
            options=options,
            translation=examples / "lecture.zh.txt",
        )
        return talk.notes


@cache
def lecture_said() -> Judged:
    """The example as the proof asks for it."""
    notes = lecture_notes()
    return Judged(notes, judges_of(notes, load_glossary(), engines.encoder(), engines.tagger()))


def statements_of(answers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The claims with their points, and the answers to questions have a test of their own."""
    for claim in answers["claims"]:
        yield claim
        yield from claim["points"]
