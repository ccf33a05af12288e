"""The data that travels through studykit, and nothing else: no I/O, no third-party import.

All types are frozen, slotted and keyword-only. Times are seconds from the start of the recording,
``None`` where unknown (never 0). Indices count from 0; spans are half-open and, in text, count
code points. *Segment* (what a recogniser or caption file emitted), *sentence* (language) and *cue*
(one displayed subtitle) are three different things.

Types check the rules that hold inside one object and raise ``ValueError``; rules between objects
(an alignment covers its documents) are checked where the object is made.
"""

from __future__ import annotations

from studykit.types.choices import (
    CEFR_LEVELS,
    DEVICES,
    LANGUAGES,
    PAPERS,
    SUBTITLE_LANGUAGES,
    VARIANTS,
    CefrLevel,
    Device,
    Language,
    Paper,
    SubtitleLanguages,
    Variant,
)
from studykit.types.notes import (
    Alignment,
    Bead,
    Notes,
    NotesParagraph,
    Part,
)
from studykit.types.study import (
    Annotations,
    Claim,
    Evidence,
    Finding,
    FindingKind,
    Gloss,
    ItemKind,
    Occurrence,
    Severity,
    Term,
    TermMatch,
    Usage,
    VocabularyItem,
)
from studykit.types.text import (
    CaptionKind,
    Chapter,
    Correction,
    Cue,
    Decision,
    Document,
    Paragraph,
    Segment,
    Sentence,
    Source,
    SourceKind,
    Span,
    Texts,
    TimeOrigin,
    Token,
    Transcript,
    Word,
)

__all__ = [
    "CEFR_LEVELS",
    "DEVICES",
    "LANGUAGES",
    "PAPERS",
    "SUBTITLE_LANGUAGES",
    "VARIANTS",
    "Alignment",
    "Annotations",
    "Bead",
    "CaptionKind",
    "CefrLevel",
    "Chapter",
    "Claim",
    "Correction",
    "Cue",
    "Decision",
    "Device",
    "Document",
    "Evidence",
    "Finding",
    "FindingKind",
    "Gloss",
    "ItemKind",
    "Language",
    "Notes",
    "NotesParagraph",
    "Occurrence",
    "Paper",
    "Paragraph",
    "Part",
    "Segment",
    "Sentence",
    "Severity",
    "Source",
    "SourceKind",
    "Span",
    "SubtitleLanguages",
    "Term",
    "TermMatch",
    "Texts",
    "TimeOrigin",
    "Token",
    "Transcript",
    "Usage",
    "Variant",
    "VocabularyItem",
    "Word",
]
