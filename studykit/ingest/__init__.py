"""From what the user gave to a source and its transcript."""

from studykit.ingest.local import Ingested, IngestOptions, file_title, ingest_file, local_file, read_chapters

__all__ = ["IngestOptions", "Ingested", "file_title", "ingest_file", "local_file", "read_chapters"]
