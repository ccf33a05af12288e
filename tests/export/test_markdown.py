"""Markdown as a reader of CommonMark sees it: nothing of its marks is printed, no heading skips a level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.export.page.render import bold_markdown
from studykit.export.page.runs import Run
from studykit.formats.study_notes import parse_notes
from studykit.types import Notes, Part
from tests.cli.calls import calls_in
from tests.talks import SMALL_TALK, span

STYLES = ["md", "md-numbered", "md-captions"]
READER = MarkdownIt("commonmark").enable("table").disable("text_join")  # escaped characters stay apart
EXAMPLES = Path(__file__).parents[2] / "examples"


def printed_marks(markdown: str) -> list[str]:
    """The texts in which an asterisk is printed that nobody escaped."""
    return [
        child.content
        for token in READER.parse(markdown)
        for child in token.children or ()
        if child.type == "text" and "*" in child.content
    ]


def levels(markdown: str) -> list[int]:
    return [int(token.tag[1:]) for token in READER.parse(markdown) if token.type == "heading_open"]


def skipped(found: list[int]) -> list[tuple[int, int]]:
    """Headings more than one level below the one before, with that one's level."""
    return [(above, here) for above, here in zip([0, *found], found, strict=False) if here > above + 1]


def made(notes: Notes, style: str, labels: str = "zh") -> str:
    text = FORMATS[style].make(notes, ExportOptions(labels=LABELS[labels]))
    assert isinstance(text, str)
    return text


def small_talks() -> Iterator[Notes]:
    """The small talk; with one part without a title; without English."""
    yield SMALL_TALK
    yield replace(SMALL_TALK, parts=(Part(index=0, title="", paragraphs=span(0, 2)),))
    paragraphs = tuple(replace(para, english=span(0, 0), introduces=()) for para in SMALL_TALK.paragraphs)
    yield replace(
        SMALL_TALK,
        source=replace(SMALL_TALK.source, language="zh"),
        english=(),
        alignment=None,
        paragraphs=paragraphs,
        terms=(),
        vocabulary=(),
        claims=(),
    )


@pytest.mark.parametrize("style", STYLES)
def test_nothing_of_the_marks_is_printed_and_no_level_is_skipped(style: str) -> None:
    for notes in small_talks():
        markdown = made(notes, style)
        assert printed_marks(markdown) == []
        assert skipped(levels(markdown)) == []


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_no_heading_of_a_page_skips_a_level(labels: str) -> None:
    for notes in small_talks():
        page = made(notes, "html", labels)
        assert skipped([int(level) for level in re.findall(r"<h([1-6])[ >]", page)]) == []


def test_the_example_is_read_as_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    studykit = calls_in(tmp_path, monkeypatch, capsys)
    talk, translation = (str(EXAMPLES / name) for name in ("lecture.en.vtt", "lecture.zh.txt"))
    done = studykit("notes", talk, "--translation", translation, "--format", ",".join(STYLES))
    assert done.code == 0
    files = sorted(tmp_path.glob("*.md"))
    assert len(files) == len(STYLES)
    for path in files:
        markdown = path.read_text(encoding="utf-8")
        assert printed_marks(markdown) == []
        assert skipped(levels(markdown)) == []
        assert "strong_open" in str(READER.parse(markdown))


RUNS = st.lists(
    st.builds(
        Run,
        text=st.text(alphabet="ab 中文，。“”（）*_+-.#C$`[]", min_size=1, max_size=4),
        term=st.sampled_from([None, "term"]),
        item=st.sampled_from([None, "item"]),
    ),
    min_size=1,
    max_size=6,
)


@given(RUNS)
def test_any_marked_text_is_printed_as_it_stands(runs: list[Run]) -> None:
    (inline,) = [token for token in READER.parse("x " + bold_markdown(runs)) if token.type == "inline"]
    shown = "".join(child.content for child in inline.children or ())
    said = "x " + "".join(run.text for run in runs)
    assert shown.rstrip() == said.rstrip()


def test_what_stands_alone_between_other_words_is_bold() -> None:
    runs = [Run(text="用", term=None), Run(text="训练", term="a"), Run(text="神经网络", term="b")]
    assert bold_markdown(runs) == "用**训练神经网络**"
    mark = [Run(text="用", term=None), Run(text="C++", term="c"), Run(text="写", term=None)]
    assert bold_markdown(mark) == "用C++写"
    assert bold_markdown([*mark[:2], Run(text="，", term=None)]) == "用**C++**，"


def test_a_paragraph_without_english_is_read_back() -> None:
    paragraphs = (SMALL_TALK.paragraphs[0], replace(SMALL_TALK.paragraphs[1], english=span(2, 2)))
    markdown = made(
        replace(
            SMALL_TALK, english=SMALL_TALK.english[:2], paragraphs=paragraphs, vocabulary=(), alignment=None
        ),
        "md-numbered",
    )
    read = parse_notes(markdown, Path("notes.md"))
    found = [para for part in read.parts for para in part.paragraphs]
    assert [para.chinese for para in found] == [
        "那为什么键值缓存重要？因为没有它，每个新词元都要把整个提示重算一遍。",
        "量化是另一回事。",
    ]
