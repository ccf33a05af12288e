"""What a site shows of a talk besides its page: terms are those of today's glossary, not the stored ones."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from studykit.annotate import find_terms
from studykit.compose import with_terms
from studykit.export.assist.merged import assisted
from studykit.export.site import Mention, SiteClaim, mentions_of
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.talk.stages.sure import sure_sentences
from studykit.types import LANGUAGES, Notes, Sentence, Source

__all__ = ["Shown", "shown", "with_terms_of"]


class Shown(Struct, frozen=True, kw_only=True):
    """What pages other than its own show of a talk."""

    source: Source
    bilingual: bool
    terms: tuple[str, ...]
    """The ids of its terms."""
    places: str
    """A digest of where they stand."""
    mentions: dict[str, tuple[Mention, ...]]
    tested: tuple[SiteClaim, ...]


def shown(notes: Notes) -> Shown:
    """Of notes with the terms and the demos of today."""
    places = [(term.entry_id, term.occurrences) for term in notes.terms]
    return Shown(
        source=notes.source,
        bilingual=bool(notes.english and notes.chinese),
        terms=tuple(term.entry_id for term in notes.terms),
        places=digest_bytes(msgspec.json.encode(places)),
        mentions=mentions_of(notes),
        tested=tuple(_tested(notes)),
    )


def with_terms_of(notes: Notes, glossary: Glossary) -> Notes:
    """Stored notes with the terms of the current glossary, which may have grown since they were made.

    As in the notes, none is taken from a sentence that was hardly heard.
    """
    texts: dict[str, tuple[Sentence, ...]] = {
        language: sure_sentences(notes.sentences(language))
        for language in LANGUAGES
        if notes.sentences(language)
    }
    matches = find_terms(texts, glossary, notes.alignment, lead=notes.source.language)
    return with_terms(notes, matches, glossary)


def _tested(notes: Notes) -> Iterator[SiteClaim]:
    language = notes.source.language
    for claim in assisted(notes).claims:
        if claim.demo:
            first = claim.evidence[0].sentence if claim.evidence else None
            yield SiteClaim(
                claim=claim,
                start_s=None if first is None else notes.sentences(language)[first].start_s,
                paragraph=None if first is None else notes.paragraph_of(language, first) + 1,
            )
