"""The interface of translation engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from studykit.types import Language, Usage

__all__ = ["Answer", "SourceParagraph", "TermRow", "Translator"]


class TermRow(Struct, frozen=True, kw_only=True):
    """A glossary entry that occurs in a paragraph, in both languages."""

    entry_id: str
    source: str
    """The form in the paragraph, or the entry's first form."""
    target: str
    """The form required in the translation."""
    accepted: tuple[str, ...]
    """Other forms that are correct in the translation, but not preferred."""


class SourceParagraph(Struct, frozen=True, kw_only=True):
    """A paragraph to translate. ``wanted`` holds the indices of the sentences to translate."""

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
        """The same paragraph with other sentences to translate."""
        return replace(self, wanted=tuple(wanted))


class Answer(Struct, frozen=True, kw_only=True):
    """Translations by index of the sentence; unusable ones are left out."""

    sentences: Mapping[int, str]
    usage: Usage
    said: str = ""
    """What the model said, to show if nothing of it can be used; empty if it does not chat."""
    cut: bool = False
    """Whether the answer ends where the allowed number of tokens did."""


class Translator(Protocol):
    """Translates paragraphs. Called from several threads if ``parallel`` is above 1."""

    @property
    def name(self) -> str:
        """Everything that the translation depends on: engine, model, prompt, options."""

    @property
    def model(self) -> str:
        """The model's name in the price table."""

    @property
    def at_once(self) -> int:
        """The best number of paragraphs per call."""

    @property
    def parallel(self) -> int:
        """Maximum number of simultaneous calls."""

    @property
    def attempts(self) -> int:
        """Maximum number of requests for a sentence; 1 if a repetition would give the same."""

    def estimate(self, paragraph: SourceParagraph) -> Usage:
        """An estimate of the tokens for a paragraph; sends nothing."""

    def translate(
        self, paragraphs: Sequence[SourceParagraph], *, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> list[Answer]:
        """An answer for each paragraph.

        ``most_tokens`` is the maximum length of an answer. ``cancelled`` is checked before waiting and
        before a new attempt. Raises ``EngineError`` if no answer can be obtained, and ``MissingError``.
        """
