"""Converts yt-dlp's info dictionary of a talk to the types of ``studykit/ingest/remote.py``.

The dictionary is described at the top of ``yt_dlp/extractor/common.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from studykit.formats import parse_chapters
from studykit.ingest.remote import CaptionTrack, RemoteTalk
from studykit.languages import primary
from studykit.types import CaptionKind, Chapter

__all__ = ["FORMATS", "entries", "has_talk", "is_list", "one_line", "talk_of"]

FORMATS = ("json3", "srv3", "vtt", "ttml", "dfxp", "srt", "srv1", "ass", "ssa")
"""Caption formats that can be read, best first: json3 and srv3 have the start of each word."""
_LEAST_CHAPTERS = 3
"""YouTube requires this of a chapter list in a description, which must also begin at 0:00."""
_MACHINE_MADE = re.compile(r"^ai-|-x-autogen$")
"""In the tags of Bilibili and Vimeo, which do not list such captions separately."""
_ISO_639_2 = {"eng": "en", "zho": "zh", "chi": "zh"}
"""The longer codes that some sites use."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def is_list(info: Mapping[str, Any]) -> bool:
    """Whether this is a playlist or channel."""
    return info.get("_type") in {"playlist", "multi_video"}


def has_talk(info: Mapping[str, Any]) -> bool:
    """Whether it has captions or audio."""
    return bool(info.get("formats") or _tracks(info))


def entries(info: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """The link and title of each entry in a list, and whether it is a list itself."""
    for entry in info.get("entries") or ():
        link = entry and (entry.get("webpage_url") or entry.get("url"))
        if link:
            yield (
                link,
                one_line(entry.get("title") or ""),
                (entry.get("ie_key") or "").endswith(("Tab", "Playlist")),
            )


def talk_of(info: Mapping[str, Any], url: str) -> RemoteTalk:
    page = info.get("webpage_url") or url
    return RemoteTalk(
        id=str(info.get("id") or page),
        url=page,
        title=one_line(info.get("title") or page),
        channel=one_line(info.get("channel") or info.get("uploader") or "") or None,
        published=_iso_date(info.get("upload_date") or info.get("release_date")),
        duration_s=info.get("duration"),
        language=_spoken(info),
        thumbnail_url=info.get("thumbnail"),
        chapters=_chapters(info),
        tracks=_tracks(info),
    )


def one_line(text: str) -> str:
    """A site's text as one line that is safe to print."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _iso_date(digits: str | None) -> str | None:
    try:
        return date.fromisoformat(digits).isoformat() if digits else None
    except ValueError:
        return None


def _chapters(info: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """The site's chapters, or else those in the description; yt-dlp calls untitled ones ``<…>``."""
    if info.get("chapters"):
        return tuple(
            Chapter(title=one_line(chapter["title"]), start_s=chapter["start_time"])
            for chapter in info["chapters"]
            if chapter.get("title") and not chapter["title"].startswith("<Untitled Chapter")
        )
    listed = parse_chapters(info.get("description") or "")
    return listed if len(listed) >= _LEAST_CHAPTERS and listed[0].start_s == 0 else ()


def _spoken(info: Mapping[str, Any]) -> str | None:
    """The spoken language, whose captions YouTube marks ``-orig``."""
    marked = [key for key in info.get("automatic_captions") or () if key.endswith("-orig")]
    return marked[0].removesuffix("-orig") if marked else info.get("language")


def _tracks(info: Mapping[str, Any]) -> tuple[CaptionTrack, ...]:
    """The readable captions, in yt-dlp's order."""
    return tuple(
        CaptionTrack(
            language=_language(key),
            kind="manual"
            if name == "subtitles" and not _MACHINE_MADE.search(key)
            else _automatic_kind(_language(key), forms, _spoken(info)),
            name=f"{name}:{key}",
        )
        for name in ("subtitles", "automatic_captions")
        for key, forms in (info.get(name) or {}).items()
        if any(form.get("ext") in FORMATS for form in forms)
    )


def _language(key: str) -> str:
    """The tag in a track's key."""
    main, dash, rest = _MACHINE_MADE.sub("", key.removesuffix("-orig")).partition("-")
    return _ISO_639_2.get(main, main) + dash + rest


def _automatic_kind(language: str, forms: Sequence[Mapping[str, Any]], spoken: str | None) -> CaptionKind:
    """YouTube lists translations among the automatic captions; their addresses contain ``tlang``."""
    asks = any("tlang" in parse_qs(urlsplit(form.get("url") or "").query) for form in forms)
    return "translated" if asks or (spoken and primary(language) != primary(spoken)) else "automatic"
