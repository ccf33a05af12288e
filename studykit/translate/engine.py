"""What the stage asks of a translation engine, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from studykit.types import Language, Usage

__all__ = ["Answer", "Passage", "TermRow", "Translator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A glossary entry that occurs in a passage, in the two languages at hand."""

    entry_id: str
    source: str
    """As the passage has it, or the entry's first form."""
    target: str
    """What is wanted in the translation."""
    accepted: tuple[str, ...]
    """Other forms that are right in the translation, but not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph to translate. ``wanted`` are the sentences to translate, counted from 0."""

    source: Language
    target: Language
    sentences: tuple[str, ...]
    wanted: tuple[int, ...]
    terms: tuple[TermRow, ...] = ()
    title: str = ""
    part: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def of(self, wanted: Sequence[int]) -> Passage:
        """The same passage, other sentences of it."""
        return replace(self, wanted=tuple(wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Translations by sentence of the passage; what was not understood is left out."""

    sentences: Mapping[int, str]
    usage: Usage


class Translator(Protocol):
    """Translates passages. Called from several threads when ``parallel`` is above 1."""

    @property
    def name(self) -> str:
        """Everything the translation depends on: engine, model, prompt, options."""

    @property
    def model(self) -> str:
        """The model's name in the table of prices."""

    @property
    def at_once(self) -> int:
        """How many passages one call should get."""

    @property
    def parallel(self) -> int:
        """How many calls may run at the same time."""

    @property
    def attempts(self) -> int:
        """How often a sentence is asked for: 1 when asking again would bring the same."""

    def estimate(self, passage: Passage) -> Usage:
        """The tokens that a passage will about take; never asks anyone."""

    def translate(
        self, passages: Sequence[Passage], *, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> list[Answer]:
        """An answer for each passage.

        ``most_tokens``: no answer may have more. ``cancelled`` is asked before waiting and before a
        new attempt. Raises ``EngineError`` when there is no answer to be had, and ``MissingError``.
        """
