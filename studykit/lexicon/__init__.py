"""Language data that stages, exports and the store share: levels, pinyin, sounds, dictionary."""

from __future__ import annotations

__all__ = ["known_key"]


def known_key(text: str) -> str:
    """How known items are compared: lower case, single spaces, hyphens as spaces."""
    return " ".join(text.lower().replace("-", " ").replace("’", "'").split())
