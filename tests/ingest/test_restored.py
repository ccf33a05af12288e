"""Doubtful restored characters are marked in explanations, claims and headings."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from studykit.formats import Restored
from studykit.formats.study_notes import StudyNotes, parse_notes
from studykit.ingest.restored import with_doubts
from studykit.types import DOUBT_MARK

TEXT = """# 学习笔记

## 第一部分：缓存在哪里

(1) [00:00-00:05] **A cache is kept in memory.**

缓存放在内存中。

解析：
* **cache**：缓存，放在内存中（术语）
* **in memory**：在内存中
---
## 段落小结

### 核心观点

1. **缓存不贵**：内存中最便宜
   - 不占磁盘
"""
PARSE = partial(parse_notes, path=Path("notes.md"))


def char(text: str, before: str, *, confidence: float = 0.5, turns: bool = False) -> Restored:
    """The last character of the first ``before`` in the text."""
    at = text.index(before) + len(before) - 1
    return Restored(at=at, char=text[at], confidence=confidence, found="x", turns=turns)


def marked(*restored: Restored) -> StudyNotes:
    return with_doubts(PARSE(TEXT), TEXT, restored, PARSE)


def said(notes: StudyNotes) -> str:
    return " ".join(
        [part.title or "" for part in notes.parts]
        + [text for entry in notes.entries for _, text in entry.cells]
        + [claim.statement for claim in notes.claims]
    )


def test_a_mark_follows_the_doubtful_character_and_no_other() -> None:
    notes = marked(
        char(TEXT, "缓存，放在内存中"), char(TEXT, "缓存不", turns=True, confidence=0.9), char(TEXT, "在哪")
    )
    assert said(notes).count(DOUBT_MARK) == 3
    assert f"缓存，放在内存中{DOUBT_MARK}（术语）" in said(notes)
    assert f"缓存不{DOUBT_MARK}贵" in said(notes)
    assert notes.parts[0].title == f"缓存在哪{DOUBT_MARK}里"
    assert [entry.head for entry in notes.entries] == [entry.head for entry in PARSE(TEXT).entries]


def test_what_is_nearly_certain_and_marks_of_punctuation_are_not_marked() -> None:
    sure = char(TEXT, "缓存，放在内存中", confidence=0.8)
    certain = char(TEXT, "缓存不", turns=True, confidence=0.99)
    comma = char(TEXT, "缓存，")
    assert marked(sure, certain, comma) == PARSE(TEXT)


def test_a_doubtful_heading_that_the_notes_are_recognised_by_hides_no_other_mark() -> None:
    """With a stand-in in it the claims would be read as something else."""
    notes = marked(char(TEXT, "核心观"), char(TEXT, "缓存，放在内存中"), char(TEXT, "内存中最"))
    assert f"放在内存中{DOUBT_MARK}（术语）" in said(notes)
    assert f"内存中最{DOUBT_MARK}便宜" in said(notes)
    assert len(notes.claims) == len(PARSE(TEXT).claims) == 1


def test_a_text_with_private_characters_is_left_as_it_is() -> None:
    text = TEXT.replace("术语", "\ue000术语")
    notes = with_doubts(PARSE(text), text, [char(text, "缓存，放在内存中")], PARSE)
    assert f"中{DOUBT_MARK}（\ue000术语）" in said(notes)
