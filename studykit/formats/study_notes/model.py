"""What study notes that someone made hold, whatever style they are written in."""

from __future__ import annotations

from dataclasses import dataclass, field

from studykit.types import Chapter, ItemKind, Segment, TimeOrigin

__all__ = ["ImportedClaim", "ImportedEntry", "ImportedParagraph", "ImportedPart", "StudyNotes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedParagraph:
    """English as one or more timed segments, and the Chinese that stands with it (or nothing)."""

    english: tuple[Segment, ...]
    chinese: str
    line: int
    """Where it begins in the file, from 1."""
    chinese_offsets: tuple[int, ...] = ()
    """For each character of ``chinese`` its code point in the file's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPart:
    """A titled run of paragraphs."""

    title: str | None
    paragraphs: tuple[ImportedParagraph, ...]
    start_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEntry:
    """A word, term, expression or remark that the notes explain."""

    head: str
    kind: ItemKind
    table: str
    """The heading that it stands under."""
    cells: tuple[tuple[str, str], ...]
    """Column and text, the head's own left out."""
    paragraph: int | None = None
    """Index of the paragraph under which it is explained; None in a table of its own."""
    part: int | None = None
    """Index of the part whose table it is in; None when the table is about the whole talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedClaim:
    """A key claim as the notes put it, its sub-points on lines of their own; ``part`` as above."""

    statement: str
    part: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyNotes:
    """A whole document of study notes."""

    format: str
    title: str | None
    parts: tuple[ImportedPart, ...]
    timing: TimeOrigin
    url: str | None = None
    duration_s: float | None = None
    chapters: tuple[Chapter, ...] = ()
    entries: tuple[ImportedEntry, ...] = ()
    claims: tuple[ImportedClaim, ...] = ()
    paragraphs_given: bool = True
    """Whether the paragraphs are the author's; if not, the English has still to be cut into some."""
    warnings: tuple[str, ...] = field(default=())
