"""Parts for a long talk without chapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studykit.align import Encoder
from studykit.annotate import find_terms
from studykit.glossary import Glossary
from studykit.languages import is_chinese
from studykit.segment.headings import part_headings
from studykit.segment.paragraphs import speech_s
from studykit.segment.topics import part_starts, part_titles
from studykit.types import Chapter, Document

__all__ = ["Parts", "find_parts", "in_parts", "needs_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Computed chapters, and for each paragraph the chapter it is in; both empty for a short talk."""

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


def find_parts(doc: Document, encoder: Encoder, glossary: Glossary, usual_s: float) -> Parts:
    """Where the subject changes, and what each part is about."""
    lengths_s = np.array([speech_s(sent) for sent in doc.sentences])
    spans = [para.sentences for para in doc.paragraphs]
    totals_s = [float(lengths_s[span.start : span.end].sum()) for span in spans]
    vectors = encoder.encode([sent.text for sent in doc.sentences]) * lengths_s[:, None]
    rows = np.array([vectors[span.start : span.end].sum(axis=0) for span in spans], dtype=np.float64)
    starts = part_starts(rows, totals_s, usual_s=usual_s)
    if len(starts) < 2:
        return Parts(chapters=(), chapter_of=())
    chapter_of = np.searchsorted(starts, np.arange(len(spans)), side="right") - 1
    names = _names(doc, glossary, [int(c) for c in chapter_of], len(starts))
    part_of = np.repeat(chapter_of, [len(span) for span in spans]).tolist()
    texts = [sent.text for sent in doc.sentences]
    headings = part_headings(
        texts, vectors, part_of, [set(said) for said in names], chinese=is_chinese(doc.language)
    )
    titles = [heading or title for heading, title in zip(headings, part_titles(names), strict=True)]
    first = [doc.sentences[spans[start].start].start_s or 0.0 for start in starts]
    return Parts(
        chapters=tuple(
            Chapter(title=title or "", start_s=start_s) for title, start_s in zip(titles, first, strict=True)
        ),
        chapter_of=tuple(int(chapter) for chapter in chapter_of),
    )


def _names(doc: Document, glossary: Glossary, chapter_of: Sequence[int], parts: int) -> list[list[str]]:
    """The terms said in each part, in the talk's language, repeated for each occurrence."""
    names: list[list[str]] = [[] for _ in range(parts)]
    for match in find_terms({doc.language: doc.sentences}, glossary):
        entry = glossary.get(match.entry_id)
        assert entry
        name = entry.chinese if doc.language == "zh" else entry.abbreviation or entry.english
        for at in match.occurrences:
            names[chapter_of[doc.paragraph_of(at.sentence)]].append(name)
    return names
