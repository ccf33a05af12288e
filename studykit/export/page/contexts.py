"""The variables of templates. Every field is documented here and in docs/templates.md; a test compares.

Text is given as runs, so that templates decide how a term looks and nothing is marked up twice.
"""

from __future__ import annotations

from msgspec import Struct

from studykit.export.page.labels import Labels
from studykit.export.page.links import link_at
from studykit.export.page.runs import Run
from studykit.timecode import to_clock

__all__ = [
    "AssistanceContext",
    "ClaimContext",
    "CorrectionContext",
    "EvidenceContext",
    "FindingContext",
    "MetContext",
    "MisreadingContext",
    "NotesContext",
    "ParagraphContext",
    "PartContext",
    "QuestionContext",
    "Run",
    "StatementContext",
    "TermContext",
    "TimeSpan",
    "VocabularyContext",
    "time_span",
]


class TimeSpan(Struct, frozen=True, kw_only=True):
    """``label`` such as ``20:00-20:22``; ``url`` plays from its start, or is None."""

    label: str
    start_s: float
    end_s: float
    slack_s: int
    """By how many whole seconds the true times may be later."""
    url: str | None


class MetContext(Struct, frozen=True, kw_only=True):
    """Where an earlier lecture of the course explains it: ``label`` says so, ``url`` leads there."""

    label: str
    url: str
    gloss: str
    """Its Chinese here, if that is not among what it means there; else empty."""


class TermContext(Struct, frozen=True, kw_only=True):
    """A glossary term of the talk."""

    id: str
    english: str
    abbreviation: str | None
    chinese: str
    category: str
    definition_en: str
    definition_zh: str
    demo: str | None
    count: int
    """Number of occurrences in both languages."""
    first_paragraph: int
    """Number of the paragraph that mentions it first."""
    in_own_words: str | None = None
    """What the vocabulary of hand-made notes says of it there, instead of its Chinese and definition."""
    met: MetContext | None = None
    """Set in a course if an earlier lecture explains it, so that this one need not."""


class VocabularyContext(Struct, frozen=True, kw_only=True):
    """Something to study that is not a glossary term."""

    id: str
    head: str
    kind: str
    upos: str | None
    cefr: str | None
    ipa: str | None
    gloss: str
    gloss_source: str
    unsure: bool
    """Whether the gloss is a guess, to be marked as one."""
    note: str | None
    count: int
    """Number of occurrences in English."""
    first_paragraph: int | None
    """Number of the first paragraph that has it, where it is explained; None if it is not said."""
    met: MetContext | None = None
    """Set in a course if an earlier lecture explains it, so that this one need not."""
    written: bool = False
    """Whether the gloss is a model's."""
    other_wording: bool = False
    """Whether it is, and the translation says it in other words."""


class EvidenceContext(Struct, frozen=True, kw_only=True):
    """What was said that carries a statement."""

    quote: str
    time: TimeSpan | None
    paragraph: int


class StatementContext(Struct, frozen=True, kw_only=True):
    """A statement in both languages that a model wrote, with its evidence, of which there is some."""

    english: str
    chinese: str
    evidence: tuple[EvidenceContext, ...]
    paragraphs: tuple[int, ...]
    """The numbers of the paragraphs of its evidence, in order."""


class QuestionContext(Struct, frozen=True, kw_only=True):
    """A question on a part that a model wrote; numbers go through the parts."""

    number: int
    english: str
    chinese: str
    answer: StatementContext


class MisreadingContext(Struct, frozen=True, kw_only=True):
    """An expression whose literal sense misleads; both senses are Chinese."""

    head: str
    literal: str
    meant: str
    paragraph: int


class AssistanceContext(Struct, frozen=True, kw_only=True):
    """Who wrote about the talk, and what is not in a part."""

    model: str
    written_on: str
    """ISO date."""
    features: tuple[str, ...]
    """What it wrote, in the language of the labels."""
    english_title: str | None
    chinese_title: str | None
    line: StatementContext | None
    summary: tuple[StatementContext, ...]
    misread: tuple[MisreadingContext, ...]
    left_out: tuple[str, ...]
    """Heads of items that are not shown, because the model found them wrong."""
    dropped: tuple[str, ...]
    """Why texts of the model are not used, in the language of the labels, each with how many."""
    dropped_count: int


class ClaimContext(Struct, frozen=True, kw_only=True):
    """A key claim with its quote; claims from hand-made notes may lack a quote or English."""

    number: int
    statement: str
    statement_zh: str | None
    quote: str
    time: TimeSpan | None
    paragraph: int | None
    part: int | None
    """Number of the part that it belongs to; None if it is about the whole talk."""
    written: StatementContext | None = None
    """The claim as a model wrote it, with all its quotes."""
    points: tuple[StatementContext, ...] = ()
    """What it rests on, if a model wrote it; the Chinese is in ``statement_zh`` too."""
    demo: str | None = None
    """The mini-demo that tests it."""
    verdict: str = ""
    """What that demo finds instead, in the language of the labels; empty unless the claim is off."""


class FindingContext(Struct, frozen=True, kw_only=True):
    """A place where the Chinese may not say what the English says."""

    kind: str
    severity: str
    message: str
    english: str
    chinese: str


class CorrectionContext(Struct, frozen=True, kw_only=True):
    """A corrected mis-heard term, with all its places."""

    wrong: str
    right: str
    rule: str
    confidence: float
    """The lowest confidence of its places, 0-1."""
    count: int
    paragraphs: tuple[int, ...]
    """The numbers of its paragraphs."""


class ParagraphContext(Struct, frozen=True, kw_only=True):
    """A numbered paragraph in both languages."""

    number: int
    time: TimeSpan | None
    speaker: str | None
    guessed_turn: bool
    """Whether another speaker seems to begin it, to be marked as a guess."""
    english: tuple[Run, ...]
    chinese: tuple[Run, ...]
    as_read: str | None
    """The English before correction and editing; None if it is the same."""
    doubtful: bool
    hard_to_hear: bool
    """Whether a recogniser was unsure of a sentence in it."""
    score: float | None
    terms: tuple[TermContext, ...]
    """Terms first mentioned here, to be explained here."""
    vocabulary: tuple[VocabularyContext, ...]
    """Items to explain here, in the order of the text."""
    findings: tuple[FindingContext, ...]


class PartContext(Struct, frozen=True, kw_only=True):
    """A chapter; ``title`` is None if the talk has no chapters, ``translation`` if only others named it."""

    number: int
    title: str | None
    translation: str | None
    time: TimeSpan | None
    paragraphs: tuple[ParagraphContext, ...]
    claims: tuple[ClaimContext, ...]
    summary: tuple[StatementContext, ...] = ()
    """Written by a model, as are the questions."""
    questions: tuple[QuestionContext, ...] = ()


class NotesContext(Struct, frozen=True, kw_only=True):
    """The variable ``notes`` of templates."""

    title: str
    file_title: str | None
    """The name of the file, if the title is ours: made from what is said, and to be marked as such."""
    translated_title: str | None
    """Such a title in the other language."""
    language: str
    url: str | None
    channel: str | None
    published: str | None
    """ISO date."""
    time: TimeSpan | None
    times_restored: bool
    summarised: int
    """Number of paragraphs whose Chinese is a summary of the English and no translation."""
    doubts_marked: bool
    """Whether characters are marked that were restored from damaged bytes and may be wrong."""
    machine_translated: bool
    """Whether the text in the other language was machine-translated."""
    has_english: bool
    has_chinese: bool
    parts: tuple[PartContext, ...]
    claims: tuple[ClaimContext, ...]
    """The claims about the whole talk."""
    terms: tuple[TermContext, ...]
    vocabulary: tuple[tuple[str, tuple[VocabularyContext, ...]], ...]
    """Pairs of a kind and its items, by first mention."""
    without_chinese: tuple[str, ...]
    """Words worth studying for which no Chinese was found, by first mention."""
    has_guesses: bool
    """Whether a meaning is a guess."""
    from_cedict: bool
    """Whether a meaning is from CC-CEDICT, whose licence asks to be named."""
    corrections: tuple[CorrectionContext, ...]
    finding_count: int
    labels: Labels
    assistance: AssistanceContext | None = None
    """None if no model wrote about the talk."""


def time_span(start_s: float | None, end_s: float | None, slack_s: float, url: str | None) -> TimeSpan | None:
    """The span as given to templates; None if the times are unknown."""
    if start_s is None or end_s is None:
        return None
    label = f"{to_clock(start_s)}-{to_clock(end_s)}"
    slack = round(slack_s)
    return TimeSpan(label=label, start_s=start_s, end_s=end_s, slack_s=slack, url=link_at(url, start_s))
