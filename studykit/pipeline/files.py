"""A talk and its translation straight from their files, for commands that store nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studykit import engines, formats
from studykit.align import align
from studykit.correct import correct
from studykit.edit import edit
from studykit.errors import InputError
from studykit.glossary import Glossary
from studykit.ingest import Ingested, IngestOptions, ingest_file
from studykit.pipeline.options import PipelineOptions
from studykit.segment import segment
from studykit.types import Alignment, Document, Source, Texts, TimeOrigin

__all__ = ["TalkOfFiles", "read_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkOfFiles:
    """The documents as notes would have them: cut, corrected, edited and aligned."""

    source: Source
    timing: TimeOrigin
    lead: Document
    other: Document | None
    alignment: Alignment | None

    @property
    def documents(self) -> dict[str, Document]:
        """By language, the talk's own first."""
        return {doc.language: doc for doc in (self.lead, self.other) if doc}


def read_files(
    path: Path,
    translation: Path | None,
    *,
    glossary: Glossary,
    options: PipelineOptions,
    translation_language: str | None = None,
) -> TalkOfFiles:
    """Read a talk and, if there is one, its translation.

    Raises ``InputError`` for files that cannot be used or are in one language.
    """
    lead = ingest_file(path, formats.read_bytes(path), options.ingest)
    other: Document | None = None
    if translation is not None:
        read = ingest_file(
            translation, formats.read_bytes(translation), IngestOptions(language=translation_language)
        )
        if read.source.language == lead.source.language:
            language = "Chinese" if lead.source.language == "zh" else "English"
            raise InputError(translation, f"source and translation are both in {language}")
        other = _document(read, glossary, options)
    document = _document(lead, glossary, options)
    alignment: Alignment | None = None
    if other:
        texts = Texts(lead=document, other=other)
        assert texts.english
        assert texts.chinese
        encoder = engines.encoder(options.encoder)
        alignment = align(texts.english, texts.chinese, encoder=encoder, options=options.align)
    return TalkOfFiles(
        source=lead.source,
        timing=lead.transcript.timing,
        lead=document,
        other=other,
        alignment=alignment,
    )


def _document(read: Ingested, glossary: Glossary, options: PipelineOptions) -> Document:
    doc = segment(
        read.transcript,
        chapters=read.source.chapters,
        options=options.segment,
        boundaries=engines.boundary_model(options.boundaries),
    )
    doc = correct(doc, glossary).document
    return edit(doc, simplified=engines.simplified) if options.edited else doc
