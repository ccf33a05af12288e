"""What a person has decided about the same words in all talks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from studykit.correct.candidate import Candidate
from studykit.languages import HAN
from studykit.types import Decision, words_key

__all__ = ["Decided"]

_LETTER = rf"[^\W{HAN}]"
"""A character that may go on a word; Chinese has no edges of words that are seen."""


class Decided:
    """The verdicts on words, and the places where accepted ones stand."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._verdicts = {(words_key(made.wrong), made.right): made.accepted for made in decisions}
        self._accepted = [
            (wrong, right, _pattern(wrong)) for (wrong, right), accepted in self._verdicts.items() if accepted
        ]

    def verdict(self, wrong: str, right: str) -> bool | None:
        """Whether a correction was accepted or rejected everywhere; None if nothing was decided."""
        return self._verdicts.get((words_key(wrong), right))

    def candidates(self, text: str) -> Iterator[Candidate]:
        """Where accepted words stand as words in a text, in any case.

        As with listed mis-hearings, text in capitals is meant only by words in capitals.
        """
        for wrong, right, pattern in self._accepted:
            for match in pattern.finditer(text):
                if match[0] != right and (wrong.isupper() or not match[0].isupper()):
                    yield Candidate(
                        start=match.start(), end=match.end(), right=right, rule="decided", confidence=1.0
                    )


def _pattern(words: str) -> re.Pattern[str]:
    body = r"\s+".join(map(re.escape, words.split()))
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, words) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, words[-1]) else ""
    return re.compile(before + body + after, re.IGNORECASE)
