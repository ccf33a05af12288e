"""Reads a talk from the database as stored: corrected, edited, with its locked beads."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.talk.cache import Result
from studykit.talk.read.base import ReadRequest, ReadTalk, read_translation
from studykit.talk.read.supplied import Supplied
from studykit.types import Document

__all__ = ["read_stored"]


def read_stored(request: ReadRequest) -> ReadTalk:
    """The stored talk that the source names. Raises ``TalkNotFoundError``."""
    store = request.cache.store
    notes = store.load(store.find(request.source))
    stated = request.options.ingest
    source = replace(
        notes.source,
        title=stated.title or notes.source.title,
        url=stated.url or notes.source.url,
    )
    documents = [Result.of(doc, Document) for doc in store.documents(notes).values()]
    request = replace(request, cache=replace(request.cache, source_id=source.id))
    lead, other = documents[0], documents[1] if len(documents) > 1 else None
    warnings: tuple[str, ...] = ()
    alignment = notes.alignment
    if request.translation is not None:
        (other, warnings), alignment = read_translation(request, source.language), None
    return ReadTalk(
        source=source,
        timing=notes.timing,
        format="stored talk",
        digest=source.id,
        origin=source.id,
        talk_id=source.id,
        lead=lead,
        other=other,
        warnings=warnings,
        supplied=Supplied.in_notes(notes),
        proofread=request.translation is None,
        corrections=notes.corrections if request.translation is None else (),
        alignment=alignment,
    )
