"""Reads a file of terms that come from elsewhere: a spreadsheet, a term base, another glossary."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from msgspec import Struct, field

from studykit.errors import FormatError, GlossaryError, UnreadableError
from studykit.glossary.entry import Entry
from studykit.glossary.exchange.csv_exchange import read_csv
from studykit.glossary.exchange.tables import Row, located
from studykit.glossary.exchange.tbx_reader import read_tbx
from studykit.glossary.load import read_toml
from studykit.glossary.rules import shared_problems

__all__ = ["Incoming", "read_incoming"]

_TBX = {".tbx", ".xml"}


class Incoming(Struct, frozen=True, kw_only=True):
    """The entries of a file; each keeps the rules, and they keep them together."""

    entries: tuple[Entry, ...]
    left_out: Counter[str] = field(default_factory=Counter)
    """How often something in the file has no place in an entry, by its name."""


def read_incoming(path: Path) -> Incoming:
    """The terms of a ``.csv``, ``.tbx`` (or ``.xml``) or ``.toml`` file, in UTF-8 with or without mark.

    ``see_also`` may name terms that are not in the file. Raises ``UnreadableError``, ``FormatError``
    for a file that is something else, and ``GlossaryError`` with every rule that a term breaks.
    """
    problems: list[str] = []
    left_out: Counter[str] = Counter()
    suffix = path.suffix.lower()
    if suffix == ".toml":
        rows, problems = read_toml(path)
    elif suffix == ".csv":
        rows = read_csv(_text(path), path)
    elif suffix in _TBX:
        rows, left_out = read_tbx(_text(path), path)
    else:
        raise FormatError(path, "no glossary by its name", hint="Names end in .csv, .tbx, .xml or .toml.")
    terms, broken = located(path, rows)
    problems += broken
    if not problems:
        problems = shared_problems(terms, _named(rows))
    if not problems and not terms:
        problems = [f"{path}: no term in this file"]
    if problems:
        raise GlossaryError(problems)
    return Incoming(entries=tuple(term.entry for term in terms), left_out=left_out)


def _named(rows: list[Row]) -> set[str]:
    """Every id that the rows mention; which of them exist is not for this file alone to say."""
    return {other for row in rows for other in [row.table["id"], *row.table.get("see_also", [])]}


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        hint = "A spreadsheet must be saved as “CSV UTF-8”."
        raise FormatError(path, f"not UTF-8 (byte {error.start})", hint=hint) from error
