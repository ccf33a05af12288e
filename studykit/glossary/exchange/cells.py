"""Cells of tables that are opened in spreadsheets, which run text that looks like a formula."""

from __future__ import annotations

import re

__all__ = ["from_cell", "to_cell"]

# What OWASP lists under CSV injection: also after a tab or a line end, and in full-width form.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def to_cell(text: str) -> str:
    """``text`` for a cell, with ``'`` before it if a spreadsheet would run it; see ``from_cell``."""
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """The text that ``to_cell`` made ``cell`` of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
