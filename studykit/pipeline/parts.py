"""Parts for a long talk that nobody has cut into chapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studykit import engines
from studykit.align import CachedEncoder
from studykit.annotate import find_terms
from studykit.glossary import Glossary
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import StageResult, Stages
from studykit.segment.paragraphs import speech_s
from studykit.segment.topics import part_starts, part_titles
from studykit.store import Embeddings
from studykit.types import Chapter, Document, Source

__all__ = ["with_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Chapters of our own, and for each paragraph which one it is in; both empty for a short talk."""

    chapters: tuple[Chapter, ...]
    chapter_of: tuple[int, ...]


def with_parts(
    stages: Stages,
    source: Source,
    doc: StageResult[Document],
    *,
    glossary: Glossary,
    options: PipelineOptions,
) -> tuple[Source, StageResult[Document]]:
    """The source with chapters and its document cut at them, as they are when there are some already."""
    usual_s = options.segment.part_s
    if source.chapters or not usual_s or sum(map(speech_s, doc.value.sentences)) < 2 * usual_s:
        return source, doc
    encoder = CachedEncoder(engines.encoder(options.encoder), Embeddings(stages.store))
    parts = stages.run(
        "parts",
        _Parts,
        inputs=[doc.digest, encoder.name, glossary.forms_digest, usual_s],
        code=("segment", "annotate/terms", "glossary", "pipeline/parts"),
        compute=lambda: _find(doc.value, encoder, glossary, usual_s),
    ).value
    if not parts.chapters:
        return source, doc
    cut = replace(
        doc.value,
        paragraphs=tuple(
            replace(para, chapter=chapter)
            for para, chapter in zip(doc.value.paragraphs, parts.chapter_of, strict=True)
        ),
    )
    return replace(source, chapters=parts.chapters), StageResult.of(cut, Document)


def _find(doc: Document, encoder: CachedEncoder, glossary: Glossary, usual_s: float) -> _Parts:
    lengths_s = np.array([speech_s(sent) for sent in doc.sentences])
    spans = [para.sentences for para in doc.paragraphs]
    totals_s = [float(lengths_s[span.start : span.end].sum()) for span in spans]
    vectors = encoder.encode([sent.text for sent in doc.sentences]) * lengths_s[:, None]
    rows = np.array([vectors[span.start : span.end].sum(axis=0) for span in spans], dtype=np.float64)
    starts = part_starts(rows, totals_s, usual_s=usual_s)
    if len(starts) < 2:
        return _Parts(chapters=(), chapter_of=())
    chapter_of = np.searchsorted(starts, np.arange(len(spans)), side="right") - 1
    titles = part_titles(_names(doc, glossary, [int(c) for c in chapter_of], len(starts)))
    first = [doc.sentences[spans[start].start].start_s or 0.0 for start in starts]
    return _Parts(
        chapters=tuple(
            Chapter(title=title or "", start_s=start_s) for title, start_s in zip(titles, first, strict=True)
        ),
        chapter_of=tuple(int(chapter) for chapter in chapter_of),
    )


def _names(doc: Document, glossary: Glossary, chapter_of: Sequence[int], parts: int) -> list[list[str]]:
    """The terms said in each part, in the talk's language, once for each time."""
    names: list[list[str]] = [[] for _ in range(parts)]
    for match in find_terms({doc.language: doc.sentences}, glossary):
        entry = glossary.get(match.entry_id)
        assert entry
        name = entry.chinese if doc.language == "zh" else entry.abbreviation or entry.english
        for at in match.occurrences:
            names[chapter_of[doc.paragraph_of(at.sentence)]].append(name)
    return names
