"""Mis-heard and mistranslated terms put right, each change on record.

``correct`` reads a document and returns it with the terms right in ``Sentence.text``, together with a
``Correction`` for every change. ``Sentence.raw`` stays what was read, so leaving a correction out is
undoing it. What is too doubtful to change is returned as a proposal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from studykit.correct.candidate import APPLY, PROPOSE, Candidate
from studykit.correct.chinese import Mistranslations
from studykit.correct.context import Context
from studykit.correct.decided import Decided
from studykit.correct.latin import candidates
from studykit.correct.lexicon import Lexicon
from studykit.correct.rewrite import rewritten
from studykit.fingerprint import digest_texts
from studykit.glossary import Glossary
from studykit.languages import is_chinese
from studykit.types import Corrected, Correction, Decision, Document, Sentence, Span

__all__ = ["Corrected", "apply", "correct", "find"]


def correct(doc: Document, glossary: Glossary, *, decisions: Collection[Decision] = ()) -> Corrected:
    """Put mis-heard terms right.

    ``decisions`` outrank confidence: a correction that was rejected is proposed at most, one that was
    accepted is made, and one that was accepted everywhere is made wherever its words stand. Takes about
    a tenth of a second for a thousand words.
    """
    corrections, proposals = find(doc.sentences, doc.language, glossary, decisions=decisions)
    return Corrected(document=apply(doc, corrections), corrections=corrections, proposals=proposals)


def find(
    sentences: Sequence[Sentence],
    language: str,
    glossary: Glossary,
    *,
    decisions: Collection[Decision] = (),
) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """The corrections to be made in the sentences' raw texts, and those to be proposed, in order."""
    language = "zh" if is_chinese(language) else "en"
    lexicon, mistranslations = _lists(glossary)
    context = Context([sent.raw for sent in sentences], glossary, language)
    mine = [decision for decision in decisions if decision.language == language]
    verdicts = {(d.sentence, d.span, d.right): d.accepted for d in mine if not d.everywhere}
    decided = Decided(decision for decision in mine if decision.everywhere)
    made: list[Correction] = []
    proposed: list[Correction] = []
    for at, sent in enumerate(sentences):
        found = [*candidates(sent.raw, at, lexicon, context), *decided.candidates(sent.raw)]
        if language == "zh":
            found += mistranslations.candidates(sent.raw, at, context)
        for candidate in _surest(found):
            span = Span(start=candidate.start, end=candidate.end)
            correction = Correction(
                language=language,
                sentence=sent.index,
                span=span,
                wrong=sent.raw[candidate.start : candidate.end],
                right=candidate.right,
                rule=candidate.rule,
                confidence=candidate.confidence,
            )
            verdict = verdicts.get((sent.raw, span, candidate.right))
            if verdict is None:
                verdict = decided.verdict(correction.wrong, candidate.right)
            if verdict if verdict is not None else candidate.confidence >= APPLY:
                made.append(correction)
            else:
                proposed.append(correction)
    return tuple(made), tuple(proposed)


def apply(doc: Document, corrections: Iterable[Correction]) -> Document:
    """The document with ``corrections``, given in order, made in its sentences' texts."""
    by_sentence: dict[int, list[Correction]] = {}
    for correction in corrections:
        by_sentence.setdefault(correction.sentence, []).append(correction)
    sentences = tuple(
        replace(sent, text=rewritten(sent, by_sentence[sent.index])) if sent.index in by_sentence else sent
        for sent in doc.sentences
    )
    return replace(
        doc,
        id=digest_texts(doc.language, (sent.text for sent in sentences)),
        sentences=sentences,
    )


def _surest(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates that do not overlap, the surest and longest first chosen, in the order of the text."""
    candidates = list(found)
    wider = [c for c in candidates if c.confidence >= APPLY and c.rule != "spelling"]
    chosen: list[Candidate] = []
    for candidate in sorted(
        # "GBT" alone is GPT, but "chad gbt" is ChatGPT
        (c for c in candidates if not any(_takes_in(other, c) for other in wider)),
        key=lambda c: (-c.confidence, c.start - c.end, c.start),
    ):
        if candidate.confidence >= PROPOSE and all(
            candidate.end <= other.start or candidate.start >= other.end for other in chosen
        ):
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c.start)


def _takes_in(wide: Candidate, narrow: Candidate) -> bool:
    return (
        wide.start <= narrow.start
        and narrow.end <= wide.end
        and narrow.end - narrow.start < wide.end - wide.start
        and narrow.right in wide.right
    )


@lru_cache(maxsize=2)
def _lists(glossary: Glossary) -> tuple[Lexicon, Mistranslations]:
    """Both texts of a talk, and many talks, are searched for the same forms."""
    return Lexicon(glossary), Mistranslations(glossary)
