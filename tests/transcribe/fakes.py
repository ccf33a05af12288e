"""A recording whose words can be read off its samples, and a recogniser that does so.

Second ``i`` of a recording sounds at the level ``(i + 1) / 10_000`` for 0.6 s and is then silent; its
word is ``wi``. Cut anywhere in the silence, the recording loses nothing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from studykit.transcribe import SAMPLE_RATE, Recognised, RecognisedSegment, RecognisedWord, Samples

SPOKEN_S = 0.6


def recording(seconds: int) -> Samples:
    samples = np.zeros(seconds * SAMPLE_RATE, dtype=np.float32)
    for i in range(seconds):
        start = i * SAMPLE_RATE
        samples[start : start + round(SPOKEN_S * SAMPLE_RATE)] = (i + 1) / 10_000
    return samples


class FakeAudio:
    def __init__(self, samples: Samples, block: int = 7_777, path: Path = Path("talk.wav")) -> None:
        self.path = path
        self.samples = samples
        self.duration_s = len(samples) / SAMPLE_RATE
        self._block = block

    def blocks(self) -> Iterator[Samples]:
        for start in range(0, len(self.samples), self._block):
            yield self.samples[start : start + self._block]


class FakeRecogniser:
    """Reads the words off the samples; kills its own process before chunk ``dies_at``, if given."""

    engine = "fake-1"
    device = "CPU, fake"

    def __init__(
        self, *, language: str | None = "en", chunk_s: float = 30.0, dies_at: int | None = None
    ) -> None:
        self.model = "fake-model"
        self.choice = ""
        self.chunk_s = chunk_s
        self.recognised: list[float] = []
        self.hot_words: list[str] = []
        self._language = language
        self._dies_at = dies_at

    def language_of(self, samples: Samples) -> str | None:
        return self._language if samples.any() else None

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        if self._dies_at == len(self.recognised):
            os.kill(os.getpid(), signal.SIGKILL)
        self.recognised.append(len(samples) / SAMPLE_RATE)
        self.hot_words.append(hot_words)
        words = list(read(samples))
        if not words:
            return Recognised("attention", ())
        text = " ".join(word.text for word in words)
        return Recognised(
            "attention", (RecognisedSegment(text, 0.0, len(samples) / SAMPLE_RATE, tuple(words)),)
        )

    def recognise_again(self, samples: Samples, *, language: str) -> Recognised:
        """Nothing is doubtful."""
        raise AssertionError


def read(samples: Samples) -> Iterator[RecognisedWord]:
    levels = np.rint(samples * 10_000).astype(int)
    for level in sorted(set(levels[levels > 0].tolist())):
        at = np.flatnonzero(levels == level)
        yield RecognisedWord(
            f"w{level - 1}", float(at[0] / SAMPLE_RATE), float((at[-1] + 1) / SAMPLE_RATE), 0.9
        )
