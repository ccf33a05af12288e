"""Links to a second of a recording, and names of pages."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from studykit.fingerprint import digest

__all__ = ["link_at", "page_name", "safe_url"]

_ID = re.compile(r"[0-9a-z]{1,16}")

_T_HOSTS = ("youtube.com", "youtu.be", "bilibili.com")
"""Players that take the second as the query parameter ``t``."""


def safe_url(url: str | None) -> str | None:
    """``url`` if it is an ordinary web address, else None, since a link might contain a script."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def page_name(talk_id: str) -> str:
    """The file name, without suffix, of a talk's page: from its id, never from its title."""
    start = talk_id[:16]
    return start if _ID.fullmatch(start) else digest(talk_id)[:16]


def link_at(url: str | None, time_s: float | None) -> str | None:
    """The address that starts playing at ``time_s`` seconds; None without a web address or time.

    Known players get their own parameter, others a media fragment (W3C Media Fragments 1.0, 4.2.1).
    """
    around = None if url is None or time_s is None else _around_second(url)
    return None if around is None or time_s is None else f"{around[0]}{int(time_s)}{around[1]}"


@lru_cache(maxsize=256)
def _around_second(url: str) -> tuple[str, str] | None:
    """What comes before and after the second in links into a recording: a talk has hundreds of them."""
    if safe_url(url) is None:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if any(host == known or host.endswith("." + known) for known in _T_HOSTS):
        query = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"t", "start"}]
        before = urlunsplit(parts._replace(query=urlencode([*query, ("t", "")]), fragment=""))
        return before, ("s" if "you" in host else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return urlunsplit(parts._replace(fragment="t=")), ""
