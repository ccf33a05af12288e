"""Decodes a file, and repairs text that was once decoded with the wrong encoding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from studykit import formats
from studykit.languages import counted
from studykit.resources import data_dir
from studykit.types import DOUBTFUL

__all__ = ["ReadText", "read_text"]


class ReadText(Struct, frozen=True, kw_only=True):
    """A decoded text; ``restored`` lists the characters that had lost bytes."""

    text: str
    restored: tuple[formats.Restored, ...] = ()
    warnings: tuple[str, ...] = ()


def read_text(path: Path, data: bytes) -> ReadText:
    """Decode a file and repair an earlier wrong decoding. Raises ``InputError``."""
    text = formats.decode(data, path)
    repaired = formats.repair(text, known=_shipped())
    cut_off = ("the file ends inside a character; is it complete?",) if formats.is_cut_off(data) else ()
    if repaired is None:
        return ReadText(text=text, warnings=cut_off)
    restored = repaired.restored
    doubtful = sum(char.confidence < DOUBTFUL for char in restored)
    mended = (
        f"restored {counted(len(restored), 'character')} that had lost bytes, {doubtful} of them doubtful"
    )
    return ReadText(
        text=repaired.text,
        restored=restored,
        warnings=(
            *cut_off,
            f"repaired: the text had been decoded as {repaired.codec} by mistake"
            + (f"; {mended}" if restored else ""),
        ),
    )


def _shipped() -> Iterator[str]:
    """The Chinese text shipped with studykit."""
    for folder in (data_dir("glossaries"), data_dir("examples")):
        for path in sorted(folder.iterdir()):
            yield path.read_text(encoding="utf-8")
