"""The default boundary model as an engine: named without numpy, loaded when the first text comes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from studykit.fingerprint import digest_bytes
from studykit.resources import data_dir

if TYPE_CHECKING:
    from studykit.engines.boundaries.net import NetReader
    from studykit.segment.boundaries import ChineseMarks, Marks

__all__ = ["CHINESE_WEIGHTS", "PARAGRAPH_WEIGHTS", "WEIGHTS", "BoundaryNet"]

WEIGHTS, PARAGRAPH_WEIGHTS, CHINESE_WEIGHTS = "boundaries.npz", "paragraphs.npz", "chinese.npz"
_ALL = (WEIGHTS, PARAGRAPH_WEIGHTS, CHINESE_WEIGHTS)


class BoundaryNet:
    """Loads its weights when first used, about 0.1 s."""

    length_cost = 0.0

    @property
    def name(self) -> str:
        """A digest of the weights."""
        stored = [(data_dir("weights") / name).read_bytes() for name in _ALL]
        return f"boundaries-{digest_bytes(b''.join(stored))[:8]}"

    def scores(self, words: Sequence[str]) -> list[float]:
        """For each word, the log odds that a sentence starts with it, less the threshold."""
        return self._reader.scores(words)

    def marks(self, words: Sequence[str]) -> Marks:
        """Sentence starts, commas, questions and capitals, in one pass."""
        return self._reader.marks(words)

    def paragraphs(self, sentences: Sequence[str]) -> list[float]:
        """For each sentence, the log odds that a paragraph starts with it."""
        from studykit.engines.boundaries.paragraphs import paragraph_scores

        return paragraph_scores(sentences)

    def turns(self, sentences: Sequence[str]) -> list[float]:
        """For each sentence, the log odds that a speaker's turn starts with it."""
        from studykit.engines.boundaries.paragraphs import turn_scores

        return turn_scores(sentences)

    def chinese_marks(self, text: str, breaks: Collection[int]) -> ChineseMarks:
        """Marks for Chinese that has none; ``breaks`` are where its lines start."""
        from studykit.engines.boundaries.chinese_net import chinese_marks

        return chinese_marks(text, breaks)

    @cached_property
    def _reader(self) -> NetReader:
        from studykit.engines.boundaries.net import NetReader

        return NetReader()
