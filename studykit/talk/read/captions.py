"""Caption and transcript files, and plain text; notes in them go to their own reader."""

from __future__ import annotations

from dataclasses import replace

from studykit.fingerprint import digest_bytes
from studykit.formats import read_bytes
from studykit.ingest import local_file
from studykit.talk.read.base import Opening, Read, cut, ingested, read_translation
from studykit.talk.read.imported import read_imported

__all__ = ["read_file"]


def read_file(opening: Opening) -> Read:
    """The talk in a file that is no recording. Raises ``InputError``."""
    path = local_file(opening.source)
    data = read_bytes(path)
    digest = digest_bytes(data)
    opening = replace(opening, cache=replace(opening.cache, source_id=digest))
    noted = read_imported(opening, path, data)
    if noted is not None:
        return noted
    read = ingested(opening.cache, "ingest", path, data, opening.options.ingest)
    lead = cut(opening.cache, "segment", read, opening.options.segment)
    warnings = tuple(f"{path}: {warning}" for warning in read.value.warnings)
    other = None
    if opening.translation is not None:
        other, more = read_translation(opening, read.value.source.language)
        warnings += more
    return Read(
        source=read.value.source,
        timing=read.value.transcript.timing,
        format=read.value.transcript.engine,
        digest=digest,
        origin=str(path.resolve()),
        lead=lead,
        other=other,
        warnings=warnings,
    )
