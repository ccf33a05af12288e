"""From what the user gave to a source and its transcript."""

from studykit.ingest.local import Ingested, IngestOptions, file_title, ingest_file, local_file, read_chapters
from studykit.ingest.noted import NotedTalk, ingest_notes
from studykit.ingest.texts import DOUBTFUL

__all__ = [
    "DOUBTFUL",
    "IngestOptions",
    "Ingested",
    "NotedTalk",
    "file_title",
    "ingest_file",
    "ingest_notes",
    "local_file",
    "read_chapters",
]
