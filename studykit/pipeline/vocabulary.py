"""What a learner should study: for the notes, and as a list of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from studykit import engines
from studykit.align import Encoder
from studykit.annotate import StudyItem, Tagger, find_terms, find_vocabulary
from studykit.errors import InputError
from studykit.glossary import Glossary
from studykit.lexicon.dictionary import load_ecdict
from studykit.pipeline.files import read_files
from studykit.pipeline.options import PipelineOptions
from studykit.types import Alignment, Document, TermMatch, VocabularyItem

__all__ = ["StudyList", "ecdict_state", "items_of_notes", "study_list"]

_ECDICT = "ECDICT"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyList:
    """A talk's items, best first, and the documents that their occurrences are in."""

    source_id: str
    english: Document
    chinese: Document | None
    alignment: Alignment | None
    items: tuple[StudyItem, ...]


def study_list(
    source: Path, *, translation: Path | None, glossary: Glossary, options: PipelineOptions
) -> StudyList:
    """Everything worth studying in the talk in ``source``; nothing is stored.

    Raises ``InputError`` for files that cannot be used or are not in English, and what engines raise.
    """
    talk = read_files(source, translation, glossary=glossary, options=options)
    docs = talk.documents
    if "en" not in docs:
        raise InputError(source, "is not in English, so it has no English to study", hint="Add --translation")
    texts = {language: doc.sentences for language, doc in docs.items()}
    return StudyList(
        source_id=talk.source.id,
        english=docs["en"],
        chinese=docs.get("zh"),
        alignment=talk.alignment,
        items=_find(
            docs,
            talk.alignment,
            terms=find_terms(texts, glossary, talk.alignment, lead=talk.lead.language),
            glossary=glossary,
            tagger=engines.tagger(),
            encoder=engines.encoder(options.encoder),
            known=options.known,
            options=options,
        ),
    )


def items_of_notes(
    docs: Mapping[str, Document],
    alignment: Alignment | None,
    *,
    terms: Sequence[TermMatch],
    glossary: Glossary,
    tagger: Tagger,
    encoder: Encoder,
    known: AbstractSet[str],
    options: PipelineOptions,
) -> tuple[VocabularyItem, ...]:
    """The items that notes print: no glossary terms, none without Chinese, a handful a paragraph."""
    if "en" not in docs:
        return ()
    found = _find(
        docs,
        alignment,
        terms=terms,
        glossary=glossary,
        tagger=tagger,
        encoder=encoder,
        known=known,
        options=options,
    )
    return tuple(
        study.item for study in found if study.item.glosses and not study.in_glossary and not study.crowded
    )


def ecdict_state(path: Path | None) -> list[object]:
    """What changes when the user's dictionary does, without reading all of it."""
    if path is None or not path.is_file():
        return [str(path) if path else None]
    stat = path.stat()
    return [str(path), stat.st_size, stat.st_mtime_ns]


def _find(
    docs: Mapping[str, Document],
    alignment: Alignment | None,
    *,
    terms: Sequence[TermMatch],
    glossary: Glossary,
    tagger: Tagger,
    encoder: Encoder,
    known: AbstractSet[str],
    options: PipelineOptions,
) -> tuple[StudyItem, ...]:
    return find_vocabulary(
        docs["en"],
        docs.get("zh"),
        alignment,
        terms=terms,
        glossary=glossary,
        tagger=tagger,
        embedder=encoder,
        known=known,
        extra=(_ECDICT, partial(load_ecdict, options.ecdict)) if options.ecdict else None,
        options=options.vocabulary,
    )
