"""Vocabulary as a table."""

from __future__ import annotations

import csv
import io

from msgspec.structs import replace

from studykit.export.data.vocabulary import VOCABULARY_COLUMNS, vocabulary_csv
from tests.talks import SMALL_TALK


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_terms_and_items_are_rows_with_their_examples() -> None:
    term, item = rows(vocabulary_csv(SMALL_TALK))
    assert list(term) == VOCABULARY_COLUMNS
    assert (term["head"], term["kind"], term["gloss_zh"], term["time_s"]) == (
        "KV cache",
        "term",
        "键值缓存",
        "60.0",
    )
    assert (item["cefr"], item["example_zh"], item["count"]) == ("B2", "量化是另一回事。", "1")


def test_no_cell_is_a_formula() -> None:
    (item,) = SMALL_TALK.vocabulary
    english = tuple(replace(sent, text='=HYPERLINK("x", "y")\nz') for sent in SMALL_TALK.english)
    talk = replace(SMALL_TALK, english=english, vocabulary=(replace(item, head='+1, "so"'),), terms=())
    (row,) = rows(vocabulary_csv(talk))
    assert row["head"] == '\'+1, "so"'
    assert row["example"].startswith("'=HYPERLINK")
