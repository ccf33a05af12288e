"""What a language model wrote, in every output: where it stands, who wrote it, what carries it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from studykit.export import FORMATS, LABELS, ExportOptions, HandoutOptions, notes_context
from studykit.export.assist.merged import assisted
from studykit.types import Assistance, Chapter, Notes, Source
from tests import strategies
from tests.assisted import ASSISTED_TALK
from tests.export.test_outputs import Reader, options
from tests.talks import SMALL_TALK

MADE = ASSISTED_TALK.assistance
assert MADE


def page(notes: Notes = ASSISTED_TALK, **handout: object) -> str:
    sheet = HandoutOptions(**handout)  # type: ignore[arg-type]
    return str(FORMATS["html"].make(notes, ExportOptions(labels=LABELS["zh"], handout=sheet)))


@pytest.mark.parametrize("labels", ["zh", "en"])
@pytest.mark.parametrize("format", ["md", "html"])
def test_notes_with_what_a_model_wrote(format: str, labels: str, golden: Callable[[str, str], None]) -> None:
    golden(f"assisted.{labels}.{format}", str(FORMATS[format].make(ASSISTED_TALK, options(labels))))


def texts(made: object) -> set[str]:
    """Every text in a model's writing but names of kinds and features, which have labels."""
    if isinstance(made, str):
        return {made}
    if isinstance(made, tuple):
        return {text for one in made for text in texts(one)}
    if isinstance(made, Struct):
        skipped = {"kind", "feature", "reason", "language", "why"}
        return {
            text
            for name in made.__struct_fields__
            if name not in skipped
            for text in texts(getattr(made, name))
        }
    return set()


def test_all_of_it_stands_in_the_notes() -> None:
    """But the English heading of a part that the talk itself names, and why an item was vetoed."""
    reader = Reader()
    reader.feed(page())
    markdown = str(FORMATS["md"].make(ASSISTED_TALK, options("zh")))
    wanted = texts(MADE) - {"What a KV cache is for"}
    assert len(wanted) > 25
    assert not {text for text in wanted if text not in reader.text}
    quotes = {quote.quote for said in MADE.statements for quote in said.evidence}
    assert not {text for text in wanted - quotes if text not in markdown.replace("\\", "")}


def test_every_statement_leads_to_its_paragraph_its_time_and_its_words() -> None:
    html = page()
    shown = re.findall(r'<details class="evidence">.*?</details>', html, re.DOTALL)
    said = list(MADE.statements)
    assert len(shown) == len(said)
    for one in said:
        mine = [
            evidence
            for evidence in shown
            if all(f">{quote.quote}</span>" in evidence for quote in one.evidence)
        ]
        assert mine
        for quote in one.evidence:
            paragraph = ASSISTED_TALK.paragraph_of("en", quote.sentence) + 1
            start_s = ASSISTED_TALK.english[quote.sentence].start_s or 0.0
            assert f'<a href="#p{paragraph}">({paragraph})</a>' in mine[0]
            assert f"t={start_s:.0f}s" in mine[0]
    assert "<script" not in html


def test_every_link_leads_somewhere() -> None:
    html = page()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(ids)
    assert {"answer-1", "question-2", "p1"} <= targets


def test_nothing_is_said_of_a_model_where_none_wrote() -> None:
    assert notes_context(SMALL_TALK, LABELS["zh"]).assistance is None
    assert assisted(SMALL_TALK) is SMALL_TALK
    assert "evidence" not in page(SMALL_TALK)


@pytest.mark.parametrize("variant", ["english", "chinese", "cloze", "dictation", "translate"])
def test_texts_to_read_and_exercises_hold_no_summary(variant: str) -> None:
    html = page(variant=variant)
    assert 'class="overview"' not in html
    assert MADE.questions[0].question.chinese not in html
    assert (
        ("ollama" in html)
        == (MADE.claims[0].statement.english in html)
        == (variant in {"english", "chinese"})
    )


def test_titles_of_ours_give_way_and_the_talks_own_stay() -> None:
    source = ASSISTED_TALK.source
    context = notes_context(ASSISTED_TALK, LABELS["zh"])
    assert context.title == "Caches & costs"
    assert [(part.title, part.translation) for part in context.parts] == [
        ("Caching", "键值缓存的用处"),
        ("Fewer bits", None),
    ]
    chapters = tuple(
        Chapter(title=one.title, start_s=one.start_s, translation="某") for one in source.chapters
    )
    ours = replace(source, title="talk-07", made_title="Caches", made_translation="缓存", chapters=chapters)
    context = notes_context(replace(ASSISTED_TALK, source=ours), LABELS["zh"])
    assert (context.title, context.translated_title) == ("What a cache saves", "缓存省下了什么")
    assert context.parts[0].title == "What a KV cache is for"
    html = page(replace(ASSISTED_TALK, source=ours))
    assert "标题由 ollama:qwen3-14b 拟定；文件名：talk-07" in html
    assert "studykit 根据内容拟定" not in html


def test_a_chinese_talk_is_headed_in_chinese() -> None:
    source = Source(id="0" * 64, kind="captions", language="zh", title="t", made_title="缓存")
    heading = replace(MADE.parts[0], summary=())
    written = Assistance(model="m", written_on="2026-11-30", title=MADE.title, parts=(heading,))
    made = assisted(replace(ASSISTED_TALK, source=source, claims=(), assistance=written))
    assert (made.source.shown_title, made.source.made_translation) == ("缓存省下了什么", "What a cache saves")
    assert (made.parts[0].title, made.parts[0].translation) == ("键值缓存的用处", "What a KV cache is for")


def test_senses_replace_glosses_missed_items_are_added_and_vetoed_ones_are_gone() -> None:
    made = assisted(ASSISTED_TALK)
    assert [(item.head, item.glosses[0].text, item.glosses[0].source) for item in made.vocabulary] == [
        ("a different story", "完全是两码事", "ollama:qwen3-14b"),
        ("cost sb sth", "让某人付出", "ollama:qwen3-14b"),
    ]
    assert made.vocabulary[0].glosses[1].text == "另一回事"
    assert made.vocabulary[0].cefr == "B2"
    context = notes_context(ASSISTED_TALK, LABELS["zh"])
    items = [item for part in context.parts for para in part.paragraphs for item in para.vocabulary]
    assert [(item.head, item.written, item.other_wording) for item in items] == [
        ("cost sb sth", True, False),
        ("a different story", True, True),
    ]
    (usual,) = notes_context(SMALL_TALK, LABELS["zh"]).vocabulary[0][1]
    assert not usual.written


def test_a_sense_of_another_paragraph_stands_there_and_changes_no_other() -> None:
    listed = MADE.items[0]
    elsewhere = replace(listed, gloss="别处的意思", occurrence=replace(listed.occurrence, sentence=0))
    made = assisted(replace(ASSISTED_TALK, assistance=replace(MADE, items=(elsewhere,))))
    assert [(item.glosses[0].text, item.occurrences[0].sentence) for item in made.vocabulary] == [
        ("另一回事", 2),
        ("别处的意思", 0),
    ]


@pytest.mark.parametrize("chosen", [{"known": ("a different story",)}, {"level": "C1"}])
def test_what_a_learner_knows_stays_away(chosen: dict[str, object]) -> None:
    html = page(**chosen)
    assert "完全是两码事" not in html
    assert "让某人付出" in html


@given(notes=strategies.notes())
@settings(max_examples=30, deadline=None)
def test_a_second_call_changes_nothing(notes: Notes) -> None:
    assert assisted(assisted(notes)) == assisted(notes)


def test_there_is_one_table_of_what_is_easily_misread_and_words_say_their_part_of_speech() -> None:
    """The finders' items of that kind stand below the model's; no item stands twice."""
    listed = replace(SMALL_TALK.vocabulary[0], head="dead serious", kind="misread")
    same = replace(listed, head="costs you")
    word = replace(listed, head="matter", kind="word", upos="VERB")
    talk = replace(
        ASSISTED_TALK, vocabulary=(listed, same, word), assistance=replace(MADE, vetoes=(), items=())
    )
    html, markdown = page(talk), str(FORMATS["md"].make(talk, options("zh")))
    assert html.count("容易误解的表达</h") == 1
    assert markdown.count("# 容易误解的表达\n") == 1
    assert "| dead serious |  | 另一回事 | (2) |" in markdown
    assert markdown.count("| costs you |") == 1
    assert "| matter v. |" in markdown
    assert '<span lang="en">matter</span> <small>v.</small>' in html


@given(notes=strategies.notes(), made=st.data())
@settings(max_examples=40, deadline=None)
def test_any_part_of_it_can_be_shown(notes: Notes, made: st.DataObject) -> None:
    """Each feature can be switched off."""
    bare = tuple(replace(para, introduces=()) for para in notes.paragraphs)
    notes = replace(notes, terms=(), paragraphs=bare)
    if notes.assistance:
        off = made.draw(
            st.sets(st.sampled_from(["title", "line", "summary", "parts", "claims", "questions"]))
        )
        nothing: dict[str, object] = {name: None if name in {"title", "line"} else () for name in off}
        notes = replace(notes, assistance=replace(notes.assistance, **nothing))  # type: ignore[arg-type]
    html = page(notes)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    for format in ("md", "epub", "csv", "anki-tsv", "md-numbered", "md-captions"):
        assert FORMATS[format].make(notes, options("en"))


def test_what_failed_is_counted_by_reason() -> None:
    html = page()
    assert "另有 3 条未能通过与原话的核对，没有采用：数字没有出处 2、引文不在所指的句子里 1。" in html
    unknown = replace(MADE, dropped=(replace(MADE.dropped[0], reason="<new>"),))
    assert "&lt;new&gt; 2" in page(replace(ASSISTED_TALK, assistance=unknown))


def test_a_users_template_may_use_it(tmp_path: Path) -> None:
    (tmp_path / "notes.md.j2").write_text(
        "{{ notes.assistance.line.chinese }} {{ notes.parts[0].questions[0].answer.paragraphs }}",
        encoding="utf-8",
    )
    made = FORMATS["md"].make(ASSISTED_TALK, options("zh", tmp_path))
    assert made == "讲键值缓存为什么重要，以及量化为什么是另一回事。 (1,)"


def test_a_title_alone_is_no_overview() -> None:
    """A title that gives way to the talk's own was all that was proven: the page named an overview."""
    title_alone = Assistance(model="m", written_on="2026-01-31", title=MADE.title)
    shown = page(replace(ASSISTED_TALK, assistance=title_alone))
    assert LABELS["zh"].assist.features["overview"] not in shown
    line = page(replace(ASSISTED_TALK, assistance=replace(title_alone, line=MADE.line)))
    assert LABELS["zh"].assist.features["overview"] in line
