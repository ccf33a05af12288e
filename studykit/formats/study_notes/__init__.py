"""Reads study notes made elsewhere, in common styles.

``looks_like_notes`` is a fast, certain test; ``parse_notes`` reads. The styles: English–Chinese paragraphs
with numbers and time spans, or captions in titled parts (``paired``); a video's description, chapter
list and captions with Chinese notes for each chapter (``chaptered``).
"""

from __future__ import annotations

from pathlib import Path

from studykit.formats.study_notes.chaptered import is_chaptered, read_chaptered
from studykit.formats.study_notes.lines import read_lines
from studykit.formats.study_notes.model import (
    ImportedClaim,
    ImportedEntry,
    ImportedParagraph,
    ImportedPart,
    StudyNotes,
)
from studykit.formats.study_notes.paired import CAPTION, NUMBERED, read_paired

__all__ = [
    "ImportedClaim",
    "ImportedEntry",
    "ImportedParagraph",
    "ImportedPart",
    "StudyNotes",
    "looks_like_notes",
    "parse_notes",
]


def looks_like_notes(text: str) -> bool:
    """Whether a decoded text is a document of study notes."""
    return _is_paired(text) or is_chaptered(text)


def parse_notes(text: str, path: Path) -> StudyNotes:
    """Read study notes of any style; raises ``FormatError`` or ``EmptyInputError``."""
    return read_paired(text, path) if _is_paired(text) else read_chaptered(text, path)


def _is_paired(text: str) -> bool:
    """Numbered paragraphs or bold stamps, and Chinese that is not itself a caption."""
    lines = [line.text for line in read_lines(text) if line.text.strip()]
    numbered = sum(1 for line in lines if (m := NUMBERED.fullmatch(line)) and m["number"])
    captions = sum(CAPTION.fullmatch(line) is not None for line in lines)
    return numbered > 0 or (captions > 0 and any(line.lstrip("* ").startswith("翻译") for line in lines))
