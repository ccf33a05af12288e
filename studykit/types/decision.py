"""A person's decision about a correction."""

from __future__ import annotations

from msgspec import Struct

from studykit.types.text import Span

__all__ = ["Decision", "words_key"]


class Decision(Struct, frozen=True, kw_only=True):
    """A person's decision about a correction, which is identified by its sentence."""

    language: str
    sentence: str
    """The sentence's raw text; of a stored decision about all talks the words alone."""
    span: Span
    right: str
    accepted: bool
    everywhere: bool = False
    """Whether it is about the same words in every sentence of every talk, not in this one alone."""

    @property
    def wrong(self) -> str:
        """The words that it is about."""
        return self.sentence[self.span.start : self.span.end]


def words_key(words: str) -> str:
    """Words as decisions about all talks compare them: in small letters, unless all are capitals."""
    words = " ".join(words.split())
    return words if words.isupper() else words.lower()
