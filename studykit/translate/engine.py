"""What the stage asks of a translation engine, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

__all__ = ["Answer", "Language", "Passage", "Prices", "TermRow", "TranslateOptions", "Translator", "Usage"]

Language = Literal["en", "zh"]
Prices = Mapping[str, tuple[float, float]]
"""By model: what a million tokens cost, in and out, in the user's own currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateOptions:
    """How to translate; each engine takes what concerns it."""

    engine: str = "transformers"
    """``captions``, ``openai:MODEL`` or ``transformers[:MODEL_OR_FOLDER]``."""
    base_url: str = "https://api.openai.com/v1"
    api_key: str | None = field(default=None, repr=False)
    prices: Prices = field(default_factory=dict)
    parallel: int = 4
    """Requests at the same time."""
    requests_per_minute: float | None = None
    timeout_s: float = 120.0
    retries: int = 5
    """Of a request that the service refused or could not answer."""
    device: str = "auto"
    beams: int = 4
    length_penalty: float = 1.0
    """Above 1 the beams prefer longer translations."""
    batch: int = 32
    """Sentences at the same time, where the model runs here."""
    budget: float | None = None
    """In the currency of ``prices``."""
    fix: bool = False
    """Put terms right where that is safe."""

    def __post_init__(self) -> None:
        for name in ("parallel", "timeout_s", "beams", "batch", "length_penalty"):
            if getattr(self, name) <= 0:
                raise ValueError(f"translate.{name} has to be above 0")
        if self.requests_per_minute is not None and self.requests_per_minute <= 0:
            raise ValueError("translate.requests_per_minute has to be above 0")
        if self.retries < 0:
            raise ValueError("translate.retries cannot be below 0")


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
class Usage:
    """Tokens read and written."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(prompt=self.prompt + other.prompt, completion=self.completion + other.completion)


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
