"""Every kind of vocabulary is known to the ranking, the labels, every output and the reader of notes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from studykit.annotate.vocabulary.candidate import Found, Place
from studykit.annotate.vocabulary.ranking import ranked
from studykit.errors import MissingError, StudykitError
from studykit.export import FORMATS, LABELS, ExportOptions, HandoutOptions
from studykit.formats.study_notes import parse_notes
from studykit.types import (
    VARIANTS,
    Gloss,
    ItemKind,
    Notes,
    NotesParagraph,
    Occurrence,
    Span,
    Variant,
    VocabularyItem,
)
from studykit.types.kinds import ITEM_KINDS, kind_in
from tests.small_site import small_site
from tests.talks import SMALL_TALK

KINDS: tuple[ItemKind, ...] = get_args(ItemKind)

LIST_ITEMS = {"md", "html", "json", "md-numbered", "md-captions", "epub", "anki-tsv", "csv"}
PRINT_ELSEWHERE = {"pdf", "apkg"}
"""The pages of html and the cards of anki-tsv, by a program or package that may be absent."""
NO_ITEMS = {"srt", "vtt", "ass", "tmx"}
LISTING_SHEETS: set[Variant] = {"study", "side-by-side"}


def of_every_kind(*, said: bool) -> Notes:
    """The small talk with one item of each kind, ``said`` in it or only explained."""
    items = []
    text = SMALL_TALK.english[1].text
    words = [Span(start=word.start(), end=word.end()) for word in re.finditer(r"\w+", text)]
    for i, kind in enumerate(KINDS):
        span = words[i % len(words)]
        items.append(
            VocabularyItem(
                head=f"sample{i}",
                kind=kind,
                lemma=f"sample{i}",
                upos=None,
                cefr="B2",
                zipf=3.0,
                glosses=(Gloss(text=f"释义{i}", language="zh", source="test"),),
                occurrences=(Occurrence(language="en", sentence=1, span=span),) if said else (),
            )
        )
    return replace(SMALL_TALK, terms=(), paragraphs=_introducing_nothing(), vocabulary=tuple(items))


def _introducing_nothing() -> tuple[NotesParagraph, ...]:
    return tuple(replace(para, introduces=()) for para in SMALL_TALK.paragraphs)


def rendered(format: str, notes: Notes, *, labels: str = "en", variant: Variant = "study") -> str:
    options = ExportOptions(labels=LABELS[labels], handout=HandoutOptions(variant=variant))
    made = FORMATS[format].make(notes, options)
    if isinstance(made, str):
        return made
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith("html"))


def test_every_kind_has_a_row() -> None:
    assert tuple(ITEM_KINDS) == KINDS
    assert all(row.key == kind for kind, row in ITEM_KINDS.items())


def test_every_output_says_whether_it_lists_items() -> None:
    assert set(FORMATS) == LIST_ITEMS | PRINT_ELSEWHERE | NO_ITEMS


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("format", sorted(LIST_ITEMS))
def test_every_kind_is_in_every_output_that_lists_items(format: str, said: bool) -> None:
    text = rendered(format, of_every_kind(said=said))
    assert [kind for i, kind in enumerate(KINDS) if f"sample{i}" not in text] == []


@pytest.mark.parametrize("labels", ["zh", "en"])
@pytest.mark.parametrize("format", ["md", "html", "epub"])
def test_every_kind_has_a_heading_in_the_language_of_the_labels(format: str, labels: str) -> None:
    text = rendered(format, of_every_kind(said=True), labels=labels)
    names = [kind.chinese if labels == "zh" else kind.english for kind in ITEM_KINDS.values()]
    places = [text.rindex(name) for name in names]
    assert places == sorted(places)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_sheet_can_be_made_of_every_kind(variant: Variant) -> None:
    text = rendered("html", of_every_kind(said=True), variant=variant)
    listed = [kind for i, kind in enumerate(KINDS) if f"sample{i}" in text]
    assert listed == (list(KINDS) if variant in LISTING_SHEETS else [])


@pytest.mark.parametrize("kind", KINDS)
def test_wording_is_marked_and_asked_for_and_nothing_else_is(kind: ItemKind) -> None:
    notes = of_every_kind(said=True)
    notes = replace(notes, vocabulary=tuple(item for item in notes.vocabulary if item.kind == kind))
    wording = ITEM_KINDS[kind].is_wording
    assert ('<b class="item">' in rendered("html", notes)) == wording
    assert ("c1::" in rendered("anki-tsv", notes)) == wording
    try:
        assert rendered("html", notes, variant="cloze")
        asked = True
    except StudykitError:
        asked = False
    assert asked == wording


@pytest.mark.parametrize("format", sorted(PRINT_ELSEWHERE))
def test_outputs_of_other_programs_take_every_kind(format: str) -> None:
    try:
        assert FORMATS[format].make(of_every_kind(said=True), ExportOptions(labels=LABELS["en"]))
    except MissingError as error:
        pytest.skip(str(error))


def test_data_names_the_kind() -> None:
    items = json.loads(rendered("json", of_every_kind(said=True)))["vocabulary"]
    assert [item["kind"] for item in items] == list(KINDS)
    rows = rendered("csv", of_every_kind(said=True)).splitlines()[1:]
    assert [row.split(",")[1] for row in rows] == list(KINDS)
    tags = rendered("anki-tsv", of_every_kind(said=True))
    assert all(f"studykit::kind::{kind}" in tags for kind in KINDS)


def test_the_site_shows_every_kind() -> None:
    site = "\n".join(small_site(talk=of_every_kind(said=True)).values())
    assert [kind for i, kind in enumerate(KINDS) if f"sample{i}" not in site] == []


@pytest.mark.parametrize("format", ["md-numbered", "md-captions"])
def test_kinds_come_back_from_notes_written_by_hand(format: str, tmp_path: Path) -> None:
    read = parse_notes(rendered(format, of_every_kind(said=False)), tmp_path / "notes.md")
    assert read
    assert [(entry.head, entry.kind) for entry in read.entries] == [
        (f"sample{i}", kind) for i, kind in enumerate(KINDS)
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("口语中的语法特点", "grammar"),
        ("短语动词表达", "phrasal_verb"),
        ("动词短语", "expression"),
        ("习语，意为……", "idiom"),
        ("专有名词", "term"),
        ("词汇表", None),
    ],
)
def test_headings_name_kinds(words: str, kind: ItemKind | None) -> None:
    assert kind_in(words) == kind


def test_every_kind_is_ranked() -> None:
    items = [
        Found(
            head=f"two words {i}",
            kind=kind,
            lemma="",
            upos=None,
            level="C1",
            level_value=5.0,
            zipf=0.0,
            places=[Place(sentence=i, span=Span(start=0, end=1))],
        )
        for i, kind in enumerate(KINDS)
    ]
    scores = {item.kind: score for item, score in ranked(items, level="B1", known=set())}
    assert set(scores) == set(KINDS)
    assert scores["idiom"] > scores["expression"] > scores["grammar"]


def test_the_documentation_names_every_kind() -> None:
    text = (Path(__file__).parent.parent / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| `head`, `kind` |")]
    assert all(f"`{kind}`" in row for kind in KINDS)
