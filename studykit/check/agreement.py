"""How far two texts agree in what can be counted, before anything is said about their difference."""

from __future__ import annotations

from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import find_english_numbers
from studykit.check.counts.quantity import same
from studykit.check.negation import count_denials

__all__ = ["agreement"]


def agreement(english: str, chinese: str) -> tuple[int, int]:
    """How many numbers of the English the Chinese has, and by how many denials they differ."""
    numbers = find_chinese_numbers(chinese)
    shared = sum(any(same(number, other) for other in numbers) for number in find_english_numbers(english))
    said, written = count_denials(english, chinese)
    return shared, abs(said - written)
