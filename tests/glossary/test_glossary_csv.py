from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.errors import FormatError
from studykit.glossary import Entry
from studykit.glossary.exchange.cells import from_cell, to_cell
from studykit.glossary.exchange.csv_exchange import read_csv, to_csv
from studykit.glossary.exchange.tables import KEYS, located
from tests.glossary.entries import FULL, GLOSSARIES

PATH = Path("terms.csv")


def back(text: str) -> list[Entry]:
    terms, problems = located(PATH, read_csv(text, PATH))
    assert not problems
    return [term.entry for term in terms]


def test_keys_are_all_fields_and_the_full_entry_has_them_all() -> None:
    assert sorted(KEYS) == sorted(Entry.__struct_fields__)
    assert all(getattr(FULL, key) for key in KEYS)


@settings(max_examples=50)
@given(GLOSSARIES)
def test_what_is_written_is_read(entries: list[Entry]) -> None:
    assert back(to_csv(entries)) == entries


def test_cells() -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv([FULL]), newline=""))
    assert row["aliases"] == r"additive \| manufacturing | back\\slash print"
    assert row["keep_english"] == "true"
    assert row["claims"].startswith('[{"talk": "a talk"')
    assert back(to_csv([FULL])) == [FULL]


def test_what_a_spreadsheet_makes_of_it() -> None:
    """A byte order mark, columns in another order, empty ones gone, TRUE, blanks, empty rows."""
    text = (
        "\ufeffenglish , id,chinese,category,definition_en,definition_zh,source,keep_english,aliases\n"
        "layer ,layer,层次,general,A sheet. ,一层。,me,TRUE,sheet|coat\n"
        ",,,,,,,,\n"
    )
    assert back(text) == [
        Entry(
            id="layer",
            english="layer",
            chinese="层次",
            category="general",
            definition_en="A sheet.",
            definition_zh="一层。",
            source="me",
            keep_english=True,
            aliases=("sheet", "coat"),
        )
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "terms.csv:1: no column 'id'"),
        ("term,translation\na,b\n", "terms.csv:1: no column 'id'"),
        ("id,colour\nlayer,red\n", "terms.csv:1: unknown column 'colour'"),
        ("id,id\nlayer,layer\n", "terms.csv:1: repeated column 'id'"),
        ('id\n"two\nlines"\nlayer,red\n', "terms.csv:4: 2 cells under 1 columns"),
        ('id\n"layer" x\n', "terms.csv:2: not CSV"),
        ('id\n"layer', "terms.csv:2: not CSV"),
    ],
)
def test_what_is_no_table_names_its_line(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_csv(text, PATH)
    assert str(caught.value).startswith(message)


def test_broken_terms_name_their_lines() -> None:
    rows = read_csv("id,english,claims,keep_english\nlayer,layer,[1,perhaps\nLayer,coat,,\n", PATH)
    _, problems = located(PATH, rows)
    assert "terms.csv:2: term 'layer': 'claims' must be tables, written [[term.claims]]" in problems
    assert "terms.csv:2: term 'layer': 'keep_english' must be true or false" in problems
    assert "terms.csv:2: term 'layer': 'chinese' is missing" in problems
    assert any(problem.startswith("terms.csv:3: term 'Layer': 'id' must be") for problem in problems)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", "'=", "''@"])
def test_no_cell_is_a_formula(start: str) -> None:
    evil = replace(FULL, source=f'{start}HYPERLINK("http://evil")')
    (row,) = csv.DictReader(io.StringIO(to_csv([evil]), newline=""))
    assert row["source"] == f"'{evil.source}"
    assert from_cell(to_cell(evil.source)) == evil.source


@given(st.text(st.sampled_from("'=+-@＝\t x"), max_size=6))
def test_cells_are_read_back(text: str) -> None:
    assert from_cell(to_cell(text)) == text
    assert not to_cell(text).startswith(tuple("=+-@\t\r＝＋－＠"))


def test_claims_nested_without_end_are_an_error_of_the_term() -> None:
    text = to_csv([FULL])
    claims = next(csv.DictReader(io.StringIO(text, newline="")))["claims"]
    nested = text.replace('"' + claims.replace('"', '""') + '"', "[" * 100_000)
    assert nested != text
    _, problems = located(PATH, read_csv(nested, PATH))
    assert problems
