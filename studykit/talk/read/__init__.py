"""Readers: each reads one kind of source, and all return the same type.

To add one: a module here with a function from ``ReadRequest`` to ``ReadTalk``, and a row in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studykit.errors import NoSuchTalkError, TalkNotFoundError
from studykit.faces import Late
from studykit.formats.textfile import is_recording
from studykit.ingest.local import local_file
from studykit.ingest.remote import is_link
from studykit.talk.read.base import ReadRequest, ReadTalk

__all__ = ["READERS", "ReadRequest", "ReadTalk", "kind_of", "read_source"]

READERS: dict[str, Callable[[ReadRequest], ReadTalk]] = {
    "link": Late("studykit.talk.read.link", "read_link", ReadTalk),
    "recording": Late("studykit.talk.read.recording", "read_recording", ReadTalk),
    "file": Late("studykit.talk.read.captions", "read_file", ReadTalk),
    "stored talk": Late("studykit.talk.read.stored", "read_stored", ReadTalk),
}
"""Every kind of source and its reader."""


def read_source(request: ReadRequest) -> ReadTalk:
    """Read the source that the user named. Raises what its reader raises."""
    return READERS[kind_of(request)](request)


def kind_of(request: ReadRequest) -> str:
    """Which row of ``READERS`` a source belongs to, judged by its content, not by its name.

    A file takes precedence over a stored talk with the same name. Raises ``NoSuchTalkError`` if there is
    neither, and ``InputError`` for a file that cannot be read.
    """
    if is_link(request.source):
        return "link"
    path = local_file(request.source)
    if not path.exists():
        _expect_stored(request)
        return "stored talk"
    return "recording" if _starts_as_recording(path) else "file"


def _expect_stored(request: ReadRequest) -> None:
    try:
        request.cache.store.find(request.source)
    except TalkNotFoundError as error:
        if error.candidates:
            raise
        raise NoSuchTalkError(request.source, request.cache.store.path) from None


def _starts_as_recording(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_recording(file.read(64))
    except OSError:
        return False  # the text reader reports what is wrong
