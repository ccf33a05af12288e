"""What the stage asks of a translation engine, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from studykit.types import Language, Usage

__all__ = ["Answer", "SourceParagraph", "TermRow", "Translator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A glossary entry that occurs in a paragraph, in the two languages at hand."""

    entry_id: str
    source: str
    """As the paragraph has it, or the entry's first form."""
    target: str
    """What is wanted in the translation."""
    accepted: tuple[str, ...]
    """Other forms that are right in the translation, but not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParagraph:
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

    def of(self, wanted: Sequence[int]) -> SourceParagraph:
        """The same paragraph, other sentences of it."""
        return replace(self, wanted=tuple(wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Translations by sentence of the paragraph; what was not understood is left out."""

    sentences: Mapping[int, str]
    usage: Usage


class Translator(Protocol):
    """Translates paragraphs. Called from several threads when ``parallel`` is above 1."""

    @property
    def name(self) -> str:
        """Everything the translation depends on: engine, model, prompt, options."""

    @property
    def model(self) -> str:
        """The model's name in the table of prices."""

    @property
    def at_once(self) -> int:
        """How many paragraphs one call should get."""

    @property
    def parallel(self) -> int:
        """How many calls may run at the same time."""

    @property
    def attempts(self) -> int:
        """How often a sentence is asked for: 1 when asking again would bring the same."""

    def estimate(self, paragraph: SourceParagraph) -> Usage:
        """The tokens that a paragraph will about take; never asks anyone."""

    def translate(
        self, paragraphs: Sequence[SourceParagraph], *, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> list[Answer]:
        """An answer for each paragraph.

        ``most_tokens``: no answer may have more. ``cancelled`` is asked before waiting and before a
        new attempt. Raises ``EngineError`` when there is no answer to be had, and ``MissingError``.
        """
