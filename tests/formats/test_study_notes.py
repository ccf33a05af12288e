"""Study notes in the styles that people write, with what goes wrong in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.errors import EmptyInputError
from studykit.formats.study_notes import looks_like_notes, parse_notes
from studykit.formats.study_notes.lines import plain
from studykit.types import Segment

NUMBERED = """# 演讲学习笔记 📚

> 主题：缓存为什么重要
> 时间：09:50 - 1:00:20
---
(1) [09:50-10:06] **A cache is \\*not\\* a luxury.**

缓存**不是**奢侈品。

解析：
* **cache**：缓存（技术术语）
* **not...but**：不是……而是……
* 口语中的重复 "is is" 是停顿
---
(2) [59:31-1:00:18] **Throw everything else out. Right?**

其他的都扔掉，对吧？

## 段落小结

### 核心观点

1. **缓存要留**：不然每次都要重算
   - 时间
   - 钱

2. 没有标题的一条

### 重点词汇表

| 词汇 | 词性 | 含义 |
|------|------|------|
| **cache** | n. | 缓存 |
| in weights | prep. | 在权重里 \\| 里面 |

---
# 第二部分：问答

(3) [1:00:18-1:00:20] **One more.**

---
# 全文总结 🎯

1. **一句话**：留着
"""

CAPTIONS = """# 笔记

这是一段介绍。

## 第 1 部分：开头

**[20:00]** Let us begin. So the first

**[20:06]** thing is

**翻译：**
我们开始吧。第一件事

---
## 第 2 部分：接着

**[20:06]** the cache.

**[20:11]** It is kind of big.

**翻译：**
是缓存。它有点大。

## 语言点讲解 📝

### 🗣️ 口语表达

| 表达 | 含义 | 例句 |
|---|---|---|
| **kind of** (口语) | 有点 | "kind of big" |

### 📐 语法特点

**1. 省略**
> "Let us begin"

这里省略了主语。

## 核心观点总结

1. **大**：缓存很大
"""

CHAPTERED = """A talk about caches.

```
Chapters
00:00:00 introduction
00:01:00 what to keep, and/or drop
00:03:00 the end
```

# introduction

hello everyone today we talk
about caches

# what to keep, and/or drop

so what do we keep well the last
few things of course

### 1. **要留什么**
- 留最近的 ⚠️
| 项目 | 理由 |
|---|---|
| 键 | 要用 |

如果你想继续了解缓存，可以告诉我！
"""


def notes_path() -> Path:
    return Path("notes.md")


def test_numbered_paragraphs() -> None:
    notes = parse_notes(NUMBERED, notes_path())
    assert (notes.format, notes.title) == ("notes-numbered", "演讲学习笔记 📚")
    assert [part.title for part in notes.parts] == ["缓存为什么重要", "问答"]
    first, second = notes.parts[0].paragraphs
    assert first.english == (Segment(text="A cache is *not* a luxury.", start_s=590.0, end_s=606.0),)
    assert first.chinese == "缓存不是奢侈品。"
    assert "".join(NUMBERED[i] for i in first.chinese_offsets) == first.chinese
    assert (second.english[0].start_s, second.english[0].end_s) == (3571.0, 3618.0)
    assert notes.parts[1].paragraphs[0].chinese == ""


def test_explanations_tables_and_claims() -> None:
    notes = parse_notes(NUMBERED, notes_path())
    assert [(entry.head, entry.kind, entry.table, entry.paragraph) for entry in notes.entries] == [
        ("cache", "term", "解析", 0),
        ("not...but", "word", "解析", 0),
        ("is is", "grammar", "解析", 0),
        ("cache", "word", "重点词汇表", None),
        ("in weights", "expression", "重点词汇表", None),
    ]
    assert notes.entries[-1].cells == (("词性", "prep."), ("含义", "在权重里 | 里面"))
    assert [(claim.statement, claim.part) for claim in notes.claims] == [
        ("缓存要留：不然每次都要重算\n时间\n钱", 0),
        ("没有标题的一条", 0),
        ("一句话：留着", None),
    ]


def test_captions_in_parts_share_the_stamp_that_stands_twice() -> None:
    notes = parse_notes(CAPTIONS, notes_path())
    assert notes.format == "notes-captions"
    assert [part.title for part in notes.parts] == ["开头", "接着"]
    pieces = [seg for part in notes.parts for para in part.paragraphs for seg in para.english]
    assert [seg.start_s for seg in pieces] == [1200.0, 1206.0, pytest.approx(1208.222), 1211.0]
    assert pieces[1].end_s == pieces[2].start_s
    assert notes.parts[1].paragraphs[0].chinese == "是缓存。它有点大。"
    assert [(entry.head, entry.kind, entry.part) for entry in notes.entries] == [
        ("kind of (口语)", "expression", None),
        ("省略", "grammar", None),
    ]
    assert notes.entries[1].cells == (("例句", "Let us begin"), ("说明", "这里省略了主语。"))
    assert notes.claims[0].part is None
    assert notes.warnings == ("left out 1 line outside of paragraphs (line numbers: 3)",)


def test_a_stamp_that_goes_back_is_left_out() -> None:
    notes = parse_notes(CAPTIONS.replace("[20:11]", "[02:11]"), notes_path())
    last = notes.parts[1].paragraphs[0].english[-1]
    assert (last.text, last.start_s) == ("It is kind of big.", None)
    assert "left out 1 time out of order; the text is kept" in notes.warnings


def test_chapters_with_chinese_notes() -> None:
    notes = parse_notes(CHAPTERED, notes_path())
    assert notes.format == "notes-chapters"
    assert not notes.paragraphs_given
    assert [(part.title, part.start_s) for part in notes.parts] == [
        ("introduction", 0.0),
        ("what to keep, and/or drop", 60.0),
    ]
    english = notes.parts[1].paragraphs[0].english
    assert [seg.text for seg in english] == ["so what do we keep well the last", "few things of course"]
    assert all(60 <= (seg.start_s or 0) <= (seg.end_s or 0) <= 180 and seg.slack_s == 12 for seg in english)
    assert notes.parts[1].paragraphs[0].chinese == "要留什么\n留最近的\n项目；理由\n键；要用"
    assert notes.warnings == (
        "chapter 'introduction' has no Chinese note",
        "missing: 1 of 3 listed chapters: the end",
        "left out 1 line in which a chatbot offers to continue",
    )


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
        "**[20:00]** Hello there\n",
        "# A title\n\nSome text.\n",
        "",
    ],
)
def test_other_documents_are_no_notes(text: str) -> None:
    assert not looks_like_notes(text)


def test_notes_without_a_paragraph() -> None:
    with pytest.raises(EmptyInputError, match=r"notes\.md"):
        parse_notes("# 笔记\n\n翻译：\n没有英文\n", notes_path())


def test_a_translation_before_any_text_is_left_out() -> None:
    parsed = parse_notes(
        "# T\n\n## 第 1 部分\n\n**翻译：**\n\n我很好奇。\n\n**[20:00]** I'm curious about it.\n\n"
        "**翻译：**\n\n我对它很好奇。\n",
        notes_path(),
    )
    (part,) = parsed.parts
    assert len(part.paragraphs) == 1
    assert "没有" not in str(parsed)
    assert "我很好奇" not in str(parsed)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A **[cache](https://x.org/Cache_(computing)) is** kept.", "A cache is kept."),
        ("[one](a) and [two](b(c)d)", "one and two"),
        ("![picture](p.png)", "picture"),
        ("f(x)[0](y", "f(x)[0](y"),
        (r"2 \* 3", "2 * 3"),
    ],
)
def test_a_line_without_its_markdown(line: str, words: str) -> None:
    assert plain(line) == words
