"""Writes entries as a glossary file, in the layout of studykit's own (docs/glossary-format.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from studykit.glossary.entry import Entry
from studykit.glossary.exchange.tables import to_table

__all__ = ["to_toml"]


def to_toml(entries: Iterable[Entry]) -> str:
    """``[[term]]`` tables with a blank line between them."""
    return "\n".join(_term(entry) for entry in entries)


def _term(entry: Entry) -> str:
    lines = ["[[term]]"]
    table = to_table(entry)
    claims = table.pop("claims", [])
    lines += [f"{key} = {_value(value)}" for key, value in table.items()]
    for claim in claims:
        lines += ["", "[[term.claims]]", *(f"{key} = {_value(value)}" for key, value in claim.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped (toml.io, v1.0.0).
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
