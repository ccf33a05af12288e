"""Where the subject of a long talk changes."""

from __future__ import annotations

import numpy as np

from studykit.align import Encoder
from studykit.languages import speech_s
from studykit.segment.topics import part_starts
from studykit.talk.stages.parts import Parts
from studykit.types import Chapter, Document

__all__ = ["find_parts"]


def find_parts(doc: Document, encoder: Encoder, usual_s: float) -> Parts:
    """Where the subject changes."""
    lengths_s = np.array([speech_s(sent) for sent in doc.sentences])
    spans = [para.sentences for para in doc.paragraphs]
    totals_s = [float(lengths_s[span.start : span.end].sum()) for span in spans]
    vectors = encoder.encode([sent.text for sent in doc.sentences]) * lengths_s[:, None]
    rows = np.array([vectors[span.start : span.end].sum(axis=0) for span in spans], dtype=np.float64)
    starts = part_starts(rows, totals_s, usual_s=usual_s)
    if len(starts) < 2:
        return Parts(chapters=(), chapter_of=())
    chapter_of = np.searchsorted(starts, np.arange(len(spans)), side="right") - 1
    first = [doc.sentences[spans[start].start].start_s or 0.0 for start in starts]
    return Parts(
        chapters=tuple(Chapter(title="", start_s=start_s) for start_s in first),
        chapter_of=tuple(int(chapter) for chapter in chapter_of),
    )
