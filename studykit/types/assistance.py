"""What a language model has written about a talk, and held against it.

Every text here has passed its proof: it names the sentences that carry it, in the talk's own language,
and quotes them verbatim.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from studykit.types.study import ItemKind, Occurrence, Quote

__all__ = [
    "AssistFeature",
    "Assistance",
    "Backed",
    "Bilingual",
    "Dropped",
    "Misreading",
    "Question",
    "Veto",
    "WrittenClaim",
    "WrittenItem",
    "WrittenPart",
]

AssistFeature = Literal["overview", "parts", "claims", "items", "misread", "questions"]


class Bilingual(Struct, frozen=True, kw_only=True):
    """A short text in both languages."""

    english: str
    chinese: str


class Backed(Struct, frozen=True, kw_only=True):
    """A statement in both languages with the quotes that carry it."""

    english: str
    chinese: str
    evidence: tuple[Quote, ...]

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"a statement without evidence: {self.english!r}")


class WrittenPart(Struct, frozen=True, kw_only=True):
    """Heading and summary of a part of the notes."""

    part: int
    """Index in ``Notes.parts``."""
    heading: Bilingual | None
    summary: tuple[Backed, ...]


class WrittenClaim(Struct, frozen=True, kw_only=True):
    """A position that the speaker takes, with the points that it rests on."""

    statement: Backed
    points: tuple[Backed, ...] = ()


class WrittenItem(Struct, frozen=True, kw_only=True):
    """The sense of a study item where it stands."""

    head: str
    kind: ItemKind
    gloss: str
    """Chinese, in this sentence."""
    note: str | None
    """Why it says so, or how it is used: Chinese, 40 characters at most."""
    occurrence: Occurrence
    in_translation: bool
    """Whether the gloss stands in the aligned Chinese, or none is aligned; else it is another wording."""
    listed: bool
    """Whether it is in ``Notes.vocabulary`` too; else the finders have missed it."""


class Veto(Struct, frozen=True, kw_only=True):
    """An item of ``Notes.vocabulary`` that is wrong where it stands, and is not shown."""

    head: str
    kind: ItemKind
    why: str


class Misreading(Struct, frozen=True, kw_only=True):
    """An expression whose literal sense misleads."""

    head: str
    literal: str
    meant: str
    """Both in Chinese."""
    occurrence: Occurrence


class Question(Struct, frozen=True, kw_only=True):
    """A question on a part, with its answer."""

    part: int
    question: Bilingual
    answer: Backed


class Dropped(Struct, frozen=True, kw_only=True):
    """How many texts of one feature failed the same proof."""

    feature: AssistFeature
    reason: str
    count: int


class Assistance(Struct, frozen=True, kw_only=True):
    """Everything that a model wrote about a talk and that could be proven, and what could not."""

    model: str
    written_on: str
    """ISO 8601 date."""
    title: Bilingual | None = None
    line: Backed | None = None
    """What the talk is about, in one line."""
    summary: tuple[Backed, ...] = ()
    parts: tuple[WrittenPart, ...] = ()
    claims: tuple[WrittenClaim, ...] = ()
    items: tuple[WrittenItem, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    misread: tuple[Misreading, ...] = ()
    questions: tuple[Question, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing could be proven."""
        single = self.title or self.line
        several = (self.summary, self.parts, self.claims, self.items, self.vetoes, self.misread)
        return not (single or any(several) or self.questions)

    @property
    def statements(self) -> Iterator[Backed]:
        """Every statement, in order: line, summary, parts, claims with their points, answers."""
        if self.line:
            yield self.line
        yield from self.summary
        for part in self.parts:
            yield from part.summary
        for claim in self.claims:
            yield claim.statement
            yield from claim.points
        yield from (question.answer for question in self.questions)
