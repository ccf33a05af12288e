"""Parts for a long talk without chapters."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from studykit.languages import speech_s
from studykit.types import Chapter, Document

__all__ = ["Parts", "in_parts", "needs_parts"]


class Parts(Struct, frozen=True, kw_only=True):
    """Computed chapters, without titles yet, and for each paragraph its chapter; none for a short talk."""

    chapters: tuple[Chapter, ...]
    chapter_of: tuple[int, ...]


def needs_parts(doc: Document, usual_s: float) -> bool:
    """Whether a text without chapters is long enough for parts of ``usual_s`` seconds."""
    return usual_s > 0 and sum(map(speech_s, doc.sentences)) >= 2 * usual_s


def in_parts(doc: Document, parts: Parts) -> Document:
    """The document with each paragraph assigned to its part."""
    if not parts.chapters:
        return doc
    paragraphs = tuple(
        replace(para, chapter=chapter) for para, chapter in zip(doc.paragraphs, parts.chapter_of, strict=True)
    )
    return replace(doc, paragraphs=paragraphs)
