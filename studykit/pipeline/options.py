"""The options of a talk's way through the stages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studykit.align import AlignOptions
from studykit.annotate import VocabularyOptions
from studykit.compose import ComposeOptions
from studykit.ingest import FetchOptions, IngestOptions
from studykit.segment import SegmentOptions
from studykit.transcribe import TranscribeOptions
from studykit.translate import TranslateOptions

__all__ = ["PipelineOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOptions:
    """The options of all stages."""

    fetch: FetchOptions = FetchOptions()
    ingest: IngestOptions = IngestOptions()
    segment: SegmentOptions = SegmentOptions()
    align: AlignOptions = AlignOptions()
    compose: ComposeOptions = ComposeOptions()
    transcribe: TranscribeOptions = TranscribeOptions()
    translate: TranslateOptions = TranslateOptions()
    translating: bool = False
    """Whether a talk that has no translation gets one from an engine."""
    encoder: str = "usem"
    edited: bool = True
    """Whether fillers and stutters are trimmed from the English."""
    boundaries: str = "fast"
    """What finds sentences in English without marks."""
    vocabulary: VocabularyOptions = VocabularyOptions()
    known: frozenset[str] = frozenset()
    """Keys of words to leave out, beside those in the store."""
    ecdict: Path | None = None
    """An ECDICT file, which outranks the built-in dictionary."""
