"""What templates see. Every field is documented here and in docs/templates.md; a test compares.

Text comes as runs, so that templates decide how a term looks and nothing is marked up twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studykit.export.page.labels import Labels
from studykit.export.page.links import link_at, safe_url
from studykit.ingest import DOUBTFUL, RESTORED
from studykit.kinds import ITEM_KINDS
from studykit.languages import gap_after, join_pieces, join_sentences
from studykit.timecode import to_clock
from studykit.types import (
    Claim,
    Correction,
    Finding,
    Notes,
    NotesParagraph,
    Part,
    Sentence,
    Span,
    Term,
)

__all__ = [
    "ClaimContext",
    "CorrectionContext",
    "FindingContext",
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
    "time_span",
]

Marks = Mapping[int, Sequence[tuple[Span, str]]]
"""For each sentence the terms in it: code points and entry id, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text; ``term`` is the entry id when the piece is a glossary term, ``item`` the id of
    the vocabulary item that is explained there; else both None."""

    text: str
    term: str | None
    item: str | None = None


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

    id: str
    head: str
    kind: str
    upos: str | None
    cefr: str | None
    ipa: str | None
    gloss: str
    gloss_source: str
    unsure: bool
    """Whether nothing but the dictionary's commonest words is known."""
    note: str | None
    count: int
    """Occurrences in English."""
    first_paragraph: int | None
    """Number of the paragraph that has it first, and explains it; None when its words are not said."""


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
class FindingContext:
    """A place where the Chinese may not say what the English says."""

    kind: str
    severity: str
    message: str
    english: str
    chinese: str


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
    vocabulary: tuple[VocabularyContext, ...]
    """Items to explain here, in the order of the text."""
    findings: tuple[FindingContext, ...]


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
    """A machine translated the other language's text."""
    has_english: bool
    has_chinese: bool
    parts: tuple[PartContext, ...]
    claims: tuple[ClaimContext, ...]
    """Those about the whole talk."""
    terms: tuple[TermContext, ...]
    vocabulary: tuple[tuple[str, tuple[VocabularyContext, ...]], ...]
    """Kinds, each with its items by first mention."""
    corrections: tuple[CorrectionContext, ...]
    finding_count: int
    labels: Labels


def notes_context(notes: Notes, labels: Labels) -> NotesContext:
    """The template context of a talk's notes."""
    url = notes.source.url
    terms = {term.entry_id: _term(term, notes.paragraphs) for term in notes.terms}
    marks = {language: term_marks(notes.terms, language) for language in ("en", "zh")}
    items = _items(notes)
    item_marks = {language: _item_marks(notes, items, language) for language in ("en", "zh")}
    paragraphs = [
        ParagraphContext(
            number=para.index + 1,
            time=time_span(para.start_s, para.end_s, para.slack_s, url),
            speaker=para.speaker,
            english=runs(notes.english, para.english, marks["en"], "en", item_marks["en"]),
            chinese=runs(notes.chinese, para.chinese, marks["zh"], "zh", item_marks["zh"]),
            as_read=_as_read(notes.english[para.english.start : para.english.end]),
            doubtful=para.doubtful,
            score=para.score,
            terms=tuple(terms[entry] for entry in para.introduces),
            vocabulary=tuple(item for item in items if item.first_paragraph == para.index + 1),
            findings=tuple(_finding(found) for found in notes.findings if found.paragraph == para.index),
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
        time=time_span(*_extent(notes.paragraphs), url),
        times_restored=notes.timing == "restored",
        machine_translated=notes.source.translation == "translated",
        has_english=bool(notes.english),
        has_chinese=bool(notes.chinese),
        parts=tuple(_part(part, notes, paragraphs, claims) for part in notes.parts),
        claims=tuple(claim for claim in claims if claim.part is None),
        terms=tuple(terms.values()),
        vocabulary=tuple(
            (kind, tuple(item for item in items if item.kind == kind))
            for kind in ITEM_KINDS
            if any(item.kind == kind for item in items)
        ),
        corrections=tuple(_corrections(notes)),
        finding_count=len(notes.findings),
        labels=labels,
    )


def time_span(start_s: float | None, end_s: float | None, slack_s: float, url: str | None) -> TimeSpan | None:
    """The span as templates see it; None where the times are unknown."""
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
        time=time_span(*_extent(mine), notes.source.url),
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


def _items(notes: Notes) -> list[VocabularyContext]:
    """The items in the order in which they are first said."""
    made = []
    for number, item in enumerate(notes.vocabulary):
        said = sorted((at.sentence, at.span.start) for at in item.occurrences if at.language == "en")
        gloss = next((gloss for gloss in item.glosses if gloss.language == "zh"), None)
        context = VocabularyContext(
            id=f"item-{number + 1}",
            head=item.head,
            kind=item.kind,
            upos=item.upos,
            cefr=item.cefr,
            ipa=item.ipa,
            gloss=gloss.text if gloss else "",
            gloss_source=gloss.source if gloss else "",
            unsure=gloss is not None and gloss.source.endswith("commonest"),
            note=item.note,
            count=len(said),
            first_paragraph=notes.paragraph_of("en", said[0][0]) + 1 if said else None,
        )
        made.append((said[0] if said else (len(notes.english), 0), context))
    return [context for _, context in sorted(made, key=lambda entry: entry[0])]


def _item_marks(notes: Notes, items: Iterable[VocabularyContext], language: str) -> Marks:
    """Where items stand in the paragraphs that explain them; points of grammar are no words to mark."""
    marks: dict[int, list[tuple[Span, str]]] = {}
    for context in items:
        if context.first_paragraph is None:
            continue
        item = notes.vocabulary[int(context.id.removeprefix("item-")) - 1]
        para = notes.paragraphs[context.first_paragraph - 1]
        wording = ITEM_KINDS[item.kind].is_wording
        for at in item.occurrences:
            if at.language == language and at.sentence in para.span(language) and wording:
                marks.setdefault(at.sentence, []).append((at.span, context.id))
    return marks


def _finding(finding: Finding) -> FindingContext:
    return FindingContext(
        kind=finding.kind,
        severity=finding.severity,
        message=finding.message,
        english=finding.english,
        chinese=finding.chinese,
    )


def _claim(index: int, claim: Claim, notes: Notes) -> ClaimContext:
    time: TimeSpan | None = None
    paragraph: int | None = None
    part = claim.part
    if claim.evidence:
        first, last = claim.evidence[0].sentence, claim.evidence[-1].sentence
        language = notes.source.language
        sentences = notes.sentences(language)
        time = time_span(
            sentences[first].start_s, sentences[last].end_s, sentences[first].slack_s, notes.source.url
        )
        paragraph = notes.paragraph_of(language, first)
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
    """What to look at: everything that was changed, but restored characters only where in doubt."""
    alike: dict[tuple[str, str, str], list[Correction]] = {}
    for correction in notes.corrections:
        if correction.rule == RESTORED and correction.confidence >= DOUBTFUL:
            continue
        alike.setdefault((correction.wrong, correction.right, correction.rule), []).append(correction)
    for (wrong, right, rule), places in alike.items():
        yield CorrectionContext(
            wrong=wrong,
            right=right,
            rule=rule,
            confidence=min(place.confidence for place in places),
            count=len(places),
            paragraphs=tuple(
                sorted({notes.paragraph_of(place.language, place.sentence) + 1 for place in places})
            ),
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


def runs(
    sentences: Sequence[Sentence], span: Span, marks: Marks, language: str, items: Marks | None = None
) -> tuple[Run, ...]:
    """The text of some sentences, cut where terms, or ``items`` outside of terms, begin and end."""
    made: list[Run] = []

    def add(text: str, term: str | None = None, item: str | None = None) -> None:
        plain = term is None and item is None
        if text and plain and made and made[-1].term is None and made[-1].item is None:
            made[-1] = Run(text=made[-1].text + text, term=None)
        elif text:
            made.append(Run(text=text, term=term, item=item))

    for i in span:
        text, at = sentences[i].text, 0
        if i > span.start:
            add(gap_after(sentences[i - 1].text, language))
        terms = [(where, term, None) for where, term in marks.get(i, ())]
        others = [(where, None, item) for where, item in (items or {}).get(i, ())]
        for where, term, item in _apart(terms, others):
            add(text[at : where.start])
            add(text[where.start : where.end], term, item)
            at = where.end
        add(text[at:])
    return tuple(made)


_Mark = tuple[Span, str | None, str | None]


def _apart(terms: Sequence[_Mark], items: Sequence[_Mark]) -> list[_Mark]:
    """All terms, and the items that overlap neither a term nor a longer item, in order."""
    kept = list(terms)
    for mark in sorted(items, key=lambda mark: (-len(mark[0]), mark[0].start)):
        span = mark[0]
        if all(span.end <= other.start or other.end <= span.start for other, *_ in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark[0].start)
