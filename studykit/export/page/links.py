"""Links to a second of a recording."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

__all__ = ["link_at", "safe_url"]

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


def link_at(url: str | None, time_s: float | None) -> str | None:
    """The address that starts playing at ``time_s`` seconds; None without a web address or time.

    Known players get their own parameter, others a media fragment (W3C Media Fragments 1.0, 4.2.1).
    """
    url = safe_url(url)
    if url is None or time_s is None:
        return None
    parts = urlsplit(url)
    second = int(time_s)
    host = parts.hostname or ""
    if any(host == known or host.endswith("." + known) for known in _T_HOSTS):
        query = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"t", "start"}]
        return urlunsplit(
            parts._replace(query=urlencode([*query, ("t", f"{second}s" if "you" in host else str(second))]))
        )
    return urlunsplit(parts._replace(fragment=f"t={second}"))
