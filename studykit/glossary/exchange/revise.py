"""Changes a glossary file where it must be changed, and leaves every other line as a person wrote it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from studykit.errors import GlossaryError
from studykit.glossary.entry import Entry
from studykit.glossary.exchange.toml_writer import to_toml
from studykit.glossary.rules import read_table

__all__ = ["revised"]

_TERM = re.compile(r"^[ \t]*\[\[[ \t]*term[ \t]*\]\]", re.MULTILINE)
_REMARK = re.compile(r"[ \t]*(?:#.*)?")


def _remarks(block: str) -> str:
    """The empty lines and comments at the end of a block, which belong to the next one."""
    *lines, last = block.split("\n")
    kept = [] if last else list(takewhile(_REMARK.fullmatch, reversed(lines)))
    return "".join(f"{line}\n" for line in reversed(kept))


def revised(text: str, *, replaced: Sequence[Entry], added: Sequence[Entry], path: Path) -> str:
    """``text`` of a glossary file with entries put in place of those of their ids, and others added.

    Comments above a term stay, those inside a replaced one go with it. Raises ``GlossaryError`` when
    the file is laid out so that this cannot be done, such as with a ``[[term]]`` inside a text.
    """
    old = _entries(text)
    new = {entry.id: entry for entry in replaced}
    starts = [match.start() for match in _TERM.finditer(text)]
    made = text
    if new and len(starts) == len(old):
        ends = [*starts[1:], len(text)]
        pieces = [text[: starts[0]]]
        for entry, start, end in zip(old, starts, ends, strict=True):
            block = text[start:end]
            pieces.append(to_toml([new[entry.id]]) + _remarks(block) if entry.id in new else block)
        made = "".join(pieces)
    if added:
        made = "\n".join([made.rstrip("\n") + "\n" if made.strip() else "", to_toml(added)]).lstrip("\n")
    wanted = [new.get(entry.id, entry) for entry in old] + list(added)
    if _entries(made) != wanted:
        raise GlossaryError([f"{path}: laid out so that only a person can change it"])
    return made


def _entries(text: str) -> list[Entry]:
    """The entries of a file that keeps the rules; none of one that is no TOML."""
    try:
        tables = tomllib.loads(text).get("term", [])
    except tomllib.TOMLDecodeError:
        return []
    fields = (read_table(table)[0] for table in tables)
    return [Entry(**known) for known in fields if known is not None]
