"""From what the user gave to a source and its transcript."""

from studykit.ingest.local import (
    Ingested,
    file_title,
    ingest_file,
    local_file,
    read_chapters,
)
from studykit.ingest.noted import NotedTalk, ingest_notes
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
    "link_of",
    "local_file",
    "read_chapters",
]
