"""Bold in both languages: the same items, at the edges of words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.export.page.marks import Marked, Shown, marks_of
from studykit.lexicon.pinyin import word_edges
from studykit.types import (
    Gloss,
    Notes,
    NotesParagraph,
    Occurrence,
    Part,
    Sentence,
    Term,
    VocabularyItem,
)
from tests.talks import SMALL_TALK, span

ENGLISH = ["we", "it's", "don't", "willing", "to", "trade", "off", "models", "state-of-the-art", "new."]
CHINESE = ["我们", "愿意", "权衡", "模型", "，", "新的", "最先进", "。"]
Place = tuple[int, int]


def one_paragraph(
    english: str, chinese: str, items: tuple[VocabularyItem, ...], terms: tuple[Term, ...] = ()
) -> Notes:
    """Notes of a talk of one sentence in each language; of none where the text is empty."""

    def sentences(text: str) -> tuple[Sentence, ...]:
        return (Sentence(index=0, text=text, raw=text),) if text else ()

    para = NotesParagraph(index=0, english=span(0, int(bool(english))), chinese=span(0, int(bool(chinese))))
    return replace(
        SMALL_TALK, source=replace(SMALL_TALK.source, chapters=()), english=sentences(english),
        chinese=sentences(chinese), alignment=None, parts=(Part(index=0, title=None, paragraphs=span(0, 1)),),
        paragraphs=(para,), terms=terms, vocabulary=items, claims=(), corrections=(), findings=(),
    )  # fmt: skip


def item(head: str, gloss: str, english: list[Place], chinese: list[Place]) -> VocabularyItem:
    return VocabularyItem(
        head=head, kind="word", lemma=head, upos=None, cefr=None, zipf=3.0, ipa=None, note=None,
        glosses=(Gloss(text=gloss, language="zh", source="test"),),
        occurrences=_occurrences(english, chinese),
    )  # fmt: skip


def term(entry: str, english: list[Place], chinese: list[Place]) -> Term:
    return Term(
        entry_id=entry, english=entry, abbreviation=None, chinese="模型", category="general", glosses=(),
        demo=None, occurrences=_occurrences(english, chinese),
    )  # fmt: skip


def _occurrences(english: list[Place], chinese: list[Place]) -> tuple[Occurrence, ...]:
    return tuple(
        Occurrence(language=language, sentence=0, span=span(*place))
        for language, places in (("en", english), ("zh", chinese))
        for place in places
    )


def marked(notes: Notes) -> dict[str, Marked]:
    return marks_of(
        notes, [Shown(id=f"item-{i}", item=one, paragraph=0) for i, one in enumerate(notes.vocabulary)]
    )


def bold(notes: Notes, language: str) -> list[str]:
    """The words that are bold."""
    text = notes.sentences(language)[0].text
    mine = marked(notes)[language]
    places = [
        place for marks in (mine.terms, mine.items) for where, _ in marks.get(0, ()) for place in [where]
    ]
    return [text[where.start : where.end] for where in sorted(places, key=lambda where: where.start)]


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("it's willing to help", (2, 15), ["willing to"]),  # be willing to
        ("it’s willing to help", (2, 15), ["willing to"]),
        ("they don't mind", (5, 7), ["don't"]),
        ("a model's weights", (2, 7), ["model"]),
        ("the state-of-the-art one", (4, 20), ["state-of-the-art"]),
        ("it's", (2, 4), []),
        ("it's", (3, 4), []),
        ("the 'new' one", (5, 8), ["new"]),
    ],
)
def test_english_marks_begin_and_end_with_words(text: str, place: Place, expected: list[str]) -> None:
    assert bold(one_paragraph(text, "他愿意。", (item("x", "没有", [place], []),)), "en") == expected


def test_chinese_is_marked_only_beside_its_english() -> None:
    only_chinese = term("model", [], [(4, 6)])
    lost = item("trade", "我们", [(3, 8)], [(0, 2)])
    kept = item("trade off", "权衡", [(3, 12)], [(2, 4)])
    notes = one_paragraph("we trade off", "我们权衡模型", (lost, kept), (only_chinese,))
    assert (bold(notes, "en"), bold(notes, "zh")) == (["trade off"], ["权衡"])
    assert bold(replace(notes, vocabulary=(lost,)), "zh") == ["我们"]
    alone = one_paragraph("", "我们权衡模型", (), (only_chinese,))
    assert bold(alone, "zh") == ["模型"]


def test_chinese_that_stands_there_in_whole_words_is_marked() -> None:
    use = item("use", "使用；用工", [(0, 3)], [])
    assert bold(one_paragraph("use it", "他会用工具。", (use,)), "zh") == []
    assert bold(one_paragraph("use it", "他会使用它。", (use,)), "zh") == ["使用"]


def test_chinese_of_a_term_is_marked_once_where_a_longer_term_has_it() -> None:
    short, long = term("model", [(0, 5)], []), term("large model", [(10, 21)], [(0, 4)])
    notes = one_paragraph("model and large model", "模型模型", (), (short, long))
    assert bold(notes, "zh") == ["模型模型"]
    assert bold(replace(notes, terms=(short,)), "zh") == ["模型"]


@st.composite
def talks(draw: st.DrawFn) -> Notes:
    english = " ".join(draw(st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=8)))
    chinese = "".join(draw(st.lists(st.sampled_from(CHINESE), min_size=1, max_size=8)))

    def places(text: str) -> st.SearchStrategy[list[Place]]:
        edge = st.integers(0, len(text))
        return st.lists(st.tuples(edge, edge).filter(lambda place: place[0] < place[1]), max_size=2)

    def edges(text: str) -> st.SearchStrategy[list[Place]]:
        edge = st.sampled_from(sorted(word_edges(text)))
        return st.lists(st.tuples(edge, edge).filter(lambda place: place[0] < place[1]), max_size=2)

    items = [
        item(f"item {i}", draw(st.sampled_from(CHINESE)), draw(places(english)), draw(edges(chinese)))
        for i in range(draw(st.integers(0, 4)))
    ]
    return one_paragraph(english, chinese, tuple(items))


@given(talks())
def test_marks_of_any_paragraph_are_the_same_items_in_whole_words(notes: Notes) -> None:
    marks = marked(notes)
    (english,), (chinese,) = notes.english, notes.chinese
    said = dict.fromkeys(id_ for _, id_ in marks["en"].items.get(0, ()))
    translated = {id_ for _, id_ in marks["zh"].items.get(0, ())}
    assert translated <= said.keys()
    for where, _ in marks["en"].items.get(0, ()):
        before, after = english.text[: where.start], english.text[where.end :]
        assert not re.search(r"\w['’]?$", before) or not english.text[where.start].isalnum()
        assert not (english.text[where.end - 1].isalnum() and after[:1].isalnum())
    edges = word_edges(chinese.text)
    covered = {i for where, _ in marks["zh"].items.get(0, ()) for i in range(where.start, where.end)}
    for where, _ in marks["zh"].items.get(0, ()):
        assert {where.start, where.end} <= edges
    for id_ in said:
        gloss = notes.vocabulary[int(id_.removeprefix("item-"))].glosses[0].text
        at = chinese.text.find(gloss)
        if len(gloss) > 1 and at >= 0 and {at, at + len(gloss)} <= edges and id_ not in translated:
            assert covered & set(range(at, at + len(gloss)))  # another item has it


@settings(max_examples=20)
@given(talks())
def test_bold_is_balanced_in_markdown(notes: Notes) -> None:
    page = str(FORMATS["md"].make(notes, ExportOptions(labels=LABELS["zh"])))
    line = next(line for line in page.splitlines() if line.startswith("(1)"))
    assert line.count("**") % 2 == 0
