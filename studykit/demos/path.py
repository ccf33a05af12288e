"""A reading path: demos in the order in which they build on each other; path.toml has it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Step", "path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A demo on the path."""

    demo: str
    en: str
    """What is new against the step before, in one or two sentences."""
    zh: str

    def new(self, language: str) -> str:
        """What is new, in ``language``, ``en`` or ``zh``."""
        return self.zh if language == "zh" else self.en


@cache
def path() -> tuple[Step, ...]:
    """All steps, in order."""
    text = (Path(__file__).parent / "path.toml").read_text(encoding="utf-8")
    return tuple(Step(**step) for step in tomllib.loads(text)["steps"])
