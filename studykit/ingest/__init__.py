"""From what the user gave to a source and its transcript."""

from studykit.ingest.local import Ingested, IngestOptions, file_title, ingest_file, local_file, read_chapters
from studykit.ingest.noted import NotedTalk, ingest_notes
from studykit.ingest.remote import (
    CaptionFile,
    CaptionTrack,
    FetchedTalk,
    Fetcher,
    FetchOptions,
    RemoteTalk,
    choose_tracks,
    describe,
    fetch,
    is_link,
)
from studykit.ingest.texts import DOUBTFUL, RESTORED

__all__ = [
    "DOUBTFUL",
    "RESTORED",
    "CaptionFile",
    "CaptionTrack",
    "FetchOptions",
    "FetchedTalk",
    "Fetcher",
    "IngestOptions",
    "Ingested",
    "NotedTalk",
    "RemoteTalk",
    "choose_tracks",
    "describe",
    "fetch",
    "file_title",
    "ingest_file",
    "ingest_notes",
    "is_link",
    "local_file",
    "read_chapters",
]
