"""Reads glossary files; every rule that they break is told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from studykit.errors import GlossaryError
from studykit.glossary.entry import Entry, Glossary
from studykit.glossary.exchange.tables import Row, located
from studykit.glossary.forms import Spelling, spellings
from studykit.glossary.outrank import outranked
from studykit.glossary.rules import Located, loose_ends, shared_problems
from studykit.resources import data_dir
from studykit.tables.compiled import Compiled

__all__ = [
    "built_in_spellings",
    "load",
    "load_glossary",
    "read_toml",
    "replacements",
    "shipped",
    "unfinished",
    "validate",
]

_SPELLINGS = ""
"""The key of all spellings in the table, where the others are names of files."""


def load(paths: Sequence[Path], own: Sequence[Path] = ()) -> Glossary:
    """The entries of glossary files, and of all ``*.toml`` in folders, as one glossary.

    Files under ``own`` outrank those under ``paths``: their terms take ids and forms from the others,
    as ``replacements`` says. Raises ``GlossaryError`` with every problem that ``validate`` finds.
    """
    terms, problems, _ = _read(paths, own)
    if problems:
        raise GlossaryError(problems)
    return Glossary(term.entry for term in terms)


def load_glossary(paths: Iterable[Path] = ()) -> Glossary:
    """The built-in glossary under the user's own files or folders. Raises ``GlossaryError``."""
    own = list(paths)
    return load([data_dir("glossaries")], own) if own else _built_in(data_dir("glossaries"))


@cache
def _built_in(folder: Path) -> Glossary:
    """One object in a process, so that what is made from it is made once."""
    return load([folder])


def validate(paths: Sequence[Path], own: Sequence[Path] = ()) -> list[str]:
    """Every rule that the files break, alone or together, as ``file: term 'id': problem``."""
    return _read(paths, own)[1]


def replacements(paths: Sequence[Path], own: Sequence[Path]) -> list[str]:
    """What the terms under ``own`` replace in those under ``paths``, a sentence each."""
    return _read(paths, own)[2]


def unfinished(paths: Sequence[Path], demos: Collection[str], own: Sequence[Path] = ()) -> list[str]:
    """What breaks no rule but is not done: terms without any link, demos that are not in ``demos``."""
    return loose_ends(_read(paths, own)[0], demos)


def read_toml(path: Path) -> tuple[list[Row], list[str]]:
    """The tables of one file, and why it is no glossary file."""
    problems: list[str] = []
    return [Row(table, None) for table in _tables(path, problems)], problems


def _read(paths: Sequence[Path], own: Sequence[Path]) -> tuple[list[Located], list[str], list[str]]:
    """The terms, the rules they break, and what the user's own replace."""
    if not own and (checked := _checked(paths)):
        return checked, [], []
    built_in, problems, ids = _rows(paths)
    theirs, more, others = _rows(own)
    kept, said = outranked(built_in, theirs) if theirs else (built_in, [])
    ids = ids - {term.entry.id for term in built_in} | {term.entry.id for term in kept} | others
    return [*kept, *theirs], problems + more + shared_problems([*kept, *theirs], ids), said


def _rows(paths: Sequence[Path]) -> tuple[list[Located], list[str], set[str]]:
    """The terms of files, the rules that each breaks by itself, and all ids, even of broken ones."""
    entries: list[Located] = []
    problems: list[str] = []
    ids: set[str] = set()
    for path in _files(paths, problems):
        if checked := _compiled(path):
            entries += checked
            ids |= {term.entry.id for term in checked}
            continue
        rows, found = read_toml(path)
        mine, broken = located(path, rows)
        entries += mine
        problems += [*found, *broken]
        ids |= {str(row.table.get("id")) for row in rows}
    return entries, problems, ids


def _files(paths: Sequence[Path], problems: list[str]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            files = sorted(path.glob("*.toml"))
            if not files:
                problems.append(f"{path}: no *.toml file in this folder")
            yield from files
        else:
            yield path


@cache
def built_in_spellings() -> dict[str, tuple[Spelling, ...]]:
    """The spellings of the built-in terms' forms, which take five times as long to make."""
    stored = TABLE.table.get(_SPELLINGS)
    return msgspec.msgpack.decode(stored, type=dict[str, tuple[Spelling, ...]]) if stored else {}


def shipped() -> list[Path]:
    """The built-in files."""
    return sorted(data_dir("glossaries").glob("*.toml"))


def _contents() -> dict[str, bytes]:
    """The terms of the built-in files, by file name; nothing if they break a rule."""
    found, every, ids = {}, [], set()
    for path in shipped():
        rows, problems = read_toml(path)
        terms, broken = located(path, rows)
        if problems or broken:
            return {}
        found[path.name] = msgspec.msgpack.encode([term.entry for term in terms])
        every += terms
        ids |= {term.entry.id for term in terms}
    if shared_problems(every, ids):
        return {}
    entries = [term.entry for term in every]
    forms = {
        form
        for entry in entries
        for form in (*entry.english_forms, *entry.chinese_forms, *entry.ambiguous, *entry.not_in)
    }
    found[_SPELLINGS] = msgspec.msgpack.encode({form: sorted(spellings(form)) for form in sorted(forms)})
    return found


TABLE = Compiled(
    "glossaries",
    _contents,
    shipped,
    ("glossary/load", "glossary/entry", "glossary/rules", "glossary/forms", "glossary/exchange/tables"),
)
"""The built-in terms, checked: to read and to check them takes twenty times as long."""


@cache
def _compiled(path: Path) -> list[Located] | None:
    """The terms of a built-in file; None of any other, and where one of them breaks a rule."""
    if path.parent != data_dir("glossaries"):
        return None
    try:
        stored = TABLE.table.get(path.name)
    except (OSError, ValueError):  # read by itself, so that the message names the file
        return None
    if stored is None:
        return None
    entries = msgspec.msgpack.decode(stored, type=list[Entry])
    return [Located(where=f"{path}: term {entry.id!r}", entry=entry) for entry in entries]


def _checked(paths: Sequence[Path]) -> list[Located]:
    """The built-in terms if ``paths`` are those and they break no rule; else nothing."""
    if list(paths) != [data_dir("glossaries")]:
        return []
    terms = [_compiled(path) for path in shipped()]
    return [term for file in terms if file for term in file] if all(terms) else []


def _tables(path: Path, problems: list[str]) -> list[dict[str, Any]]:
    """The ``[[term]]`` tables of one file."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
        return []
    except UnicodeDecodeError as error:
        problems.append(f"{path}: not UTF-8 (byte {error.start})")
        return []
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: not TOML: {error}")
        return []
    problems += [f"{path}: unknown key {key!r}; terms go under [[term]]" for key in content if key != "term"]
    tables = content.get("term", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        problems.append(f"{path}: 'term' must be tables, written [[term]]")
        return []
    if not tables:
        problems.append(f"{path}: no [[term]] in this file")
    return tables
