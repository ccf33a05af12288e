"""Chinese scripts with OpenCC."""

from __future__ import annotations

from functools import cache
from typing import Any

from studykit.tables.packages import check_files

__all__ = ["simplified"]


def simplified(text: str) -> str:
    """``text`` with traditional characters converted to simplified ones."""
    return str(_converter().convert(text))


@cache
def _converter() -> Any:
    import opencc

    check_files("opencc")
    return opencc.OpenCC("t2s")
