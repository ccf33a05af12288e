"""Study notes of others into the database, out in the styles they came in, and back again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studykit.errors import InputError
from studykit.export import FORMATS, LABELS, ExportOptions, HandoutOptions, notes_context
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.store import Store
from studykit.talk import SILENT, NotesResult, make_notes, open_talk
from studykit.talk.review.bead_edits import merge
from studykit.talk.review.reviewer import Reviewer
from studykit.types import DOUBT_MARK, DOUBTFUL, RESTORED, Notes
from tests.align.bags import BagEncoder
from tests.formats.test_mojibake import damaged
from tests.formats.test_study_notes import CAPTIONS, CHAPTERED, NUMBERED


@pytest.fixture(autouse=True)
def _no_model(bags: BagEncoder) -> None:
    """Pairs are known, so the encoder hardly matters."""


def import_text(text: str, folder: Path, *, translation: Path | None = None) -> NotesResult:
    path = folder / "notes.md"
    path.write_text(text, encoding="utf-8")
    with Store(folder / "study.db") as store:
        made = make_notes(open_talk(path, translation=translation, store=store, glossary=Glossary([])))
        assert store.load(made.notes.source.id) == made.notes
        return made


def exported(notes: Notes, style: str) -> str:
    text = FORMATS[style].make(notes, ExportOptions(labels=LABELS["zh"]))
    assert isinstance(text, str)
    return text


def tables(notes: Notes) -> tuple[object, ...]:
    """All of a talk's tables but its own row, whose id is the file's."""
    return (
        *(notes.english, notes.chinese, notes.parts, notes.paragraphs, notes.vocabulary, notes.claims),
        *(notes.source.title, notes.source.chapters, notes.source.duration_s),
        notes.alignment.beads if notes.alignment else (),
    )


def test_numbered_notes_keep_their_paragraphs_and_pairs(tmp_path: Path) -> None:
    made = import_text(NUMBERED, tmp_path)
    notes = made.notes
    assert (made.format, notes.source.kind, notes.source.duration_s) == ("notes-numbered", "notes", 3620.0)
    assert [(para.start_s, para.end_s) for para in notes.paragraphs] == [
        (590.0, 606.0),
        (3571.0, 3618.0),
        (3618.0, 3620.0),
    ]
    assert [len(para.english) for para in notes.paragraphs] == [1, 2, 1]
    assert [part.title for part in notes.parts] == ["缓存为什么重要", "问答"]
    cache = next(item for item in notes.vocabulary if item.head == "cache")
    assert [gloss.text for gloss in cache.glosses] == ["缓存（技术术语）", "n.", "缓存"]
    assert cache.upos == "NOUN"
    (at,) = cache.occurrences
    assert notes.english[at.sentence].text[at.span.start : at.span.end] == "cache"
    assert [claim.part for claim in notes.claims] == [0, 0, None]


def test_a_head_with_dots_is_found_taken_apart(tmp_path: Path) -> None:
    text = NUMBERED.replace("**not...but**", "**throw...out**").replace(
        "A cache is", "Do not throw the old cache out, it is"
    )
    notes = import_text(text, tmp_path).notes
    item = next(item for item in notes.vocabulary if item.head == "throw...out")
    (at,) = item.occurrences
    assert notes.english[at.sentence].text[at.span.start : at.span.end] == "throw the old cache out"


def test_what_was_damaged_is_restored_and_says_so(tmp_path: Path) -> None:
    whole = import_text(NUMBERED, tmp_path).notes
    folder = tmp_path / "damaged"
    folder.mkdir()
    made = import_text(damaged(NUMBERED), folder)
    assert made.restored_chars == sum(len(damaged(char)) < len(char.encode()) for char in NUMBERED)
    assert made.notes.english == whole.english
    right = [a.text == b.text for a, b in zip(made.notes.chinese, whole.chinese, strict=True)]
    assert any(right)
    assert "cp1254" in made.warnings[0]
    for correction in made.notes.corrections:
        assert (correction.language, correction.rule) == ("zh", RESTORED)
        raw = made.notes.chinese[correction.sentence].raw
        assert raw[correction.span.start : correction.span.end] == correction.right
    assert made.notes.corrections


def test_restored_characters_in_doubt_are_marked_where_they_stand(tmp_path: Path) -> None:
    notes = import_text(damaged(NUMBERED), tmp_path).notes
    doubtful = [c for c in notes.corrections if c.confidence < DOUBTFUL]
    sure = [c for c in notes.corrections if c.confidence >= DOUBTFUL]
    context = notes_context(notes, LABELS["zh"])
    assert context.doubts_marked
    assert not context.corrections
    shown = "".join(run.text for part in context.parts for para in part.paragraphs for run in para.chinese)
    assert shown.count(DOUBT_MARK) == len(doubtful) > 0
    assert len(sure) > len(doubtful)
    for correction in doubtful:
        raw = notes.chinese[correction.sentence].raw
        assert raw[: correction.span.end][-4:] + DOUBT_MARK in shown
    for name in ("md", "html"):
        page = exported(notes, name)
        assert LABELS["zh"].doubts_marked in page
        assert page.count(DOUBT_MARK) > len(doubtful)
    assert DOUBT_MARK not in exported(import_text(NUMBERED, tmp_path).notes, "md")


def test_cards_subtitles_and_sheets_mark_characters_in_doubt(tmp_path: Path) -> None:
    notes = import_text(damaged(NUMBERED), tmp_path).notes
    doubtful = [c for c in notes.corrections if c.confidence < DOUBTFUL]
    for name in ("srt", "vtt", "ass"):
        lines = exported(notes, name).replace("\n", "").replace("\\N", "")
        assert lines.count(DOUBT_MARK) == len(doubtful) > 0
    for name in ("anki-tsv", "csv"):
        assert DOUBT_MARK in exported(notes, name)
    sheet = ExportOptions(labels=LABELS["zh"], handout=HandoutOptions(variant="translate"))
    assert DOUBT_MARK in str(FORMATS["html"].make(notes, sheet))
    memory = exported(notes, "tmx")
    assert "<note>left out: " in memory
    assert memory.count("<tu ") < len(notes.alignment.beads if notes.alignment else ())


@pytest.mark.parametrize(("text", "style"), [(NUMBERED, "md-numbered"), (CAPTIONS, "md-numbered")])
def test_out_in_numbered_paragraphs_and_in_again(text: str, style: str, tmp_path: Path) -> None:
    first = import_text(text, tmp_path).notes
    once = import_text(exported(first, style), tmp_path).notes
    again = import_text(exported(once, style), tmp_path).notes
    assert tables(again) == tables(once)
    if text is NUMBERED:
        assert tables(once) == tables(first)


def test_out_as_captions_and_in_again(tmp_path: Path) -> None:
    first = import_text(CAPTIONS, tmp_path).notes
    once = import_text(exported(first, "md-captions"), tmp_path).notes
    assert [s.text for s in once.english] == [s.text for s in first.english]
    assert (once.chinese, once.vocabulary, once.claims) == (first.chinese, first.vocabulary, first.claims)
    again = import_text(exported(once, "md-captions"), tmp_path).notes
    assert tables(again) == tables(once)


ENGLISH = st.lists(
    st.sampled_from(
        ["We keep a cache.", "Is it big?", "Well, *that* depends.", "It costs $5 | or more.", "# 3 is it."]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
CHINESE = st.sampled_from(["", "我们留着缓存。", "它大吗？看情况。", "要花 $5 | 以上。", "“很好”，他说。"])
HEADS = st.sampled_from(
    ["cache", "keep...cache", "it depends", "5 | 6", "like (作为填充词)", "<b>big</b>", "[x](y)"]
)
MEANING = st.sampled_from(["缓存", "有点 | 某种", "a_b*c", "取决于：情况", "（口语表达）就是说", "第1条"])


@st.composite
def numbered(draw: st.DrawFn) -> str:
    """A document in the numbered style, with what people put into one."""

    def md(text: str) -> str:
        return "".join(f"\\{char}" if char in "\\*_[]<>#|~$`" else char for char in text)

    lines = [f"# {md(draw(st.sampled_from(['笔记', 'Notes * 1', '学习 📚'])))}", ""]
    at = draw(st.integers(0, 4000))
    number = 0
    for part in range(draw(st.integers(1, 3))):
        if part:
            lines.append(
                draw(st.sampled_from([f"# 第{part + 1}部分：下一个 {part}", f"## Q&A：问题 {part}"]))
            )
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            end = at + draw(st.integers(1, 90))
            clocks = [
                f"{t // 3600}:{t % 3600 // 60:02}:{t % 60:02}" if t >= 3600 else f"{t // 60:02}:{t % 60:02}"
                for t in (at, end)
            ]
            lines += [
                "---",
                f"({number}) [{clocks[0]}-{clocks[1]}] **{md(draw(ENGLISH))}**",
                "",
                md(draw(CHINESE)),
                "",
            ]
            at = end + draw(st.integers(0, 5))
            explained = draw(st.lists(st.tuples(HEADS, MEANING), max_size=2, unique_by=lambda row: row[0]))
            if explained:
                lines += ["解析：", *(f"* **{md(head)}**：{md(meaning)}" for head, meaning in explained), ""]
        lines += ["## 小结", ""]
        claims = draw(st.lists(MEANING, max_size=2))
        lines += [f"{i}. **要点**：{md(text)}\n   - {md(text)}" for i, text in enumerate(claims, 1)]
        rows = draw(st.lists(st.tuples(HEADS, MEANING), max_size=3, unique_by=lambda row: row[0]))
        if rows:
            lines += ["### 词汇表", "", "| 词汇 | 词性 | 含义 |", "|---|---|---|"]
            lines += [f"| **{md(head)}** | n. | {md(meaning)} |" for head, meaning in rows]
        lines.append("")
    return "\n".join(lines)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbered())
def test_any_numbered_notes_out_and_in_again(text: str) -> None:
    with TemporaryDirectory() as folder:
        first = import_text(text, Path(folder)).notes
        once = import_text(exported(first, "md-numbered"), Path(folder)).notes
        assert tables(once) == tables(first)


def test_chapters_have_paragraphs_of_ours(tmp_path: Path) -> None:
    notes = import_text(CHAPTERED, tmp_path).notes
    assert notes.timing == "restored"
    assert [part.title for part in notes.parts] == ["introduction", "what to keep, and/or drop"]
    assert [sent.text for sent in notes.chinese] == ["要留什么", "留最近的", "项目；理由", "键；要用"]
    first = notes.parts[1].paragraphs.start
    assert all(not len(para.chinese) for para in notes.paragraphs[:first])


def test_captions_by_chapter_are_put_right_and_explained(tmp_path: Path) -> None:
    text = CHAPTERED.replace("so what do we keep", "so um what do we weed out of the the cache")
    notes = import_text(text, tmp_path).notes
    said = next(sent for sent in notes.english if "weed out" in sent.raw)
    assert "um what do we weed out of the the cache" in said.raw
    assert "what do we weed out of the cache" in said.text
    assert "weed out" in {item.head for item in notes.vocabulary}


def test_a_lock_keeps_what_the_notes_said(tmp_path: Path) -> None:
    notes = import_text(NUMBERED, tmp_path).notes
    with Store(tmp_path / "study.db") as store:
        reviewer = Reviewer(store, notes.source.id, glossary=Glossary([]), options=Options(), progress=SILENT)
        changed = reviewer.apply(merge(reviewer.beads, 1, 2)).notes
    assert (changed.vocabulary, changed.claims) == (notes.vocabulary, notes.claims)
    assert changed.alignment
    assert changed.alignment.beads[0].locked


def test_notes_bring_their_own_chinese(tmp_path: Path) -> None:
    other = tmp_path / "zh.txt"
    other.write_text("中文。", encoding="utf-8")
    with pytest.raises(InputError, match="has its own Chinese"):
        import_text(NUMBERED, tmp_path, translation=other)


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    import_text(NUMBERED, tmp_path)
    assert all(stage.cached for stage in import_text(NUMBERED, tmp_path).stages)
