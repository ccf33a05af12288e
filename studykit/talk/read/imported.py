"""Reads study notes made elsewhere.

Their paragraphs and their pairs of English and Chinese are kept; the aligner works inside each pair.
Their explanations and claims are kept alongside what studykit finds.
"""

from __future__ import annotations

from pathlib import Path

from studykit import engines, formats
from studykit.errors import InputError
from studykit.faces import Late
from studykit.formats.study_notes import looks_like_notes
from studykit.ingest import ImportedTalk, ingest_notes
from studykit.options import IngestOptions
from studykit.talk.cache import Result, keyed
from studykit.talk.read.base import ReadRequest, ReadTalk
from studykit.talk.read.supplied import imported_documents, restorations, supplied_by
from studykit.types import Document

__all__ = ["read_imported"]

ask_english = Late("studykit.talk.read.asked", "ask_english", ImportedTalk)


def read_imported(request: ReadRequest, path: Path, data: bytes) -> ReadTalk | None:
    """The study notes in a file whose bytes are ``data``, or None if it holds something else.

    Raises ``InputError``, also if a translation is given as well.
    """
    text = formats.decode(data, path)
    if not (looks_like_notes(text) or formats.may_be_damaged(text)):
        return None
    options, cache = request.options, request.cache
    found = cache.run("ingest notes", _ingest_notes, keyed(path, path.name), data, options.ingest).value
    if not found:
        return None
    encoder = engines.encoder(request.options.align.encoder)
    talk = cache.run(
        "ask", ask_english, found[0], encoder, keyed(request.glossary, request.glossary.forms_digest)
    ).value
    if request.translation is not None:
        raise InputError(request.translation, f"{path} has its own Chinese; leave out --translation")
    boundaries = engines.boundary_model(options.segment.boundaries)
    docs = cache.run(
        "segment", imported_documents, talk.notes, talk.source, options.segment, boundaries
    ).value
    warnings = [*talk.warnings]
    if request.translating and docs.chinese:
        warnings.append("these notes have Chinese of their own, so --translate is ignored")
    return ReadTalk(
        source=talk.source,
        timing=talk.notes.timing,
        format=talk.notes.format,
        digest=cache.source_id,
        origin=str(path.resolve()),
        lead=Result.of(docs.english, Document),
        other=Result.of(docs.chinese, Document) if docs.chinese else None,
        warnings=tuple(f"{path}: {warning}" for warning in warnings),
        supplied=supplied_by(talk.notes, docs),
        # Nobody has corrected captions that were copied as they were.
        proofread=talk.notes.paragraphs_given,
        corrections=tuple(restorations(talk.notes, docs, talk.restored)),
        restored_chars=len(talk.restored),
    )


def _ingest_notes(path: Path, data: bytes, options: IngestOptions) -> tuple[ImportedTalk, ...]:
    talk = ingest_notes(path, data, options)
    return (talk,) if talk else ()
