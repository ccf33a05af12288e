"""The interface of speech recognisers, and what they return.

Engines return words as they got them, even with wrong times; ``words.py`` alone puts them in order.
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
    "OtherLanguage",
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
    """A word with times in seconds from the chunk's start; without a score if it could not be placed."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    score: float | None = None


class RecognisedSegment(NamedTuple):
    """A stretch of speech. The words spell the text, or are empty."""

    text: str
    start_s: float
    end_s: float
    words: tuple[RecognisedWord, ...] = ()
    mean_logprob: float | None = None
    """Mean log-probability of the tokens, if the engine tells."""
    no_speech: float | None = None
    """Probability that nobody speaks, if the engine tells."""
    doubtful: bool = False
    """Whether the text is likely wrong; see ``doubt.py``."""


class OtherLanguage(NamedTuple):
    """A stretch that seems to be in another language, in seconds from the chunk's start."""

    start_s: float
    end_s: float
    language: str
    """ISO 639-1."""


class Recognised(NamedTuple):
    """What was recognised in one chunk."""

    timing: Literal["forced_alignment", "attention"]
    segments: tuple[RecognisedSegment, ...]
    others: tuple[OtherLanguage, ...] = ()
    """If the engine tells; there may be nothing recognised in them."""
    passed_over: tuple[tuple[float, float], ...] = ()
    """Where somebody seems to speak and nothing was recognised, in seconds, if the engine tells."""


class Audio(Protocol):
    """A recording that can be read from its start, piece by piece."""

    @property
    def path(self) -> Path:
        """The recording's path, for error messages."""

    @property
    def duration_s(self) -> float:
        """Its stated length, for progress."""

    def blocks(self) -> Iterator[Samples]:
        """All samples, in pieces of any length."""


class Recogniser(Protocol):
    """Turns speech into words; implemented in ``studykit.engines``."""

    @property
    def engine(self) -> str:
        """Name and version."""

    @property
    def model(self) -> str:
        """The model's name or, for a folder, its name and a digest; known without loading anything."""

    @property
    def choice(self) -> str:
        """Which recogniser and model were chosen for this machine and why, for display; empty if given."""

    @property
    def chunk_s(self) -> float:
        """How many seconds of sound to pass at once."""

    @property
    def device(self) -> str:
        """Where and how it runs, for display; may change when memory runs out."""

    def language_of(self, samples: Samples) -> str | None:
        """The spoken language (ISO 639-1), None if nobody speaks. Raises as ``recognise``."""

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        """Recognise one chunk. ``hot_words`` are names and terms to expect, comma-separated.

        Raises ``EngineError``, and ``MissingModelError`` if the model must be downloaded first.
        """

    def recognise_again(self, samples: Samples, *, language: str) -> Recognised:
        """Recognise a piece of up to 30 s in another way: with rising temperatures, without hints.

        Raises as ``recognise``.
        """


class Checkpoints(Protocol):
    """Stored results of a run, such as a dict."""

    def get(self, key: str, /) -> bytes | None:
        """The value stored under ``key``, or None."""

    def __setitem__(self, key: str, value: bytes, /) -> None:
        """Store a value so that it outlives the process."""
