"""A recogniser with a cache: no chunk is recognised twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from studykit.fingerprint import digest
from studykit.transcribe.chunks import Chunk
from studykit.transcribe.recogniser import SAMPLE_RATE, Checkpoints, Recognised, Recogniser

__all__ = ["CachedRecogniser"]

T = TypeVar("T")


class CachedRecogniser(Struct, frozen=True, kw_only=True):
    """``recogniser`` for the chunks of one recording, over ``checkpoints``.

    ``progress`` gets the number of seconds done, before and after each chunk recognised in this run.
    """

    recogniser: Recogniser
    source_id: str
    checkpoints: Checkpoints
    progress: Callable[[float], None]

    def language_of(self, chunk: Chunk) -> str | None:
        """See ``Recogniser``."""
        return self._get(str, chunk, [], lambda: self.recogniser.language_of(chunk.samples) or "") or None

    def recognise(self, chunk: Chunk, *, language: str, hot_words: str) -> Recognised:
        """See ``Recogniser``."""

        def compute() -> Recognised:
            found = self.recogniser.recognise(chunk.samples, language=language, hot_words=hot_words)
            self.progress(chunk.end / SAMPLE_RATE)
            return found

        # Which hot words there were is left out: a glossary's new mis-hearing is no reason to hear
        # hours of speech again.
        return self._get(Recognised, chunk, [language, "hot words" if hot_words else ""], compute)

    def recognise_again(self, chunk: Chunk, *, language: str) -> Recognised:
        """See ``Recogniser``; the chunk is the piece to hear again."""

        def compute() -> Recognised:
            return self.recogniser.recognise_again(chunk.samples, language=language)

        return self._get(Recognised, chunk, [language, "again"], compute)

    def _get(self, kind: type[T], chunk: Chunk, asked: list[str], compute: Callable[[], T]) -> T:
        engine = [self.recogniser.engine, self.recogniser.model]
        key = digest(self.source_id, engine, chunk.start, chunk.end, asked)
        stored = self.checkpoints.get(key)
        if stored is None:
            self.progress(chunk.start / SAMPLE_RATE)
            stored = msgspec.json.encode(compute())
            self.checkpoints[key] = stored
        return msgspec.json.decode(stored, type=kind)
