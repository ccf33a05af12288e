"""The content of study notes made elsewhere, independent of their style."""

from __future__ import annotations

from msgspec import Struct, field

from studykit.types import Chapter, ItemKind, Segment, TimeOrigin

__all__ = ["ImportedClaim", "ImportedEntry", "ImportedParagraph", "ImportedPart", "StudyNotes"]


class ImportedParagraph(Struct, frozen=True, kw_only=True):
    """English as one or more timed segments, and its Chinese, which may be empty."""

    english: tuple[Segment, ...]
    chinese: str
    line: int
    """The line in the file where it begins, from 1."""
    chinese_offsets: tuple[int, ...] = ()
    """For each character of ``chinese``, its code point in the file's text."""


class ImportedPart(Struct, frozen=True, kw_only=True):
    """A titled run of paragraphs."""

    title: str | None
    paragraphs: tuple[ImportedParagraph, ...]
    start_s: float | None = None


class ImportedEntry(Struct, frozen=True, kw_only=True):
    """A word, term, expression or remark that the notes explain."""

    head: str
    kind: ItemKind
    table: str
    """The heading that it is under."""
    cells: tuple[tuple[str, str], ...]
    """Pairs of column and text, without the head's column."""
    paragraph: int | None = None
    """Index of the paragraph under which it is explained; None for a separate table."""
    part: int | None = None
    """Index of the part whose table it is in; None if the table is about the whole talk."""


class ImportedClaim(Struct, frozen=True, kw_only=True):
    """A key claim as worded in the notes, with sub-points on separate lines; ``part`` as above."""

    statement: str
    part: int | None = None


class StudyNotes(Struct, frozen=True, kw_only=True):
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
    """Whether the author made the paragraphs; if not, the English must still be cut into some."""
    warnings: tuple[str, ...] = field(default=())
