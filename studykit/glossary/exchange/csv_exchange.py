"""Glossaries as CSV (RFC 4180), a term a row, for spreadsheets; docs/glossary-format.md has the details.

Every field is a column. A list stands in one cell with ``|`` between its items; ``\\|`` and ``\\\\``
are the characters themselves. Claims stand in one cell as JSON. A cell that a spreadsheet would run has
``'`` before it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from studykit.errors import FormatError
from studykit.glossary.entry import Entry
from studykit.glossary.exchange.cells import from_cell, to_cell
from studykit.glossary.exchange.tables import KEYS, Row, to_table

__all__ = ["read_csv", "to_csv"]

_LISTS = {"aliases", "chinese_accepted", "ambiguous", "company", "not_in", "misheard", "see_also"}
_ESCAPED = re.compile(r"\\([\\|])")
_PIECE = re.compile(r"(?:\\[\\|]|[^|])+")


def to_csv(entries: Iterable[Entry]) -> str:
    """The table with a header, without a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(KEYS)
    for entry in entries:
        table = to_table(entry)
        writer.writerow(to_cell(_cell(table.get(key, ""))) for key in KEYS)
    return file.getvalue()


def read_csv(text: str, path: Path) -> list[Row]:
    """The terms; columns may stand in any order, and those with nothing in them may be missing.

    Raises ``FormatError`` with the line for what is no table with a header of known columns.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    terms: list[Row] = []
    try:
        header = [name.strip() for name in next(rows, [])]
        if "id" not in header:
            raise FormatError(
                path, "no column 'id'", line=1, hint=f"The first row must name columns: {', '.join(KEYS)}"
            )
        for name in header:
            if name not in KEYS or header.count(name) > 1:
                problem = "unknown" if name not in KEYS else "repeated"
                raise FormatError(path, f"{problem} column {name!r}", line=1)
        line = rows.line_num + 1
        for row in rows:
            if any(cell.strip() for cell in row):
                if len(row) > len(header):
                    raise FormatError(path, f"{len(row)} cells under {len(header)} columns", line=line)
                cells = zip(header, row, strict=False)
                terms.append(
                    Row({key: _value(key, from_cell(cell)) for key, cell in cells if cell.strip()}, line)
                )
            line = rows.line_num + 1
    except csv.Error as error:
        raise FormatError(path, f"not CSV: {error}", line=rows.line_num) from error
    return terms


def _cell(value: Any) -> str:
    if value is True:
        return "true"
    if isinstance(value, list):
        if isinstance(value[0], dict):
            return json.dumps(value, ensure_ascii=False)
        return " | ".join(re.sub(r"([\\|])", r"\\\1", item) for item in value)
    return str(value)


def _value(key: str, cell: str) -> Any:
    """What the cell holds; a cell that holds something else comes back as text, which no rule accepts."""
    if key in _LISTS:
        return [_ESCAPED.sub(r"\1", piece.strip(" ")) for piece in _PIECE.findall(cell)]
    if key == "keep_english":
        return {"true": True, "false": False}.get(cell.strip().lower(), cell)
    if key == "claims":
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell.strip(" \t\r\n")
