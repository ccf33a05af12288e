"""What a speech recogniser is to this house, and what it hears.

Engines hand over words as they got them, right or wrong; ``words.py`` alone puts them in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

__all__ = [
    "SAMPLE_RATE",
    "Audio",
    "Checkpoints",
    "Recognised",
    "RecognisedSegment",
    "RecognisedWord",
    "Recogniser",
    "Samples",
]

SAMPLE_RATE = 16_000
"""Samples a second: what Whisper, wav2vec2 and the voice detectors were trained on."""

Samples = npt.NDArray[np.float32]
"""Mono at ``SAMPLE_RATE``, ``(n,)``, between -1 and 1."""


class RecognisedWord(NamedTuple):
    """A word with its seconds from the chunk's start; without a score when it could not be placed."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    score: float | None = None


class RecognisedSegment(NamedTuple):
    """A stretch of speech. The words spell the text, or there are none."""

    text: str
    start_s: float
    end_s: float
    words: tuple[RecognisedWord, ...] = ()


class Recognised(NamedTuple):
    """What was heard in one chunk."""

    timing: Literal["forced_alignment", "attention"]
    segments: tuple[RecognisedSegment, ...]


class Audio(Protocol):
    """A recording that can be read from its start, piece by piece."""

    @property
    def path(self) -> Path:
        """Names the recording in errors."""

    @property
    def duration_s(self) -> float:
        """How long it says it is, for progress."""

    def blocks(self) -> Iterator[Samples]:
        """All samples, in pieces of any length."""


class Recogniser(Protocol):
    """Turns speech into words. Engines of this kind stand in ``studykit.engines``."""

    @property
    def engine(self) -> str:
        """Name and version."""

    @property
    def model(self) -> str:
        """The model's name, or of a folder its name and a digest; known without loading anything."""

    @property
    def chunk_s(self) -> float:
        """How many seconds to hand over at once."""

    @property
    def device(self) -> str:
        """Where it runs and how, for people; may change when memory runs out."""

    def language_of(self, samples: Samples) -> str | None:
        """The language that is spoken (ISO 639-1), None where nobody speaks. Raises as ``recognise``."""

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        """Hear one chunk. ``hot_words`` are names and terms to expect, with commas.

        Raises ``EngineError``, and ``MissingModelError`` when the model has to be fetched first.
        """


class Checkpoints(Protocol):
    """What is remembered of a run, such as a dict."""

    def get(self, key: str, /) -> bytes | None:
        """What was stored under ``key``."""

    def __setitem__(self, key: str, value: bytes, /) -> None:
        """Store, so that it outlives the process."""
