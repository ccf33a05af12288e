"""One term as a plain table, the form that every file format is read into and written from.

A table holds the keys of docs/glossary-format.md: texts, lists of texts, ``true``, and claims as a
list of tables. Keys without a value are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import to_builtins

from studykit.glossary.entry import Entry, SpokenClaim
from studykit.glossary.rules import Located, read_table

__all__ = ["KEYS", "Row", "located", "to_table"]

KEYS = (
    "id",
    "english",
    "abbreviation",
    "aliases",
    "chinese",
    "chinese_accepted",
    "ambiguous",
    "company",
    "not_in",
    "category",
    "definition_en",
    "definition_zh",
    "keep_english",
    "misheard",
    "demo",
    "see_also",
    "note_en",
    "note_zh",
    "source",
    "reference",
    "claims",
)
"""All keys of a term, in the order in which files hold them."""

_CLAIM_KEYS = SpokenClaim.__struct_fields__


class Row(NamedTuple):
    """A term's table and the line, from 1, where it begins; None where the format tells none."""

    table: dict[str, Any]
    line: int | None


def to_table(entry: Entry) -> dict[str, Any]:
    """The table of ``entry``, with its keys in order."""
    values = to_builtins(entry)
    table = {key: values[key] for key in KEYS if values[key]}
    for key, value in table.items():
        if isinstance(value, tuple):
            table[key] = list(value)
    if entry.claims:
        table["claims"] = [
            {key: claim[key] for key in _CLAIM_KEYS if claim[key]} for claim in values["claims"]
        ]
    return table


def located(path: Path, rows: Iterable[Row]) -> tuple[list[Located], list[str]]:
    """The entries of one file, and each rule that a term breaks by itself with its place."""
    entries: list[Located] = []
    problems: list[str] = []
    for number, (table, line) in enumerate(rows, start=1):
        label = table.get("id") or table.get("english") or f"number {number}"
        place = path if line is None else f"{path}:{line}"
        where = f"{place}: term {label!r}"
        found_fields, found = read_table(table)
        problems += [f"{where}: {problem}" for problem in found]
        if found_fields is not None:
            entries.append(Located(where=where, entry=Entry(**found_fields)))
    return entries, problems
