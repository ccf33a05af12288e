"""What templates see. Every field is documented here and in docs/templates.md; a test compares.

Text comes as runs, so that templates decide how a term looks and nothing is marked up twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studykit.export.labels import Labels
from studykit.export.links import link_at, safe_url
from studykit.languages import gap_after, join_pieces, join_sentences
from studykit.timecode import to_clock
from studykit.types import (
    Claim,
    Correction,
    Notes,
    NotesParagraph,
    Part,
    Sentence,
    Span,
    Term,
    VocabularyItem,
)

__all__ = [
    "ClaimContext",
    "CorrectionContext",
    "Marks",
    "NotesContext",
    "ParagraphContext",
    "PartContext",
    "Run",
    "TermContext",
    "TimeSpan",
    "VocabularyContext",
    "notes_context",
    "runs",
    "term_marks",
]

Marks = Mapping[int, Sequence[tuple[Span, str]]]
"""For each sentence the terms in it: code points and entry id, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text; ``term`` is the entry id when the piece is a glossary term, else None."""

    text: str
    term: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """``label`` such as ``20:00-20:22``; ``url`` plays from its start, or is None."""

    label: str
    start_s: float
    end_s: float
    slack_s: int
    """By how many whole seconds the true times may be later."""
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermContext:
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
    """Occurrences in both languages."""
    first_paragraph: int
    """Number of the paragraph that mentions it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyContext:
    """Something to study that is not a glossary term."""

    head: str
    kind: str
    upos: str | None
    cefr: str | None
    gloss: str
    gloss_source: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimContext:
    """A key claim with its quote; claims from notes made by hand may have no quote, or no English."""

    number: int
    statement: str
    statement_zh: str | None
    quote: str
    time: TimeSpan | None
    paragraph: int | None
    part: int | None
    """Number of the part that it belongs to; None when it is about the whole talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionContext:
    """A mis-heard term that was put right, wherever it stood."""

    wrong: str
    right: str
    rule: str
    confidence: float
    """The lowest of its places, 0-1."""
    count: int
    paragraphs: tuple[int, ...]
    """Numbers of the paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphContext:
    """A numbered paragraph in both languages."""

    number: int
    time: TimeSpan | None
    speaker: str | None
    english: tuple[Run, ...]
    chinese: tuple[Run, ...]
    as_read: str | None
    """The English before anything was corrected or edited; None when that is the same."""
    doubtful: bool
    score: float | None
    terms: tuple[TermContext, ...]
    """Terms to explain here, because they are mentioned here first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartContext:
    """A chapter; ``title`` is None when the talk has none."""

    number: int
    title: str | None
    time: TimeSpan | None
    paragraphs: tuple[ParagraphContext, ...]
    claims: tuple[ClaimContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesContext:
    """Everything a notes template sees, as ``notes``."""

    title: str
    language: str
    url: str | None
    channel: str | None
    published: str | None
    """ISO date."""
    time: TimeSpan | None
    times_restored: bool
    machine_translated: bool
    """The other language's text is the site's own machine translation."""
    has_english: bool
    has_chinese: bool
    parts: tuple[PartContext, ...]
    claims: tuple[ClaimContext, ...]
    """Those about the whole talk."""
    terms: tuple[TermContext, ...]
    vocabulary: tuple[VocabularyContext, ...]
    corrections: tuple[CorrectionContext, ...]
    labels: Labels


def notes_context(notes: Notes, labels: Labels) -> NotesContext:
    """The template context of a talk's notes."""
    url = notes.source.url
    terms = {term.entry_id: _term(term, notes.paragraphs) for term in notes.terms}
    marks = {language: term_marks(notes.terms, language) for language in ("en", "zh")}
    paragraphs = [
        ParagraphContext(
            number=para.index + 1,
            time=_time(para.start_s, para.end_s, para.slack_s, url),
            speaker=para.speaker,
            english=runs(notes.english, para.english, marks["en"], "en"),
            chinese=runs(notes.chinese, para.chinese, marks["zh"], "zh"),
            as_read=_as_read(notes.english[para.english.start : para.english.end]),
            doubtful=para.doubtful,
            score=para.score,
            terms=tuple(terms[entry] for entry in para.introduces),
        )
        for para in notes.paragraphs
    ]
    claims = [_claim(i, claim, notes) for i, claim in enumerate(notes.claims)]
    return NotesContext(
        title=notes.source.title,
        language=notes.source.language,
        url=safe_url(url),
        channel=notes.source.channel,
        published=notes.source.published,
        time=_time(*_extent(notes.paragraphs), url),
        times_restored=notes.timing == "restored",
        machine_translated=notes.source.translation == "translated",
        has_english=bool(notes.english),
        has_chinese=bool(notes.chinese),
        parts=tuple(_part(part, notes, paragraphs, claims) for part in notes.parts),
        claims=tuple(claim for claim in claims if claim.part is None),
        terms=tuple(terms.values()),
        vocabulary=tuple(_vocabulary(item) for item in notes.vocabulary),
        corrections=tuple(_corrections(notes)),
        labels=labels,
    )


def _time(start_s: float | None, end_s: float | None, slack_s: float, url: str | None) -> TimeSpan | None:
    if start_s is None or end_s is None:
        return None
    label = f"{to_clock(start_s)}-{to_clock(end_s)}"
    slack = round(slack_s)
    return TimeSpan(label=label, start_s=start_s, end_s=end_s, slack_s=slack, url=link_at(url, start_s))


def _extent(paragraphs: Iterable[NotesParagraph]) -> tuple[float | None, float | None, float]:
    timed = [para for para in paragraphs if para.start_s is not None and para.end_s is not None]
    starts = [para.start_s for para in timed if para.start_s is not None]
    ends = [para.end_s for para in timed if para.end_s is not None]
    return (
        min(starts, default=None),
        max(ends, default=None),
        max((para.slack_s for para in timed), default=0.0),
    )


def _part(
    part: Part, notes: Notes, paragraphs: Sequence[ParagraphContext], claims: Sequence[ClaimContext]
) -> PartContext:
    mine = notes.paragraphs[part.paragraphs.start : part.paragraphs.end]
    return PartContext(
        number=part.index + 1,
        title=part.title,
        time=_time(*_extent(mine), notes.source.url),
        paragraphs=tuple(paragraphs[part.paragraphs.start : part.paragraphs.end]),
        claims=tuple(claim for claim in claims if claim.part == part.index + 1),
    )


def _term(term: Term, paragraphs: Sequence[NotesParagraph]) -> TermContext:
    definitions = {gloss.language: gloss.text for gloss in term.glosses}
    first = next(para.index for para in paragraphs if term.entry_id in para.introduces)
    return TermContext(
        id=term.entry_id,
        english=term.english,
        abbreviation=term.abbreviation,
        chinese=term.chinese,
        category=term.category,
        definition_en=definitions.get("en", ""),
        definition_zh=definitions.get("zh", ""),
        demo=term.demo,
        count=len(term.occurrences),
        first_paragraph=first + 1,
    )


def _vocabulary(item: VocabularyItem) -> VocabularyContext:
    gloss = next((gloss for gloss in item.glosses if gloss.language == "zh"), None)
    return VocabularyContext(
        head=item.head,
        kind=item.kind,
        upos=item.upos,
        cefr=item.cefr,
        gloss=gloss.text if gloss else "",
        gloss_source=gloss.source if gloss else "",
        count=len(item.occurrences),
    )


def _claim(index: int, claim: Claim, notes: Notes) -> ClaimContext:
    time: TimeSpan | None = None
    paragraph: int | None = None
    part = claim.part
    if claim.evidence:
        first, last = claim.evidence[0].sentence, claim.evidence[-1].sentence
        language = notes.source.language
        sentences = notes.sentences(language)
        time = _time(
            sentences[first].start_s, sentences[last].end_s, sentences[first].slack_s, notes.source.url
        )
        spans = ((para, para.english if language == "en" else para.chinese) for para in notes.paragraphs)
        paragraph = next(para.index for para, span in spans if first in span)
        part = next(part.index for part in notes.parts if paragraph in part.paragraphs)
    return ClaimContext(
        number=index + 1,
        statement=claim.statement,
        statement_zh=claim.statement_zh,
        quote=" … ".join(evidence.quote for evidence in claim.evidence),
        time=time,
        paragraph=None if paragraph is None else paragraph + 1,
        part=None if part is None else part + 1,
    )


def _as_read(sentences: Sequence[Sentence]) -> str | None:
    read = join_sentences((join_pieces([sent.raw], "en") for sent in sentences), "en")
    return None if read == join_sentences((sent.text for sent in sentences), "en") else read


def _corrections(notes: Notes) -> Iterator[CorrectionContext]:
    home = {
        (language, i): para.index + 1
        for para in notes.paragraphs
        for language, span in (("en", para.english), ("zh", para.chinese))
        for i in span
    }
    alike: dict[tuple[str, str, str], list[Correction]] = {}
    for correction in notes.corrections:
        alike.setdefault((correction.wrong, correction.right, correction.rule), []).append(correction)
    for (wrong, right, rule), places in alike.items():
        yield CorrectionContext(
            wrong=wrong,
            right=right,
            rule=rule,
            confidence=min(place.confidence for place in places),
            count=len(places),
            paragraphs=tuple(sorted({home[place.language, place.sentence] for place in places})),
        )


def term_marks(terms: Iterable[Term], language: str) -> Marks:
    """Where terms stand in the sentences of a language."""
    marks: dict[int, list[tuple[Span, str]]] = {}
    for term in terms:
        for at in term.occurrences:
            if at.language == language:
                marks.setdefault(at.sentence, []).append((at.span, term.entry_id))
    for found in marks.values():
        found.sort(key=lambda mark: mark[0].start)
    return marks


def runs(sentences: Sequence[Sentence], span: Span, marks: Marks, language: str) -> tuple[Run, ...]:
    """The text of some sentences, cut where terms begin and end."""
    made: list[Run] = []

    def add(text: str, term: str | None = None) -> None:
        if text and term is None and made and made[-1].term is None:
            made[-1] = Run(text=made[-1].text + text, term=None)
        elif text:
            made.append(Run(text=text, term=term))

    for i in span:
        text, at = sentences[i].text, 0
        if i > span.start:
            add(gap_after(sentences[i - 1].text, language))
        for where, term in marks.get(i, ()):
            add(text[at : where.start])
            add(text[where.start : where.end], term)
            at = where.end
        add(text[at:])
    return tuple(made)
