"""Chinese scripts with OpenCC, which the extras for speech bring along."""

from __future__ import annotations

from functools import cache
from typing import Any

from studykit.errors import MissingExtraError

__all__ = ["simplified"]


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; raises ``MissingExtraError`` without the package."""
    return str(_converter().convert(text))


@cache
def _converter() -> Any:
    try:
        import opencc
    except ImportError:
        raise MissingExtraError("OpenCC", "asr") from None
    return opencc.OpenCC("t2s")
