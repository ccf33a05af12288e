"""Handouts as pages: what each sheet holds, exercises and their answers, hostile text, templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from msgspec.structs import replace

from studykit.errors import OutputError, StudykitError, TemplateError
from studykit.export import FORMATS, LABELS, ExportOptions, HandoutOptions
from studykit.export.handout import notes_html
from studykit.export.handout.context import sheet_context, wanted
from studykit.export.handout.exercises import ExercisePart, exercises
from studykit.export.handout.qr import qr_code
from studykit.export.page.notes_context import notes_context
from studykit.export.page.render import brief, by_word, escape_css, highlighted, linked
from studykit.export.page.runs import Run
from studykit.types import VARIANTS, Notes, NotesParagraph, Occurrence, Sentence, VocabularyItem
from tests.export.test_outputs import Reader, english_only, hostile_talk
from tests.talks import SMALL_TALK, span


def page(notes: Notes = SMALL_TALK, labels: str = "en", templates: Path | None = None, **handout: Any) -> str:
    options = ExportOptions(labels=LABELS[labels], templates=templates, handout=HandoutOptions(**handout))
    return notes_html(notes, options)


def body(html: str) -> str:
    reader = Reader()
    reader.feed(html[html.index("<main>") :])
    return " ".join(reader.text.split())


def asked(notes: Notes, **handout: Any) -> list[ExercisePart]:
    options = HandoutOptions(**handout)
    context = notes_context(notes, LABELS["en"])
    return exercises(wanted(notes, options), [part.time for part in context.parts], options)


def test_a_sheet_with_everything(golden: Callable[[str, str], None]) -> None:
    html = page(variant="side-by-side", pinyin=True, ipa=True, notes_margin=True, paper="letter")
    golden("small.side-by-side.html", html)


def test_every_sheet_holds_what_its_name_says() -> None:
    english, chinese = SMALL_TALK.english[2].text, SMALL_TALK.chinese[2].text
    holds = {variant: body(page(variant=variant)) for variant in VARIANTS if variant != "cloze"}
    assert {variant for variant, text in holds.items() if english in text} == {
        "study",
        "english",
        "side-by-side",
        "dictation",
        "translate",
    }
    assert {variant for variant, text in holds.items() if chinese in text} == {
        "study",
        "chinese",
        "side-by-side",
        "translate",
    }
    for variant in ("dictation", "translate"):
        task, answers = holds[variant].split("Answers", 1)
        assert english not in task
        assert english in answers


def test_every_link_of_a_sheet_leads_somewhere() -> None:
    """An exercise leaves out parts without a task; its contents once listed them all the same."""
    first = SMALL_TALK.parts[0].paragraphs
    kept = tuple(
        item
        for item in SMALL_TALK.vocabulary
        if all(SMALL_TALK.paragraph_of(at.language, at.sentence) not in first for at in item.occurrences)
    )
    bare = tuple(replace(para, introduces=()) for para in SMALL_TALK.paragraphs)
    for notes in (SMALL_TALK, replace(SMALL_TALK, vocabulary=kept, terms=(), paragraphs=bare)):
        for variant in VARIANTS:
            try:
                html = page(notes, variant=variant)
            except OutputError:
                continue
            ids = set(re.findall(r'\bid="([^"]+)"', html))
            assert set(re.findall(r'href="#([^"]+)"', html)) <= ids, variant


def test_file_names_tell_sheets_apart() -> None:
    names = {
        FORMATS[format].file_name(
            "talk", ExportOptions(labels=LABELS["zh"], handout=HandoutOptions(variant=variant))
        )
        for format in ("html", "pdf", "srt")
        for variant in ("study", "cloze")
    }
    assert names == {"talk.notes.html", "talk.cloze.html", "talk.notes.pdf", "talk.cloze.pdf", "talk.srt"}


def lesson() -> Notes:
    """Four sentences with items that overlap in all ways that matter to a cloze."""
    texts = ("Hang on, hang on a bit.", "Now hang on.", "A tiny bit, in the main.", "Tiny steps.")
    found = [
        ("hang on", "B1", [(0, "Hang on"), (0, "hang on"), (1, "hang on")]),
        ("bit", "A2", [(0, "bit"), (2, "bit")]),
        ("tiny", "B2", [(2, "tiny"), (3, "Tiny")]),
        ("steps", None, [(3, "steps")]),
    ]
    rest = (NotesParagraph(index=0, english=span(0, 4), chinese=span(0, 0)),)
    return replace(
        english_only(SMALL_TALK),
        english=tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts)),
        paragraphs=rest,
        parts=(replace(SMALL_TALK.parts[0], paragraphs=span(0, 1)),),
        vocabulary=tuple(
            VocabularyItem(
                head=head,
                kind="word",
                lemma=head,
                upos=None,
                cefr=level,  # type: ignore[arg-type]
                zipf=3.0,
                glosses=(),
                occurrences=tuple(
                    Occurrence(
                        language="en",
                        sentence=i,
                        span=span(texts[i].index(form), texts[i].index(form) + len(form)),
                    )
                    for i, form in places
                ),
            )
            for head, level, places in found
        ),
    )


def test_gaps_have_one_answer_each_and_no_form_twice() -> None:
    (part,) = asked(lesson(), variant="cloze")
    assert [(gap.number, gap.answer, gap.word) for gap in part.gaps] == [
        (1, "Hang on", "hang on"),
        (2, "tiny", "tiny"),
        (3, "steps", "steps"),
    ]
    assert part.bank == ("hang on", "steps", "tiny")
    (task,) = part.tasks
    filled = "".join(piece.gap.answer if piece.gap else piece.text for piece in task.pieces)
    assert filled == " ".join(sent.text for sent in lesson().english)


def doubted(notes: Notes, *english: int) -> Notes:
    return replace(
        notes,
        english=tuple(replace(sent, doubtful=sent.index in english) for sent in notes.english),
    )


def test_nothing_is_asked_about_what_is_hard_to_hear() -> None:
    (part,) = asked(doubted(lesson(), 0, 3), variant="cloze")
    assert [gap.answer for gap in part.gaps] == ["hang on", "tiny"]
    whole = {
        variant: [task.answer for part in asked(SMALL_TALK, variant=variant) for task in part.tasks]
        for variant in ("dictation", "translate")
    }
    first = SMALL_TALK.english[0].text
    for variant, answers in whole.items():
        assert first in answers[0]
        parts = asked(doubted(SMALL_TALK, 0), variant=variant)
        assert [task.answer for part in parts for task in part.tasks] == answers[1:]
        with pytest.raises(StudykitError, match="hard to hear"):
            asked(doubted(SMALL_TALK, *range(len(SMALL_TALK.english))), variant=variant)
    unaligned = replace(doubted(SMALL_TALK, 0), alignment=None)
    parts = asked(unaligned, variant="translate")
    assert not any(first in task.answer for part in parts for task in part.tasks)


def test_level_and_known_words_decide_what_is_asked() -> None:
    (part,) = asked(lesson(), variant="cloze", level="B2", known=("steps",))
    assert [gap.answer for gap in part.gaps] == ["tiny"]
    with pytest.raises(StudykitError, match="--level"):
        asked(lesson(), variant="cloze", level="C2", known=("steps",))


def test_a_talk_without_vocabulary_is_asked_for_its_terms() -> None:
    (part,) = asked(replace(SMALL_TALK, vocabulary=()), variant="cloze")
    assert [(gap.answer, gap.gloss) for gap in part.gaps] == [("KV cache", "键值缓存")]


def test_there_are_lines_enough_to_write_on() -> None:
    parts = asked(SMALL_TALK, variant="dictation")
    tasks = [task for part in parts for task in part.tasks]
    assert [task.lines for task in tasks] == [1, 2, 1]
    assert [task.time.start_s for task in tasks if task.time] == [60.0, 62.5, 70.0]
    wider = asked(SMALL_TALK, variant="dictation", large=True, notes_margin=True)
    assert [task.lines for part in wider for task in part.tasks] == [2, 3, 2]


@pytest.mark.parametrize(
    ("variant", "told"),
    [("chinese", "needs Chinese"), ("side-by-side", "--translation"), ("translate", "--translation")],
)
def test_what_a_sheet_lacks_is_told(variant: str, told: str) -> None:
    with pytest.raises(StudykitError, match=told):
        page(english_only(SMALL_TALK), variant=variant)


def test_known_words_are_not_explained() -> None:
    assert "a different story" in page()
    assert "另一回事</span>" not in page(known=("a different story",))
    assert "另一回事</span>" not in page(level="C1")


@pytest.mark.parametrize("variant", VARIANTS)
def test_hostile_text_stays_text_on_every_sheet(variant: str) -> None:
    html = page(hostile_talk(), variant=variant, pinyin=True)
    style, rest = html.split("</style>")
    reader = Reader()
    reader.feed(rest)
    assert "script" not in reader.tags
    assert "49" not in reader.text
    assert "<script" not in style
    assert style.count("{") == style.count("}")
    assert [link for link in reader.links if not link.startswith("#")] == []


def test_text_in_a_style_sheet_cannot_leave_its_string() -> None:
    assert escape_css('a"b\\c</style>\n}{中') == r"a\22 b\5c c\3c \2f style\3e  \7d \7b 中"


def test_titles_are_cut_by_width() -> None:
    assert brief("Attention", 9) == "Attention"
    assert brief("Attention", 5) == "Atte…"
    assert brief("注意力机制", 7) == "注意力…"


def test_a_word_across_runs_is_cut_with_its_syllables() -> None:
    pieces = by_word([Run(text="重", term="x"), Run(text="要", term=None), Run(text="。", term=None)])
    assert [[(word.text, word.pinyin) for word in words] for _, words in pieces] == [
        [("重", "zhòng")],
        [("要", "yào")],
        [("。", "")],
    ]


def test_runs_become_html_and_what_they_say_stays_text() -> None:
    runs = (
        Run(text="a < b, ", term=None),
        Run(text="KV & cache", term="kv"),
        Run(text="<i>", term="x"),
        Run(text='"so"', term=None, item="item-1"),
    )
    assert linked(runs, {"kv": "../terms/kv.html?a&b"}, "t1-") == (
        'a &lt; b, <a class="term" href="../terms/kv.html?a&amp;b">KV &amp; cache</a>'
        '<a class="term" href="#t1-term-x">&lt;i&gt;</a><b class="item">&#34;so&#34;</b>'
    )
    assert highlighted(runs) == ("a &lt; b, <mark>KV &amp; cache</mark><mark>&lt;i&gt;</mark>&#34;so&#34;")


def test_a_code_draws_the_modules_that_its_address_needs() -> None:
    code = qr_code("https://youtu.be/abc?t=61s")
    drawn = {
        (int(x) + i, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", code.path)
        for i in range(int(width))
    }
    rows = segno.make("https://youtu.be/abc?t=61s", error="m", micro=False).matrix
    assert code.size == len(rows)
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_codes_lead_to_the_second_where_a_part_begins() -> None:
    options = ExportOptions(labels=LABELS["en"])
    sheet = sheet_context(SMALL_TALK, notes_context(SMALL_TALK, LABELS["en"]), options, {})
    assert [code.url[-6:] for code in sheet.codes.values()] == ["&t=60s", "&t=70s"]


def test_short_parts_share_a_page() -> None:
    options = ExportOptions(labels=LABELS["en"])
    long = replace(
        SMALL_TALK,
        parts=tuple(
            replace(SMALL_TALK.parts[0], index=i, paragraphs=span(0, size))
            for i, size in enumerate((4, 2, 1, 3, 1))
        ),
        paragraphs=tuple(replace(SMALL_TALK.paragraphs[1], index=i, introduces=()) for i in range(4)),
        claims=(),
        terms=(),
    )
    sheet = sheet_context(long, notes_context(long, LABELS["en"]), options, {})
    assert [(section.first, section.last) for section in sheet.sections] == [(1, 1), (2, 5)]


def test_a_users_template_comes_first_and_sees_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "exercise.html.j2").write_text("{{ sheet.variant }}!{{ sheet.exercises | length }}")
    assert "translate!2" in page(templates=tmp_path, variant="translate")
    (tmp_path / "exercise.html.j2").write_text("{{ sheet.varient }}")
    with pytest.raises(TemplateError, match=r"unknown field.*varient"):
        page(templates=tmp_path, variant="translate")
