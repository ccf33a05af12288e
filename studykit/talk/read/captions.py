"""Reads caption and transcript files and plain text; hands notes made elsewhere to their own reader."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.fingerprint import digest_bytes
from studykit.formats import read_bytes
from studykit.ingest import local_file
from studykit.talk.read.base import ReadRequest, ReadTalk, as_read, ingested
from studykit.talk.read.imported import read_imported

__all__ = ["read_file"]


def read_file(request: ReadRequest) -> ReadTalk:
    """The talk in a file that is not a recording. Raises ``InputError``."""
    path = local_file(request.source)
    data = read_bytes(path)
    digest = digest_bytes(data)
    request = replace(request, cache=replace(request.cache, source_id=digest))
    imported = read_imported(request, path, data)
    if imported is not None:
        return imported
    read = ingested(request.cache, "ingest", path, data, request.options.ingest)
    if read.value.other is not None and request.translation is None:
        request.cache.progress.noted(f"{path}: English and Chinese together, read as two texts")
    return as_read(request, read, path, digest)
