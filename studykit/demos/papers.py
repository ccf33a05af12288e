"""Title, authors and year of the papers that terms with demos cite; papers.toml has them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["Paper", "papers"]


class Paper(NamedTuple):
    """A paper, as one would name it."""

    title: str
    authors: str
    year: int


@cache
def papers() -> dict[str, Paper]:
    """By the id that the glossary's ``reference`` has."""
    table = tomllib.loads((Path(__file__).parent / "papers.toml").read_text(encoding="utf-8"))
    return {key: Paper(*facts) for key, facts in table.items()}
