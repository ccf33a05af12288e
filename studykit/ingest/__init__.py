"""Turns what the user gave into a source and its transcript."""

from studykit.ingest.imported import ImportedTalk, ingest_notes
from studykit.ingest.local import (
    Ingested,
    file_title,
    ingest_file,
    local_file,
    read_chapters,
)
from studykit.ingest.remote import (
    CaptionFile,
    CaptionTrack,
    FetchedTalk,
    Fetcher,
    RemoteTalk,
    choose_tracks,
    describe,
    fetch,
    is_link,
    link_of,
)

__all__ = [
    "CaptionFile",
    "CaptionTrack",
    "FetchedTalk",
    "Fetcher",
    "ImportedTalk",
    "Ingested",
    "RemoteTalk",
    "choose_tracks",
    "describe",
    "fetch",
    "file_title",
    "ingest_file",
    "ingest_notes",
    "is_link",
    "link_of",
    "local_file",
    "read_chapters",
]
