"""The English tagger and parser as an engine: named without numpy, loaded when the first text comes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studykit.engines.english.tagger import Pipeline
    from studykit.types import Token

__all__ = ["EnglishTagger"]


class EnglishTagger:
    """Loads the weights when first used, and remembers what it read last: stages ask for the same texts."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Token, ...]] = {}

    @property
    def name(self) -> str:
        """The pipeline that the weights are from, with its version."""
        return "en_core_web_sm-3.8.0"

    def tag(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The tokens of each text, including runs of white space (UPOS ``SPACE``)."""
        known = self._last
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            found = known | dict(zip(new, self._pipeline.tag(new), strict=True))
            self._last = {text: found[text] for text in texts}
        return [self._last[text] for text in texts]

    @cached_property
    def _pipeline(self) -> Pipeline:
        from studykit.engines.english.tagger import Pipeline

        return Pipeline()
