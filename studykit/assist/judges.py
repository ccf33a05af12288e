"""What the proof asks of other rooms: the comparison of texts, sentence vectors, a tagger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from studykit.types import Token

__all__ = ["Checker", "Judges"]


class Checker(Protocol):
    """Compares a statement with what was said in the same language, and with its own translation."""

    def unsaid_numbers(self, statement: str, said: str, language: str) -> list[str]:
        """Numbers and units that the statement has and ``said`` has not."""

    def unsaid_names(self, statement: str, said: str, language: str) -> list[str]:
        """Names that the statement has and ``said`` has not."""

    def unsaid_terms(self, statement: str, said: str, language: str) -> list[str]:
        """Glossary terms that the statement has and ``said`` has not."""

    def is_turned(self, statement: str, said: str, language: str) -> bool:
        """Whether the statement says the opposite, or more than was said."""

    def goes_beyond(self, statement: str, said: str, language: str) -> bool:
        """Whether it denies something, or says all, never or only, and nothing in ``said`` does."""

    def differs(self, english: str, chinese: str) -> str | None:
        """The kind of what is wrong with a pair that should say the same; None if nothing is."""


class Judges(Struct, frozen=True, kw_only=True):
    """Everything that the proof asks of others."""

    checker: Checker
    encode: Callable[[Sequence[str]], NDArray[np.float32]]
    """Vectors of length 1 of sentences in either language, in one space."""
    tag: Callable[[Sequence[str]], list[tuple[Token, ...]]]
    """Tagged tokens of English texts."""
    may_mean: Callable[[str, str], bool]
    """Whether a dictionary explains words of a Chinese text by those of an English one."""
