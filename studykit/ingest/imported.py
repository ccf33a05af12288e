"""Study notes made elsewhere: their metadata and content."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from msgspec import Struct

from studykit import formats
from studykit.fingerprint import digest_bytes
from studykit.formats.study_notes import StudyNotes, looks_like_notes, parse_notes
from studykit.ingest.local import file_title
from studykit.ingest.restored import with_doubts
from studykit.ingest.texts import read_text
from studykit.options import IngestOptions
from studykit.types import Chapter, Source

__all__ = ["ImportedTalk", "ingest_notes"]


class ImportedTalk(Struct, frozen=True, kw_only=True):
    """A source and the notes made of it; ``restored`` lists the characters that had lost bytes."""

    source: Source
    notes: StudyNotes
    restored: tuple[formats.Restored, ...]
    warnings: tuple[str, ...]


def ingest_notes(path: Path, data: bytes, options: IngestOptions) -> ImportedTalk | None:
    """The study notes in a file whose bytes are ``data``, or None if it holds something else.

    Raises ``InputError`` if they cannot be read.
    """
    read = read_text(path, data)
    if not looks_like_notes(read.text):
        return None
    notes = with_doubts(
        parse_notes(read.text, path), read.text, read.restored, partial(parse_notes, path=path)
    )
    starts: list[float] = []
    for part in notes.parts:
        starts.append(part.start_s if part.start_s is not None else starts[-1] if starts else 0.0)
    titled = len(notes.parts) > 1 or notes.parts[0].title is not None
    segments = [seg for part in notes.parts for para in part.paragraphs for seg in para.english]
    source = Source(
        id=digest_bytes(data),
        kind="notes",
        language="en",
        title=options.title or notes.title or file_title(path),
        url=options.url or notes.url,
        duration_s=max((seg.end_s for seg in segments if seg.end_s is not None), default=None),
        chapters=tuple(
            Chapter(title=part.title or "", start_s=start_s)
            for part, start_s in zip(notes.parts, starts, strict=True)
        )
        if titled
        else (),
    )
    return ImportedTalk(
        source=source,
        notes=notes,
        restored=read.restored,
        warnings=(*read.warnings, *notes.warnings),
    )
