"""Converts notes to the variables of templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from studykit.export.page.contexts import (
    ClaimContext,
    CorrectionContext,
    FindingContext,
    NotesContext,
    ParagraphContext,
    PartContext,
    TermContext,
    TimeSpan,
    VocabularyContext,
    time_span,
)
from studykit.export.page.labels import Labels
from studykit.export.page.links import safe_url
from studykit.export.page.runs import Marks, runs, term_marks
from studykit.languages import is_chinese, join_pieces, join_sentences
from studykit.types import (
    DOUBTFUL,
    LANGUAGES,
    RESTORED,
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
from studykit.types.kinds import ITEM_KINDS

__all__ = ["notes_context"]


def notes_context(notes: Notes, labels: Labels) -> NotesContext:
    """The template context of a talk's notes."""
    url = notes.source.url
    terms = {term.entry_id: _term(term, notes.paragraphs) for term in notes.terms}
    marks = {language: term_marks(notes.terms, language) for language in LANGUAGES}
    items = _items(notes)
    item_marks = {language: _item_marks(notes, items, language) for language in LANGUAGES}
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
            findings=tuple(
                _finding(found, labels.language) for found in notes.findings if found.paragraph == para.index
            ),
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
    """The items in the order of their first mention."""
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
            unsure=gloss is not None and gloss.guess,
            note=item.note,
            count=len(said),
            first_paragraph=notes.paragraph_of("en", said[0][0]) + 1 if said else None,
        )
        made.append((said[0] if said else (len(notes.english), 0), context))
    return [context for _, context in sorted(made, key=lambda entry: entry[0])]


def _item_marks(notes: Notes, items: Iterable[VocabularyContext], language: str) -> Marks:
    """The places of items in the paragraphs that explain them; points of grammar are not marked."""
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


def _finding(finding: Finding, language: str) -> FindingContext:
    return FindingContext(
        kind=finding.kind,
        severity=finding.severity,
        message=finding.message_zh or finding.message if is_chinese(language) else finding.message,
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
    """All corrections, but restored characters only if they are doubtful."""
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
