"""Turns what the user gave into a source and its transcript."""

from studykit.ingest.beside import FilmTracks, SubtitleTrack, captions_beside, language_of_tag
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
    "FilmTracks",
    "ImportedTalk",
    "Ingested",
    "RemoteTalk",
    "SubtitleTrack",
    "captions_beside",
    "choose_tracks",
    "describe",
    "fetch",
    "file_title",
    "ingest_file",
    "ingest_notes",
    "is_link",
    "language_of_tag",
    "link_of",
    "local_file",
    "read_chapters",
]
