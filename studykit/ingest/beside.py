"""The captions of a film: files beside it that bear its name, and tracks inside it."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from studykit import formats
from studykit.languages import is_chinese, primary
from studykit.types import Language

__all__ = ["FilmTracks", "SubtitleTrack", "captions_beside", "language_of_tag"]

_TIMED = tuple(
    suffix
    for format in formats.FORMATS.values()
    if format.name not in {"plain", "whisper-json", "json3"}
    for suffix in format.suffixes
)
_TAGS = {"eng": "en", "english": "en", "chi": "zh", "zho": "zh", "chs": "zh", "cht": "zh", "chinese": "zh"}
_LONGEST_TAG = 30


class SubtitleTrack(Struct, frozen=True, kw_only=True):
    """One text track of a film as SubRip; ``number`` counts the text tracks from 1."""

    number: int
    language: str | None
    """As the film states it, such as ``eng``."""
    srt: str


class FilmTracks(Struct, frozen=True, kw_only=True):
    """The text tracks of a film, and the language of its first sound track as the film states it."""

    spoken: str | None = None
    tracks: tuple[SubtitleTrack, ...] = ()


def language_of_tag(tag: str | None) -> Language | None:
    """``en`` or ``zh`` for a tag of two or three letters or a name, None for any other."""
    found = primary(tag or "")
    found = _TAGS.get(found, found)
    return "zh" if is_chinese(found) else "en" if found == "en" else None


def captions_beside(film: Path) -> list[Path]:
    """Caption files in a film's folder with its name: ``talk.srt``, ``talk.en.vtt``, ``talk.zh-Hans.ass``.

    Sorted by name. What stands between name and suffix may be any word, as ``简英``, but no number:
    ``talk.2.srt`` belongs to another talk.
    """
    pattern = re.compile(re.escape(film.stem) + rf"(?:\.[^.\d]{{1,{_LONGEST_TAG}}})?")
    try:
        beside = sorted(film.parent.iterdir())
    except OSError:
        return []
    return [
        path
        for path in beside
        if path.suffix.lower() in _TIMED and pattern.fullmatch(path.stem) and path.is_file()
    ]
