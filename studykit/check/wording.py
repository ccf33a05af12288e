"""What is left in English, is far too short or long, or has no counterpart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import log
from statistics import median
from textwrap import shorten

from studykit.check.messages import message
from studykit.check.passage import Passage
from studykit.faces import late
from studykit.languages import HAN, join_sentences, spoken_length_s
from studykit.types import Finding, Severity

__all__ = ["check_length", "check_omitted", "check_untranslated", "is_left_in_english", "is_omitted"]

_HAN = late(f"[{HAN}]")
_WORDS = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_ENGLISH_RUN = late(r"(?<![A-Za-z])[A-Za-z][A-Za-z'’-]{0,60}(?:[ ,]+[A-Za-z][A-Za-z'’-]{0,60}){3,}")
_QUOTES = tuple("\"“‘'「『《")
_USUAL = 1.6
"""Chinese characters for an English word, where the talk is too short to tell its own rate."""
_ENOUGH = 8
_LONG_WORDS, _LONG_HAN = 15, 24
_FACTOR = 2.5
_HALF = 0.5
"""Share of a sentence's Chinese that is English still, from which on it counts as not translated."""
_SHOWN = 160
"""Characters of what is left in English that a message shows."""
_NOTABLE_S = 2.5
"""Speech shorter than this may lack a counterpart: fillers, back-channels."""


def check_untranslated(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Four and more English words in a row that the English has too; one finding for sentences in a row."""
    pairs = [(passage, _left_runs(passage)) for passage in passages]
    for (_, is_left), group in groupby(pairs, key=lambda pair: (pair[0].paragraph, bool(pair[1]))):
        if is_left:
            run = list(group)
            whole = _joined([passage for passage, _ in run])
            severity: Severity = "high" if not _HAN.search(whole.chinese) else "medium"
            told = shorten(" … ".join(text for _, texts in run for text in texts), _SHOWN, placeholder=" …")
            yield whole.finding("untranslated", severity, message("untranslated", en=told))


def is_left_in_english(passage: Passage) -> bool:
    """Whether half of the Chinese or more is English still; there is nothing more to compare then."""
    words = sum(len(_WORDS.findall(run)) for run in _left_runs(passage))
    return bool(words) and 2 * words >= _HALF * _chinese_length(passage.chinese)


def _left_runs(passage: Passage) -> list[str]:
    if not _ENGLISH_RUN.search(passage.chinese):
        return []
    squashed = " ".join(_WORDS.findall(passage.near_english.lower()))
    found = []
    for match in _ENGLISH_RUN.finditer(passage.chinese):
        if passage.chinese[: match.start()].rstrip().endswith(_QUOTES):
            continue  # quoted, as the speaker does
        words = _WORDS.findall(match[0])
        lower = sum(word[0].islower() for word in words)
        if lower >= 3 and " ".join(words).lower() in squashed:
            found.append(match[0].strip())
    return found


def check_length(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Paragraphs whose Chinese is far shorter or longer than the talk's usual."""
    pairs: list[tuple[Passage, int, int]] = []
    for _, group in groupby(passages, key=lambda p: p.paragraph):
        both = [p for p in group if p.english and p.chinese]
        if both:
            whole = _joined(both)
            pairs.append((whole, len(_WORDS.findall(whole.english)), _chinese_length(whole.chinese)))
    rates = [chinese / words for _, words, chinese in pairs if words >= _LONG_WORDS and chinese]
    usual = median(rates) if len(rates) >= _ENOUGH else _USUAL
    for passage, words, chinese in pairs:
        if max(words * usual, chinese) < _LONG_HAN or not words or not chinese:
            continue
        times = chinese / words / usual
        if abs(log(times)) > log(_FACTOR):
            far = abs(log(times)) > 2 * log(_FACTOR)
            told = message("shorter" if times < 1 else "longer", times=f"{max(times, 1 / times):.1f}")
            yield passage.finding("length", "medium" if far else "low", told)


def is_omitted(passage: Passage) -> bool:
    """Whether one side lacks what the other says at some length."""
    if passage.english and passage.chinese:
        return False
    return spoken_length_s(passage.english or passage.chinese) >= _NOTABLE_S


def check_omitted(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Sentences that only one language has, those in a row together."""
    runs = [
        (side, _joined(list(group)))
        for (_, side), group in groupby(
            passages, key=lambda p: (p.paragraph, (not p.chinese) - (not p.english))
        )
    ]
    for i, (side, whole) in enumerate(runs):
        said = whole.english or whole.chinese
        if not side or spoken_length_s(said) < _NOTABLE_S or is_left_in_english(whole):
            continue
        around = [other for at, other in runs[max(0, i - 1) : i + 2] if at == -side]
        if any(_may_be_pair(whole, other) for other in around):
            continue
        told = message("omitted_zh" if side > 0 else "omitted_en")
        severity: Severity = "medium" if whole.score >= 0.5 else "low"
        yield whole.finding("omitted", severity, told)


def _may_be_pair(one: Passage, other: Passage) -> bool:
    """Whether what one language lacks and the other has beside it are one sentence, put freely."""
    english, chinese = one.english or other.english, one.chinese or other.chinese
    ratio = _chinese_length(chinese) / max(1, len(_WORDS.findall(english))) / _USUAL
    return one.paragraph == other.paragraph and 1 / _FACTOR < ratio < _FACTOR


def _joined(run: Sequence[Passage]) -> Passage:
    first = run[0]
    if len(run) == 1:
        return first
    return Passage(
        paragraph=first.paragraph,
        english=" ".join(p.english for p in run if p.english),
        chinese=join_sentences((p.chinese for p in run if p.chinese), "zh"),
        near_english=first.near_english,
        near_chinese=first.near_chinese,
        source=first.source,
        target=first.target,
        score=min(p.score for p in run),
    )


def _chinese_length(text: str) -> int:
    """Characters; a word that stays English counts as two."""
    return len(_HAN.findall(text)) + 2 * len(_WORDS.findall(text))
