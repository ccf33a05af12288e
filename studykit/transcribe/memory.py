"""A recogniser that remembers: nothing that was heard is heard again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from studykit.fingerprint import digest
from studykit.transcribe.chunks import Chunk
from studykit.transcribe.recogniser import SAMPLE_RATE, Checkpoints, Heard, Recogniser

__all__ = ["Memory"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """``recogniser`` for the chunks of one recording, over ``checkpoints``.

    ``heard`` is told how many seconds are done, before and after each chunk that is heard now.
    """

    recogniser: Recogniser
    source_id: str
    checkpoints: Checkpoints
    heard: Callable[[float], None]

    def language_of(self, chunk: Chunk) -> str | None:
        """See ``Recogniser``."""
        return self._get(str, chunk, [], lambda: self.recogniser.language_of(chunk.samples) or "") or None

    def recognise(self, chunk: Chunk, *, language: str, hot_words: str) -> Heard:
        """See ``Recogniser``."""

        def compute() -> Heard:
            found = self.recogniser.recognise(chunk.samples, language=language, hot_words=hot_words)
            self.heard(chunk.end / SAMPLE_RATE)
            return found

        return self._get(Heard, chunk, [language, hot_words], compute)

    def _get(self, kind: type[T], chunk: Chunk, asked: list[str], compute: Callable[[], T]) -> T:
        engine = [self.recogniser.engine, self.recogniser.model]
        key = digest(self.source_id, engine, chunk.start, chunk.end, asked)
        stored = self.checkpoints.get(key)
        if stored is None:
            self.heard(chunk.start / SAMPLE_RATE)
            stored = msgspec.json.encode(compute())
            self.checkpoints[key] = stored
        return msgspec.json.decode(stored, type=kind)
