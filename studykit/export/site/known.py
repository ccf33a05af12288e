"""Talks that demos and the glossary quote, recognised among the talks of the site.

By the video, since one talk has many titles; by title only a talk whose video nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from studykit.export.site.data import SiteTalk

__all__ = ["KnownTalks", "video_of"]

_VIDEOS = {
    "Deep Dive into LLMs like ChatGPT": "7xTGNNLPyMI",
    "Lex Fridman Podcast #490, State of AI in 2026": "EV7WhVT270Q",
}
"""The ids on YouTube of talks that are quoted, by the name under which they are."""

_ID = re.compile(r"[\w-]{11}")
_PATH = re.compile(r"/(?:embed|live|shorts|v)/([^/]+)")


def video_of(url: str | None) -> str | None:
    """The id of a video on YouTube, from any of its addresses; None for other addresses."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    host, path = (parts.hostname or "").removeprefix("www."), parts.path
    found = ""
    if host == "youtu.be":
        found = path.strip("/")
    elif host in {"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"}:
        inside = _PATH.match(path)
        found = inside[1] if inside else "".join(parse_qs(parts.query).get("v", [])[:1])
    return found if _ID.fullmatch(found) else None


class KnownTalks:
    """The talks of a site, by what others call them. Of two that are the same, the first."""

    def __init__(self, talks: Iterable[SiteTalk]) -> None:
        self._by_video: dict[str, SiteTalk] = {}
        self._by_title: dict[str, SiteTalk] = {}
        for talk in talks:
            if video := video_of(talk.source.url):
                self._by_video.setdefault(video, talk)
            self._by_title.setdefault(_folded(talk.source.title), talk)

    def get(self, name: str) -> SiteTalk | None:
        """The talk that is quoted as ``name``."""
        video = _VIDEOS.get(name)
        if video in self._by_video:
            return self._by_video[video]
        found = self._by_title.get(_folded(name))
        own = video_of(found.source.url) if found else None
        return None if video and own else found  # a title alike, of another video


def _folded(title: str) -> str:
    return title.strip().casefold()
