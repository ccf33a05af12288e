"""Talks that demos and the glossary quote, recognised among the talks of the site.

By the video, since one talk has many titles; by title only a talk whose video nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from studykit.export.site.data import SiteTalk
from studykit.timecode import parse_clock

__all__ = ["KnownTalks", "second_of", "video_of"]

_VIDEOS = {
    "Deep Dive into LLMs like ChatGPT": "7xTGNNLPyMI",
    "Lex Fridman Podcast #490, State of AI in 2026": "EV7WhVT270Q",
}
"""The ids on YouTube of talks that are quoted, by the name under which they are."""

_ID = re.compile(r"[\w-]{11}")
_PATH = re.compile(r"/(?:embed|live|shorts|v)/([^/]+)")
_CLOCK = re.compile(r"(?<!\d)\d{1,3}(?::\d\d){1,2}\b")
_PERCENT = re.compile(r"(?<!\d)(\d{1,3})(?: and \d{1,3})? % in\b")
_BEFORE_S = 60.0
"""How long before a time "shortly before" it is."""


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


def second_of(where: str, duration_s: float | None) -> float | None:
    """Where to begin to listen, of a place such as "12:30", "shortly before 12:30", "12:30 to 14:00" or, if
    the talk's length is known, "about 28 % in"; None where it says nothing of a time.
    """
    if clock := _CLOCK.search(where):
        try:
            second = parse_clock(clock[0])
        except ValueError:
            return None
        return max(0.0, second - _BEFORE_S) if "before" in where[: clock.start()] else second
    percent = _PERCENT.search(where)
    return duration_s * int(percent[1]) / 100 if percent and duration_s else None


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
