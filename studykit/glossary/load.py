"""Reads glossary files; every rule that they break is told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from studykit.errors import GlossaryError
from studykit.glossary.entry import Entry, Glossary
from studykit.glossary.rules import Located, loose_ends, read_table, shared_problems

__all__ = ["load", "unfinished", "validate"]


def load(paths: Sequence[Path]) -> Glossary:
    """The entries of glossary files, and of all ``*.toml`` in folders, as one glossary.

    Raises ``GlossaryError`` with every problem that ``validate`` finds.
    """
    located, problems = _read(paths)
    if problems:
        raise GlossaryError(problems)
    return Glossary(term.entry for term in located)


def validate(paths: Sequence[Path]) -> list[str]:
    """Every rule that the files break, alone or together, as ``file: term 'id': problem``."""
    return _read(paths)[1]


def unfinished(paths: Sequence[Path], demos: Collection[str]) -> list[str]:
    """What breaks no rule but is not done: terms without any link, demos that are not in ``demos``."""
    return loose_ends(_read(paths)[0], demos)


def _read(paths: Sequence[Path]) -> tuple[list[Located], list[str]]:
    located: list[Located] = []
    problems: list[str] = []
    ids: set[str] = set()
    for path in _files(paths, problems):
        for number, table in enumerate(_tables(path, problems), start=1):
            label = table.get("id") or table.get("english") or f"number {number}"
            where = f"{path}: term {label!r}"
            fields, found = read_table(table)
            problems += [f"{where}: {problem}" for problem in found]
            ids.add(str(table.get("id")))
            if fields is not None:
                located.append(Located(where=where, entry=Entry(**fields)))
    return located, problems + shared_problems(located, ids)


def _files(paths: Sequence[Path], problems: list[str]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            files = sorted(path.glob("*.toml"))
            if not files:
                problems.append(f"{path}: no *.toml file in this folder")
            yield from files
        else:
            yield path


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
