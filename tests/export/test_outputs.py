"""Whole outputs of a small talk, and hostile text in each of them."""

from __future__ import annotations

import html.parser
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.errors import TemplateError
from studykit.export import FORMATS, LABELS, ExportOptions, notes_context
from studykit.export.page.markdown import notes_markdown
from studykit.types import Claim, Correction, Finding, Gloss, Notes, VocabularyItem
from tests.talks import SMALL_TALK, span

HOSTILE = (
    "<script>alert(1)</script> \"q\" 's' {{ 7*7 }} {% raw %} **b** [x](javascript:1) `c` | \u202eabc 😀 "
    + "长" * 300
)


def options(labels: str, templates: Path | None = None) -> ExportOptions:
    return ExportOptions(labels=LABELS[labels], templates=templates)


@pytest.mark.parametrize("labels", ["zh", "en"])
@pytest.mark.parametrize("format", ["md", "html"])
def test_notes_with_labels(format: str, labels: str, golden: Callable[[str, str], None]) -> None:
    golden(f"small.{labels}.{format}", FORMATS[format].make(SMALL_TALK, options(labels)))


@pytest.mark.parametrize("format", ["json", "srt"])
def test_notes_as_data(format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"small.{format}", FORMATS[format].make(SMALL_TALK, options("zh")))


def english_only(notes: Notes) -> Notes:
    paragraphs = tuple(
        replace(para, chinese=span(0, 0), score=None, introduces=()) for para in notes.paragraphs
    )
    return replace(
        notes, chinese=(), alignment=None, paragraphs=paragraphs, terms=(), vocabulary=(), claims=()
    )


def test_without_a_translation_the_notes_say_how_to_add_one() -> None:
    text = FORMATS["md"].make(english_only(SMALL_TALK), options("en"))
    assert text.count("--translation FILE") == 1
    assert "键值缓存" not in text
    assert "Not translated" not in text


def hostile_talk() -> Notes:
    first = SMALL_TALK.english[0]
    return replace(
        SMALL_TALK,
        source=replace(SMALL_TALK.source, title=HOSTILE, url="javascript:alert(1)"),
        english=(replace(first, text=HOSTILE, raw=HOSTILE, speaker=HOSTILE), *SMALL_TALK.english[1:]),
        chinese=(replace(SMALL_TALK.chinese[0], text=HOSTILE), *SMALL_TALK.chinese[1:]),
        parts=tuple(replace(part, title=HOSTILE) for part in SMALL_TALK.parts),
        paragraphs=tuple(replace(para, speaker=HOSTILE) for para in SMALL_TALK.paragraphs),
    )


class Reader(html.parser.HTMLParser):
    """The text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_text_stays_text_in_html() -> None:
    reader = Reader()
    reader.feed(FORMATS["html"].make(hostile_talk(), options("zh")))
    assert "script" not in reader.tags
    assert not [link for link in reader.links if not link.startswith("#")]
    assert reader.text.count(HOSTILE) >= 5
    assert "49" not in reader.text


def test_hostile_text_stays_text_in_markdown() -> None:
    text = FORMATS["md"].make(hostile_talk(), options("zh"))
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert not re.search(r"(?<!\\)\]\(", text)  # no link at all
    assert "{{ 7*7 }}" not in text
    assert "\\{\\{ 7\\*7 \\}\\}" in text


def test_json_is_whole_and_stable() -> None:
    made = FORMATS["json"].make(SMALL_TALK, options("zh"))
    document = json.loads(made)
    assert [len(para["english"]) for para in document["paragraphs"]] == [2, 1]
    assert document["beads"][2] == {"source": [2], "target": [2], "score": 0.31, "locked": False}
    assert made == FORMATS["json"].make(SMALL_TALK, options("en"))


def test_times_link_to_the_second() -> None:
    context = notes_context(SMALL_TALK, LABELS["zh"])
    times = [para.time for part in context.parts for para in part.paragraphs]
    assert [time.label for time in times if time] == ["01:00-01:07", "01:10-01:12"]
    assert times[1]
    assert times[1].url == "https://www.youtube.com/watch?v=abc&t=70s"


def test_a_users_template_comes_first_and_an_unknown_field_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.md.j2").write_text(
        "{{ notes.title }}: {{ notes.parts | length }} parts", encoding="utf-8"
    )
    made = notes_markdown(SMALL_TALK, options("en", tmp_path))
    assert made == "Caches & costs: 2 parts"
    (tmp_path / "notes.md.j2").write_text("{{ notes.tittle }}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"notes\.md\.j2: it uses an unknown field.*tittle"):
        notes_markdown(SMALL_TALK, options("en", tmp_path))
    (tmp_path / "notes.md.j2").write_text("one\n{% if %}", encoding="utf-8")
    with pytest.raises(TemplateError, match="line 2"):
        notes_markdown(SMALL_TALK, options("en", tmp_path))


def test_the_head_says_who_published_and_who_translated() -> None:
    source = replace(
        SMALL_TALK.source, channel="<b>Tom & Co</b>", published="2024-05-01", translation="translated"
    )
    talk = replace(SMALL_TALK, source=source)
    html = FORMATS["html"].make(talk, options("zh"))
    assert "<dd>&lt;b&gt;Tom &amp; Co&lt;/b&gt;, 2024-05-01</dd>" in html
    assert LABELS["zh"].machine_translated in html
    text = FORMATS["md"].make(talk, options("en"))
    assert "Tom & Co" in text
    assert LABELS["en"].machine_translated in text
    assert LABELS["en"].machine_translated not in FORMATS["md"].make(SMALL_TALK, options("en"))


def test_what_was_read_and_what_was_put_right_stand_in_the_notes() -> None:
    first = SMALL_TALK.english[0]
    talk = replace(
        SMALL_TALK,
        english=(replace(first, raw="So um why does a <b>KB</b> cache matter?"), *SMALL_TALK.english[1:]),
        corrections=(
            Correction(
                language="en",
                sentence=0,
                span=span(14, 23),
                wrong="<b>KB</b> cache",
                right="KV cache",
                rule="listed",
                confidence=0.9,
            ),
        ),
    )
    reader = Reader()
    reader.feed(FORMATS["html"].make(talk, options("en")))
    assert reader.tags.count("details") == 1
    assert "b" not in reader.tags[reader.tags.index("details") : reader.tags.index("details") + 3]
    assert "So um why does a <b>KB</b> cache matter?" in reader.text
    markdown = FORMATS["md"].make(talk, options("en"))
    assert "| KV cache | listed | 0.90 | (1) | 1 |" in markdown
    assert "<b>" not in markdown.replace("\\<b\\>", "")


def test_words_without_chinese_are_named_and_guesses_are_marked() -> None:
    (known,) = SMALL_TALK.vocabulary
    guess = replace(known, glosses=(Gloss(text="另一回事", language="zh", source="test", guess=True),))
    bare = replace(known, head="<matter>", kind="word", glosses=())
    talk = replace(SMALL_TALK, vocabulary=(guess, bare))
    page = str(FORMATS["md"].make(talk, options("zh")))
    assert page.count("(推测)") == 2  # in its paragraph and in the table
    assert page.count("标有“推测”的释义") == 1
    assert "推测" not in str(FORMATS["md"].make(SMALL_TALK, options("zh")))
    assert "\n未能给出中文的词：\\<matter\\>\n" in page
    assert "| \\<matter\\> |" not in page
    sheet = str(FORMATS["html"].make(talk, options("zh")))
    assert '未能给出中文的词：<span lang="en">&lt;matter&gt;</span>' in sheet
    items = json.loads(str(FORMATS["json"].make(talk, options("zh"))))["vocabulary"]
    assert [item["head"] for item in items if not item["glosses"]] == ["<matter>"]
    assert "另一回事（推测）" in str(FORMATS["anki-tsv"].make(talk, options("zh")))
    assert "未能" not in str(FORMATS["md"].make(SMALL_TALK, options("zh")))


def test_a_term_that_hand_made_notes_explain_is_explained_once() -> None:
    term = SMALL_TALK.terms[0]
    said = tuple(at for at in term.occurrences if at.language == "en")
    item = VocabularyItem(
        head=f"KV ({term.english})",
        kind="term",
        lemma=term.english,
        upos=None,
        cefr=None,
        zipf=0.0,
        glosses=(Gloss(language="zh", text="记者的解释", source="notes"),),
        occurrences=said,
    )
    notes = replace(SMALL_TALK, vocabulary=(item,))
    context = notes_context(notes, LABELS["zh"])
    [para] = [para for part in context.parts for para in part.paragraphs if para.terms]
    assert [found.in_own_words for found in para.terms if found.id == term.entry_id] == ["记者的解释"]
    assert para.vocabulary == ()
    text = FORMATS["md"].make(notes, options("zh"))
    assert text.count(f"* **{term.english}**") == 1
    assert f"{term.chinese}。" not in text


def test_the_points_of_a_claim_are_a_list() -> None:
    claim = Claim(statement="", statement_zh="两个问题：\n数据 *\n更新", evidence=(), score=1.0)
    notes = replace(SMALL_TALK, claims=(claim,))
    assert "1. 两个问题：\n   * 数据 \\*\n   * 更新\n" in FORMATS["md"].make(notes, options("zh"))
    page = FORMATS["html"].make(notes, options("zh"))
    assert '<ul lang="zh-Hans"><li>数据 *</li>\n<li>更新</li></ul>' in page


def test_a_finding_about_one_language_prints_its_sentence() -> None:
    finding = Finding(
        kind="omitted",
        severity="low",
        paragraph=0,
        english="",
        chinese="多出来的<一句>。",
        message="the English has nothing of this sentence",
        message_zh="英文里没有这一句",
    )
    notes = replace(SMALL_TALK, findings=(finding,))
    assert "英文里没有这一句：多出来的\\<一句\\>。\n\n" in FORMATS["md"].make(notes, options("zh"))
    assert ">多出来的&lt;一句&gt;。</span></p>" in FORMATS["html"].make(notes, options("zh"))
