"""What is found in a text: terms, vocabulary, claims and doubtful translations."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from studykit.types.choices import CefrLevel
from studykit.types.text import Span, check_score

__all__ = [
    "Annotations",
    "Claim",
    "Finding",
    "FindingKind",
    "Gloss",
    "ItemKind",
    "Occurrence",
    "Quote",
    "Severity",
    "Slip",
    "StudyItem",
    "Term",
    "TermMatch",
    "Usage",
    "VocabularyItem",
]

ItemKind = Literal["term", "expression", "idiom", "misread", "phrasal_verb", "word", "grammar"]
FindingKind = Literal[
    "number", "name", "term", "untranslated", "length", "omitted", "slipped", "negation", "opposite"
]
Severity = Literal["low", "medium", "high"]


class Gloss(Struct, frozen=True, kw_only=True):
    """A short explanation and its source."""

    text: str
    language: str
    source: str
    guess: bool = False
    """Chosen without a translation among the words of a dictionary: to be shown as doubtful."""

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError(f"gloss without a source: {self.text!r}")

    @property
    def marked(self) -> str:
        """The text, with the doubt of a guess: for files that have no other place to say so."""
        return f"{self.text}（推测）" if self.guess else self.text


class Occurrence(Struct, frozen=True, kw_only=True):
    """A place in the text: code points of one sentence's text, in one language."""

    language: str
    sentence: int
    span: Span


class TermMatch(Struct, frozen=True, kw_only=True):
    """The occurrences of a glossary entry; depends on its forms, not on its definitions."""

    entry_id: str
    occurrences: tuple[Occurrence, ...]


class Term(Struct, frozen=True, kw_only=True):
    """A glossary entry found in a talk, as it was when the notes were made."""

    entry_id: str
    english: str
    abbreviation: str | None
    chinese: str
    category: str
    glosses: tuple[Gloss, ...]
    """A definition in each language."""
    demo: str | None
    occurrences: tuple[Occurrence, ...]


class VocabularyItem(Struct, frozen=True, kw_only=True):
    """Something a learner should study.

    Its English occurrences are where it is said; its Chinese ones are where the translation has its gloss.
    """

    head: str
    kind: ItemKind
    lemma: str
    upos: str | None
    cefr: CefrLevel | None
    zipf: float
    glosses: tuple[Gloss, ...]
    occurrences: tuple[Occurrence, ...]
    ipa: str | None = None
    """American English, without slashes; None if one of its words is not in the dictionary."""
    note: str | None = None
    """A remark in Chinese on register or use."""


class StudyItem(Struct, frozen=True, kw_only=True):
    """An item with its rank. ``in_glossary``: a glossary term, which notes show as such;
    ``minor``: a teacher would hardly choose it; ``crowded``: its paragraph has better ones enough."""

    item: VocabularyItem
    score: float
    in_glossary: bool
    minor: bool
    crowded: bool


class Quote(Struct, frozen=True, kw_only=True):
    """A verbatim quote: ``quote`` is exactly this slice of the sentence's raw text."""

    sentence: int
    span: Span
    quote: str


class Claim(Struct, frozen=True, kw_only=True):
    """A position that the speaker takes, with quotes as evidence.

    Only a claim from notes made elsewhere may lack evidence or English.
    """

    statement: str
    statement_zh: str | None
    evidence: tuple[Quote, ...]
    score: float
    part: int | None = None
    """Index of the part that it belongs to; None for the whole talk, or if its evidence shows the part."""
    demo: str | None = None
    """The mini-demo that tests it."""
    verdict: str = ""
    """What that demo finds instead, where the claim is wrong or holds only in part; else empty."""
    verdict_zh: str = ""

    def __post_init__(self) -> None:
        check_score(self.score, "claim")
        if not (self.statement or self.statement_zh):
            raise ValueError("a claim that states nothing")


class Finding(Struct, frozen=True, kw_only=True):
    """A place where the Chinese may not say what the English says."""

    kind: FindingKind
    severity: Severity
    paragraph: int
    english: str
    chinese: str
    message: str
    """What was seen, in English; ``message_zh`` in Chinese."""
    message_zh: str = ""


class Slip(Struct, frozen=True, kw_only=True):
    """Sentences of a translation that belong to ``paragraph`` and stand in ``stands_in``."""

    paragraph: int
    stands_in: int
    source: Span
    target: Span


class Annotations(Struct, frozen=True, kw_only=True):
    """What was found in a talk's documents."""

    terms: tuple[TermMatch, ...] = ()
    vocabulary: tuple[VocabularyItem, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()


class Usage(Struct, frozen=True, kw_only=True):
    """Tokens that a language model has read and written."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(prompt=self.prompt + other.prompt, completion=self.completion + other.completion)
