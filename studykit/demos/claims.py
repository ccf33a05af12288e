"""What people say that a demo tests; claims.toml has the sentences.

Talks are searched for claims that say the same, so that notes can lead from a claim to its demo.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from studykit.demos import NAMES

__all__ = ["FILE", "SpokenClaim", "spoken_claims"]

FILE = Path(__file__).parent / "claims.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenClaim:
    """A sentence as people say it, and the demo that tests it."""

    demo: str
    text: str
    verdict: str = ""
    """What the demo finds instead, where the sentence is wrong or holds only in part; else empty."""
    verdict_zh: str = ""


@cache
def spoken_claims(language: str) -> tuple[SpokenClaim, ...]:
    """All sentences in ``en`` or ``zh``, in the order of ``NAMES``."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(claim for name in NAMES for claim in _claims(name, tables.get(name, {}), language))


def _claims(name: str, table: dict[str, Any], language: str) -> Iterator[SpokenClaim]:
    for text in table.get(language, ()):
        yield SpokenClaim(demo=name, text=text)
    for wrong in table.get("off", ()):
        yield SpokenClaim(
            demo=name, text=wrong[language], verdict=table["verdict"], verdict_zh=table["verdict_zh"]
        )
