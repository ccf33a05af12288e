"""A file's bytes as text, mended where an encoding was mistaken for another on the way here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studykit import formats
from studykit.resources import data_dir
from studykit.types import DOUBTFUL

__all__ = ["ReadText", "read_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A decoded text; ``restored`` lists the characters that had lost bytes."""

    text: str
    restored: tuple[formats.Restored, ...] = ()
    warnings: tuple[str, ...] = ()


def read_text(path: Path, data: bytes) -> ReadText:
    """Decode a file, and undo a wrong decoding before that. Raises ``InputError``."""
    text = formats.decode(data, path)
    repaired = formats.repair(text, known=_shipped())
    if repaired is None:
        return ReadText(text=text)
    restored = repaired.restored
    doubtful = sum(char.confidence < DOUBTFUL for char in restored)
    mended = f"{len(restored)} characters had lost bytes and were restored, {doubtful} of them doubtful"
    return ReadText(
        text=repaired.text,
        restored=restored,
        warnings=(f"read as {repaired.codec} once, and repaired" + (f"; {mended}" if restored else ""),),
    )


def _shipped() -> Iterator[str]:
    """The Chinese that comes with studykit."""
    for folder in (data_dir("glossaries"), data_dir("examples")):
        for path in sorted(folder.iterdir()):
            yield path.read_text(encoding="utf-8")
