"""What the finders of terms, expressions, words and grammar points hand to the ranking."""

from __future__ import annotations

from msgspec import Struct, field

from studykit.types import CefrLevel, ItemKind, Span

__all__ = ["Found", "Place"]


class Place(Struct, frozen=True, kw_only=True):
    """Code points of one English sentence."""

    sentence: int
    span: Span


class Found(Struct, kw_only=True):
    """An item before it is ranked and glossed; ``places`` grows while sentences are read."""

    head: str
    kind: ItemKind
    lemma: str
    upos: str | None
    level: CefrLevel | None
    level_value: float | None
    """From 1 (A1) to 6 (C2)."""
    zipf: float
    chinese: tuple[str, ...] = ()
    """Chinese that comes with it, best first, and ``source`` says whence."""
    also: tuple[str, ...] = ()
    """Chinese that is right only where the translation has it."""
    source: str = ""
    unmistakable: bool = False
    """Whether its words mean this wherever they stand."""
    listed_in: str = ""
    """Which of our lists has it."""
    note: str | None = None
    in_dictionary: bool = False
    """Whether a dictionary has the term candidate."""
    places: list[Place] = field(default_factory=list)
