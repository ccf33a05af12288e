"""Everything about one paragraph in one place: documents, alignment and annotations become notes.

The paragraphs are those of the talk's own language. Where a bead crosses the end of a
paragraph, that end moves to the nearer edge of the bead, so that every translation stands directly
under its source; the paragraph then ends a sentence earlier or later. The end of a chapter or of a
speaker's turn does not move; there the translation goes with the longer part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace

from studykit.errors import GlossaryError
from studykit.glossary import Glossary
from studykit.languages import spoken_length_s
from studykit.types import (
    Alignment,
    Annotations,
    Correction,
    Document,
    Notes,
    NotesParagraph,
    Part,
    Sentence,
    Source,
    Span,
    Term,
    TermMatch,
    Texts,
    TimeOrigin,
)

__all__ = ["compose", "with_terms"]

_LONG_INSERTION = 4
"""Inserted translation of this many sentences or more gets a paragraph of its own."""

_NOTABLE_S = 4.0
"""Shorter speech may go untranslated without being marked: fillers, back-channels."""


class _Link(Struct, frozen=True, kw_only=True):
    """A bead seen from the talk's language."""

    lead: Span
    other: Span
    score: float
    locked: bool


class _Draft(Struct, frozen=True, kw_only=True):
    """A paragraph as a run of links, before it is built."""

    links: tuple[_Link, ...]
    aligned: bool

    @property
    def lead(self) -> Span:
        return Span(start=self.links[0].lead.start, end=self.links[-1].lead.end)

    @property
    def other(self) -> Span:
        return Span(start=self.links[0].other.start, end=self.links[-1].other.end)


def compose(
    *,
    source: Source,
    timing: TimeOrigin,
    lead: Document,
    other: Document | None,
    alignment: Alignment | None,
    annotations: Annotations,
    glossary: Glossary,
    corrections: Iterable[Correction] = (),
    cuts: Sequence[tuple[int, int]] = (),
    doubtful_below: float = 0.8,
) -> Notes:
    """Notes of a talk. ``lead`` is the document in the talk's language, ``other`` its translation.

    ``alignment`` has English as its source side, whichever language leads; ``cuts`` are places where
    both texts are known to break, as pairs of sentences that begin a new part. Paragraphs whose
    alignment scores less than ``doubtful_below`` (0-1) are marked. Raises
    ``GlossaryError`` when an annotation names an entry that the glossary lacks.
    """
    drafts = list(_drafts(lead, other, alignment, cuts))
    texts = Texts(lead=lead, other=other)
    notes = Notes(
        source=source,
        timing=timing,
        english=texts.english.sentences if texts.english else (),
        chinese=texts.chinese.sentences if texts.chinese else (),
        alignment=alignment,
        parts=tuple(_parts(drafts, lead, source)),
        paragraphs=tuple(
            _with_guessed_turns(
                [_paragraph(i, draft, lead, doubtful_below) for i, draft in enumerate(drafts)], drafts, lead
            )
        ),
        vocabulary=annotations.vocabulary,
        claims=annotations.claims,
        findings=annotations.findings,
        corrections=tuple(corrections),
    )
    return with_terms(notes, annotations.terms, glossary)


def with_terms(notes: Notes, matches: Iterable[TermMatch], glossary: Glossary) -> Notes:
    """Notes with these terms, each introduced by the paragraph that mentions it first.

    Raises ``GlossaryError`` when a match names an entry that the glossary lacks.
    """
    notes = replace(notes, terms=tuple(_term(match, glossary) for match in matches))
    introduced: dict[int, list[str]] = {}
    for entry_id, at in notes.first_mentions().items():
        introduced.setdefault(notes.paragraph_of(at.language, at.sentence), []).append(entry_id)
    paragraphs = (
        replace(para, introduces=tuple(introduced.get(para.index, ()))) for para in notes.paragraphs
    )
    return replace(notes, paragraphs=tuple(paragraphs))


def _drafts(
    lead: Document, other: Document | None, alignment: Alignment | None, cuts: Sequence[tuple[int, int]]
) -> Iterator[_Draft]:
    """The paragraphs, each as its links: whole beads only, every sentence once."""
    if alignment is None:
        nothing = Span(start=0, end=0)
        for para in lead.paragraphs:
            link = _Link(lead=para.sentences, other=nothing, score=0.0, locked=False)
            yield _Draft(links=(link,), aligned=False)
        return
    links = [
        _Link(lead=bead.source, other=bead.target, score=bead.score, locked=bead.locked)
        if lead.language == "en"
        else _Link(lead=bead.target, other=bead.source, score=bead.score, locked=bead.locked)
        for bead in alignment.beads
    ]
    links = list(_cut_at_turns(lead, links))
    ends = _snapped_ends(lead, links)
    openings = {para.sentences.start for para in other.paragraphs} if other and not cuts else set()
    for _, piece in groupby(links, key=lambda link: _piece(link, cuts)):
        group: list[_Link] = []
        for run in _with_insertions_joined(piece):
            insertion = not len(run[0].lead)
            stands_alone = insertion and len(run) >= _LONG_INSERTION and not cuts
            complete = group and group[-1].lead.end in ends and any(len(link.lead) for link in group)
            # A shorter insertion stays with the text before it, unless the translator began a paragraph.
            if (group and stands_alone) or (complete and (not insertion or run[0].other.start in openings)):
                yield _Draft(links=tuple(group), aligned=True)
                group = []
            group += run
            if stands_alone:
                yield _Draft(links=tuple(group), aligned=True)
                group = []
        if group:
            yield _Draft(links=tuple(group), aligned=True)


def _piece(link: _Link, cuts: Sequence[tuple[int, int]]) -> int:
    """How many cuts come before a link."""
    return sum(lead <= link.lead.start and other <= link.other.start for lead, other in cuts)


def _cut_at_turns(lead: Document, links: Iterable[_Link]) -> Iterator[_Link]:
    """Links, each within one chapter and one speaker's turn."""
    turns = {
        before.sentences.end
        for before, after in pairwise(lead.paragraphs)
        if before.chapter != after.chapter
        or lead.sentences[before.sentences.end - 1].speaker != lead.sentences[after.sentences.start].speaker
    }
    for link in links:
        edges = [
            link.lead.start,
            *(i for i in link.lead if i in turns and i > link.lead.start),
            link.lead.end,
        ]
        pieces = [Span(start=a, end=b) for a, b in pairwise(edges)]
        home = max(pieces, key=lambda piece: _spoken_s(lead.sentences, piece))
        for piece in pieces:
            at = link.other.start if piece.start <= home.start else link.other.end
            other = link.other if piece == home else Span(start=at, end=at)
            yield _Link(lead=piece, other=other, score=link.score, locked=link.locked)


def _spoken_s(sentences: Sequence[Sentence], span: Span) -> float:
    return spoken_length_s(" ".join(sentences[i].text for i in span))


def _with_insertions_joined(links: Iterable[_Link]) -> Iterator[list[_Link]]:
    """Single links, but neighbouring ones without a lead side together."""
    run: list[_Link] = []
    for link in links:
        if run and not (len(link.lead) == 0 == len(run[-1].lead)):
            yield run
            run = []
        run.append(link)
    if run:
        yield run


def _snapped_ends(lead: Document, links: Sequence[_Link]) -> set[int]:
    """Where paragraphs end, each moved to the nearer edge of the bead that it would cut."""
    edges = sorted({link.lead.end for link in links})
    ends: set[int] = set()
    for para in lead.paragraphs:
        end = para.sentences.end
        above = edges[bisect_right(edges, end - 1)]
        below = edges[bisect_right(edges, end) - 1] if edges[0] <= end else 0
        ends.add(above if above - end <= end - below or below == 0 else below)
    return ends


def _paragraph(index: int, draft: _Draft, lead: Document, doubtful_below: float) -> NotesParagraph:
    sentences = lead.sentences[draft.lead.start : draft.lead.end]
    starts = [sent.start_s for sent in sentences if sent.start_s is not None]
    ends = [sent.end_s for sent in sentences if sent.end_s is not None]
    english, chinese = (draft.lead, draft.other) if lead.language == "en" else (draft.other, draft.lead)
    score = _score(draft, lead.sentences) if draft.aligned else None
    return NotesParagraph(
        index=index,
        english=english,
        chinese=chinese,
        start_s=min(starts, default=None),
        end_s=max(ends, default=None),
        slack_s=max((sent.slack_s for sent in sentences), default=0.0),
        speaker=sentences[0].speaker if sentences else None,
        score=score,
        doubtful=score is not None and score < doubtful_below,
    )


def _with_guessed_turns(
    paragraphs: Sequence[NotesParagraph], drafts: Sequence[_Draft], lead: Document
) -> Iterator[NotesParagraph]:
    """With the marks of the document, each where its paragraph went, a sentence away at most."""
    guessed = {para.sentences.start for para in lead.paragraphs if para.guessed_turn}
    starts = [draft.lead.start for draft in drafts]
    moved = {min(starts, key=lambda start, at=at: abs(start - at)) for at in guessed}  # type: ignore[misc]
    for para, start in zip(paragraphs, starts, strict=True):
        near = start in moved and bool(guessed & {start - 1, start, start + 1})
        yield replace(para, guessed_turn=near) if near else para


def _score(draft: _Draft, sentences: Sequence[Sentence]) -> float:
    """The mean score of a paragraph's beads, each weighted by how long its speech takes.

    Untranslated speech longer than a filler counts as wrong, unless a person has locked it as
    untranslated; a paragraph that only the translation has gets the score of its beads.
    """
    weighted = translated_s = untranslated_s = 0.0
    for link in draft.links:
        length_s = _spoken_s(sentences, link.lead)
        if len(link.other) or link.locked:
            weight = max(length_s, 0.1)
            weighted += weight * link.score
            translated_s += weight
        else:
            untranslated_s += length_s
    total_s = translated_s + (untranslated_s if untranslated_s >= _NOTABLE_S else 0.0)
    return round(weighted / total_s, 4) if total_s else 1.0


def _parts(drafts: Sequence[_Draft], lead: Document, source: Source) -> Iterator[Part]:
    """Runs of paragraphs of one chapter; the whole talk when it has no chapters."""
    chapter_of = [para.chapter for para in lead.paragraphs for _ in para.sentences]
    chapters = [chapter_of[min(draft.lead.start, len(chapter_of) - 1)] for draft in drafts]
    start = 0
    for index, end in enumerate(i for i in range(1, len(drafts) + 1) if _ends(chapters, i)):
        chapter = chapters[start]
        found = None if chapter is None else source.chapters[chapter]
        yield Part(
            index=index,
            title=found.title if found else None,
            paragraphs=Span(start=start, end=end),
            translation=found.translation if found else None,
        )
        start = end


def _ends(chapters: Sequence[int | None], i: int) -> bool:
    return i == len(chapters) or chapters[i] != chapters[i - 1]


def _term(match: TermMatch, glossary: Glossary) -> Term:
    """A match as it appears in notes."""
    entry = glossary.get(match.entry_id)
    if entry is None:
        raise GlossaryError([f"no entry {match.entry_id!r}"])
    return Term(
        entry_id=entry.id,
        english=entry.english,
        abbreviation=entry.abbreviation,
        chinese=entry.chinese,
        category=entry.category,
        glosses=entry.glosses,
        demo=entry.demo,
        occurrences=match.occurrences,
    )
