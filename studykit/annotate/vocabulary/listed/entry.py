"""An entry of the expression list, as its files state it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from studykit.types import CefrLevel, ItemKind

__all__ = ["Expression", "Found", "Place", "Register", "Sense"]

Register = Literal["spoken", "neutral", "formal", "academic"]
Place = Literal["start", "tag", "inserted", "alone", "opening", "closing"]

Found = tuple[tuple[int, ...], "Expression"]
"""The tokens that an entry matched, and the entry."""


class Sense(Struct, frozen=True, kw_only=True):
    """One of several meanings of a verb with its particle, and what shows it."""

    chinese: str
    object: frozenset[str] = frozenset()
    """Lemmas of the verb's object, lower case, or ``@person``; of ``subject`` likewise. ``object`` may have
    ``@none``: the verb has none."""
    subject: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    """Words right after the particle, lower case."""


class Expression(Struct, frozen=True, kw_only=True):
    """An entry of the list. ``pattern`` is written as in ``studykit.annotate.vocabulary.patterns``."""

    pattern: str
    head: str
    kind: ItemKind
    listed_in: str
    """The list that has it, a file of the folder: ``idioms``, ``linking`` and so on."""
    chinese: str
    literal: str | None
    """What the words seem to say, for those whose meaning is another."""
    also: str | None
    """Other Chinese that a translation may have for it; what it has is shown, else ``chinese``."""
    unmistakable: bool
    """Whether the words mean this wherever they stand."""
    note: str | None
    register: Register
    level: CefrLevel
    """By our own judgement."""
    inflected: bool
    verb_first: bool
    """Whether the first word must be used as a verb."""
    where: Place | None
    """``start``: opens a sentence or follows a comma, with a comma after it if it is a lone word;
    ``tag``: after a comma, at the end of a clause; ``inserted``: between commas; ``alone``: between
    marks or edges of the sentence; ``opening``: after one that is no comma; ``closing``: before one.
    ``MarkerUse`` decides where it can judge."""
    not_after: frozenset[str]
    not_before: frozenset[str]
    """Words, lower case, or UPOS and Penn tags of what follows; ``only_before`` likewise."""
    only_before: frozenset[str]
    only_after: frozenset[str]
    only_as: str | None
    """UPOS or Penn tag that the last word must have."""
    last_dep: frozenset[str]
    """If any, how the last word must hang on the first: "have it checked", not "have you checked"."""
    senses: tuple[Sense, ...] = ()
    """Meanings that can be told apart; where none is shown, or two are, ``chinese`` has them all."""
