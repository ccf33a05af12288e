"""Converts notes to the variables of templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from studykit.export.assist.context import assistance_context, part_summary, questions, statement
from studykit.export.assist.merged import assisted, written_sense, written_senses
from studykit.export.doubts import doubtful_paragraphs, summarised_paragraphs
from studykit.export.page.contexts import (
    ClaimContext,
    CorrectionContext,
    FindingContext,
    MetContext,
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
from studykit.export.page.marks import Shown, marks_of
from studykit.export.page.runs import Doubts, doubts_of, runs
from studykit.export.stack import CATEGORY_NAMES
from studykit.languages import is_chinese, join_pieces, join_sentences
from studykit.lexicon.dictionary import CEDICT
from studykit.types import (
    DOUBT_MARK,
    RESTORED,
    Claim,
    Correction,
    Finding,
    Notes,
    NotesParagraph,
    Part,
    Sentence,
)
from studykit.types.kinds import ITEM_KINDS

__all__ = ["names_in", "notes_context"]


_NOTHING_MET: Mapping[str, MetContext] = MappingProxyType({})


def notes_context(notes: Notes, labels: Labels, met: Mapping[str, MetContext] = _NOTHING_MET) -> NotesContext:
    """The template context of a talk's notes.

    ``met`` is what earlier lectures of a course explain, by entry id of a term or id of an item.
    """
    notes = assisted(notes)
    url, items = notes.source.url, _items(notes, met)
    terms, about_terms = _in_own_words(_terms(notes, labels.language), items, met)
    explained = [item for item in items if item.id not in about_terms]
    doubts = doubts_of(notes)
    paragraphs = _paragraphs(notes, terms, explained, doubts, labels)
    claims = [_claim(i, claim, notes, labels.language) for i, claim in enumerate(notes.claims)]
    return NotesContext(
        title=notes.source.shown_title,
        file_title=notes.source.title if notes.source.made_title else None,
        translated_title=notes.source.made_translation,
        language=notes.source.language,
        url=safe_url(url),
        channel=notes.source.channel,
        published=notes.source.published,
        time=time_span(*_extent(notes.paragraphs), url),
        times_restored=notes.timing == "restored",
        summarised=len(summarised_paragraphs(notes)),
        doubts_marked=bool(doubts) or _says_doubts(notes),
        machine_translated=notes.source.translation == "translated",
        has_english=bool(notes.english),
        has_chinese=bool(notes.chinese),
        parts=tuple(_part(part, notes, paragraphs, claims) for part in notes.parts),
        claims=tuple(claim for claim in claims if claim.part is None),
        terms=tuple(terms.values()),
        vocabulary=tuple(_by_kind(items)),
        without_chinese=tuple(_without_chinese(notes)),
        has_guesses=any(gloss.guess for item in notes.vocabulary for gloss in item.glosses),
        from_cedict=any(gloss.source == CEDICT for item in notes.vocabulary for gloss in item.glosses),
        corrections=tuple(_corrections(notes)),
        finding_count=len(notes.findings),
        labels=labels,
        assistance=assistance_context(notes, labels.assist),
    )


def _paragraphs(
    notes: Notes,
    terms: Mapping[str, TermContext],
    explained: Sequence[VocabularyContext],
    doubts: Doubts,
    labels: Labels,
) -> list[ParagraphContext]:
    marks = marks_of(notes, list(_shown(notes, explained)))
    doubtful = doubtful_paragraphs(notes)
    explained_in = _by_paragraph(explained)
    return [
        ParagraphContext(
            number=para.index + 1,
            time=time_span(para.start_s, para.end_s, para.slack_s, notes.source.url),
            speaker=para.speaker,
            guessed_turn=para.guessed_turn,
            english=runs(notes.english, para.english, marks["en"].terms, "en", marks["en"].items),
            chinese=runs(
                notes.chinese, para.chinese, marks["zh"].terms, "zh", marks["zh"].items, doubts=doubts
            ),
            as_read=_as_read(notes.english[para.english.start : para.english.end]),
            doubtful=para.index in doubtful,
            hard_to_hear=_is_hard_to_hear(notes, para),
            score=para.score,
            terms=tuple(terms[entry] for entry in para.introduces),
            vocabulary=tuple(explained_in.get(para.index + 1, ())),
            findings=tuple(
                _finding(found, labels.language) for found in notes.findings if found.paragraph == para.index
            ),
        )
        for para in notes.paragraphs
    ]


def _by_paragraph(items: Iterable[VocabularyContext]) -> dict[int | None, list[VocabularyContext]]:
    """The items by the number of the paragraph where they first occur."""
    found: dict[int | None, list[VocabularyContext]] = {}
    for item in items:
        found.setdefault(item.first_paragraph, []).append(item)
    return found


def _by_kind(items: Sequence[VocabularyContext]) -> Iterator[tuple[str, tuple[VocabularyContext, ...]]]:
    for kind in ITEM_KINDS:
        if mine := tuple(item for item in items if item.kind == kind):
            yield kind, mine


def _says_doubts(notes: Notes) -> bool:
    said = [gloss.text for item in notes.vocabulary for gloss in item.glosses]
    said += [item.note or "" for item in notes.vocabulary] + [part.title or "" for part in notes.parts]
    return any(DOUBT_MARK in text for text in (*said, *(claim.statement_zh or "" for claim in notes.claims)))


def _is_hard_to_hear(notes: Notes, para: NotesParagraph) -> bool:
    both = ((notes.english, para.english), (notes.chinese, para.chinese))
    return any(sentences[i].doubtful for sentences, span in both for i in span)


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
        title=part.title or None,
        translation=part.translation,
        time=time_span(*_extent(mine), notes.source.url),
        paragraphs=tuple(paragraphs[part.paragraphs.start : part.paragraphs.end]),
        claims=tuple(claim for claim in claims if claim.part == part.index + 1),
        summary=part_summary(notes, part.index),
        questions=questions(notes, part.index),
    )


def _terms(notes: Notes, language: str) -> Iterator[TermContext]:
    first = {entry: para.index for para in reversed(notes.paragraphs) for entry in para.introduces}
    for term in notes.terms:
        definitions = {gloss.language: gloss.text for gloss in term.glosses}
        yield TermContext(
            id=term.entry_id,
            english=term.english,
            abbreviation=term.abbreviation,
            chinese=term.chinese,
            category=_named(term.category, language),
            definition_en=definitions.get("en", ""),
            definition_zh=definitions.get("zh", ""),
            demo=term.demo,
            count=len(term.occurrences),
            first_paragraph=first[term.entry_id] + 1,
        )


def _in_own_words(
    terms: Iterable[TermContext], items: Sequence[VocabularyContext], met: Mapping[str, MetContext]
) -> tuple[dict[str, TermContext], set[str]]:
    """Terms by id, with what hand-made notes say of them where they first occur; and those items' ids."""
    made: dict[str, TermContext] = {}
    used: set[str] = set()
    items_in = _by_paragraph(item for item in items if item.gloss)
    for term in terms:
        there = items_in.get(term.first_paragraph, ())
        names = names_in(term.english) | names_in(term.abbreviation or "") if there else set()
        same = [item for item in there if names & names_in(item.head)]
        words = [text for item in same for text in (item.gloss, item.note) if text]
        # What an earlier lecture explains is explained again only in a person's own words.
        before = None if words else met.get(term.id)
        made[term.id] = (
            replace(term, in_own_words="。".join(words) or None, met=before) if words or before else term
        )
        used.update(item.id for item in same)
    return made, used


def names_in(head: str) -> set[str]:
    """The names in a head such as ``RL (reinforcement learning)`` or ``in weights / learn in weights``."""
    names = (name.strip() for name in re.split("[()（）/]", head))
    return {name.casefold().replace("-", " ") for name in names if name}


def _named(category: str, language: str) -> str:
    """A category in the language of the labels; one that an older glossary had keeps its key."""
    name = CATEGORY_NAMES.get(category)
    return category if name is None else name.zh if is_chinese(language) else name.en


def _items(notes: Notes, met: Mapping[str, MetContext]) -> list[VocabularyContext]:
    """The items in the order of their first mention."""
    made = []
    senses = written_senses(notes)
    for number, item in enumerate(notes.vocabulary):
        if not item.glosses:
            continue
        sense = written_sense(item, notes) or ("", item.kind, "")
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
            met=met.get(f"item-{number + 1}"),
            written=sense in senses,
            other_wording=not senses.get(sense, True),
        )
        made.append((said[0] if said else (len(notes.english), 0), context))
    return [context for _, context in sorted(made, key=lambda entry: entry[0])]


def _without_chinese(notes: Notes) -> list[str]:
    """The words that are not explained, in the order of their first mention."""
    said = {
        item.head: min((at.sentence, at.span.start) for at in item.occurrences if at.language == "en")
        for item in notes.vocabulary
        if not item.glosses and any(at.language == "en" for at in item.occurrences)
    }
    return sorted(said, key=lambda head: said[head])


def _shown(notes: Notes, items: Iterable[VocabularyContext]) -> Iterator[Shown]:
    """The items that paragraphs explain; points of grammar are not marked."""
    for context in items:
        item = notes.vocabulary[int(context.id.removeprefix("item-")) - 1]
        if context.first_paragraph is not None and ITEM_KINDS[item.kind].is_wording:
            yield Shown(id=context.id, item=item, paragraph=context.first_paragraph - 1)


def _finding(finding: Finding, language: str) -> FindingContext:
    return FindingContext(
        kind=finding.kind,
        severity=finding.severity,
        message=finding.message_zh or finding.message if is_chinese(language) else finding.message,
        english=finding.english,
        chinese=finding.chinese,
    )


def _claim(index: int, claim: Claim, notes: Notes, language: str) -> ClaimContext:
    time: TimeSpan | None = None
    paragraph: int | None = None
    part = claim.part
    if claim.evidence:
        first, last = claim.evidence[0].sentence, claim.evidence[-1].sentence
        lead = notes.source.language
        sentences = notes.sentences(lead)
        time = time_span(
            sentences[first].start_s, sentences[last].end_s, sentences[first].slack_s, notes.source.url
        )
        paragraph = notes.paragraph_of(lead, first)
        part = next(part.index for part in notes.parts if paragraph in part.paragraphs)
    made = notes.assistance.claims if notes.assistance else ()
    return ClaimContext(
        number=index + 1,
        statement=claim.statement,
        statement_zh=claim.statement_zh,
        quote=" … ".join(evidence.quote for evidence in claim.evidence),
        time=time,
        paragraph=None if paragraph is None else paragraph + 1,
        part=None if part is None else part + 1,
        written=statement(made[index].statement, notes) if made else None,
        points=tuple(statement(point, notes) for point in made[index].points) if made else (),
        demo=claim.demo,
        verdict=claim.verdict_zh if is_chinese(language) else claim.verdict,
    )


def _as_read(sentences: Sequence[Sentence]) -> str | None:
    read = join_sentences((join_pieces([sent.raw], "en") for sent in sentences), "en")
    return None if read == join_sentences((sent.text for sent in sentences), "en") else read


def _corrections(notes: Notes) -> Iterator[CorrectionContext]:
    """All corrections but restored characters, which are marked where they stand."""
    alike: dict[tuple[str, str, str], list[Correction]] = {}
    for correction in notes.corrections:
        if correction.rule == RESTORED:
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
