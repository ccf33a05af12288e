"""Chinese scripts with OpenCC."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["simplified"]


def simplified(text: str) -> str:
    """``text`` with traditional characters converted to simplified ones."""
    return str(_converter().convert(text))


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
