"""Around the vocabulary of a talk: what notes print of it, and the user's dictionary as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studykit.talk.cache import Keyed, keyed
from studykit.types import StudyItem, VocabularyItem

__all__ = ["ecdict", "printed"]


def printed(items: Sequence[StudyItem]) -> tuple[VocabularyItem, ...]:
    """The items that notes print: no glossary terms, few and good per paragraph.

    Words without Chinese are among them, for notes name those; nothing else without is.
    """
    return tuple(
        study.item
        for study in items
        if (study.item.glosses or study.item.kind == "word")
        and not (study.in_glossary or study.minor or study.crowded)
    )


def ecdict(path: Path | None) -> Keyed[Path | None]:
    """The user's dictionary as an argument of a stage, keyed by its size and time of change."""
    if path is None or not path.is_file():
        return _keyed(path, [str(path) if path else None])
    stat = path.stat()
    return _keyed(path, [str(path), stat.st_size, stat.st_mtime_ns])


def _keyed(path: Path | None, by: list[Any]) -> Keyed[Path | None]:
    made: Keyed[Path | None] = keyed(path, by)
    return made
