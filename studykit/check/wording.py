"""What is left in English, lost a negation, is far too short or long, or has no counterpart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import log
from statistics import median

from studykit.check.passage import Passage
from studykit.languages import HAN, spoken_length_s
from studykit.types import Finding, Severity

__all__ = ["check_length", "check_negation", "check_omitted", "check_untranslated", "is_omitted"]

_HAN = re.compile(f"[{HAN}]")
_WORDS = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_ENGLISH_RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){3,}")
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nothing|nobody|cannot|without|neither|nor)\b|n['’]t\b", re.IGNORECASE
)
_NO_NEGATION = re.compile(
    r"\b(?:is|are|was|were|do|does|did|have|has|wo|would|ca|could|should)n['’]t "
    r"(?:it|that|this|they|you|we|i|he|she|the)\b"
    r"|\bwhy (?:not|don['’]t)\b|\bnot (?:only|just|to mention|sure if|necessarily)\b|\bor not\b"
    r"|\bno (?:matter|doubt|wonder)\b"
    r"|\b(?:do|does|did)n['’]t (?:matter|know|mind)\b|\bcan['’]?t (?:wait|help)\b|\bnothing (?:but|more)\b"
    r"|\bif not\b|\bnot until\b|^\W*no\b\W|\bno\.?$|,\s*no,|\bisn['’]t in the\b",
    re.IGNORECASE,
)
_NEGATION_ZH = re.compile(
    "[不没沒無无非未别別勿莫否缺免禁难難拒绝絕零反除]|失去|以外|停止|空白|少有|罕见|哪有|何必"
)
_USUAL = 1.6
"""Chinese characters for an English word, where the talk is too short to tell its own rate."""
_ENOUGH = 8
_LONG_WORDS, _LONG_HAN = 15, 24
_FACTOR = 2.5
_NOTABLE_S = 2.5
"""Speech shorter than this may lack a counterpart: fillers, back-channels."""
_UNSURE = 0.3
"""Beads with lower scores tell nothing about their wording."""


def check_untranslated(passage: Passage) -> Iterator[Finding]:
    """Four and more English words in a row that the English has too."""
    squashed = " ".join(_WORDS.findall(passage.near_english.lower()))
    for run in _ENGLISH_RUN.findall(passage.chinese):
        words = _WORDS.findall(run.lower())
        lower = sum(word[0].islower() for word in _WORDS.findall(run))
        if lower >= 3 and " ".join(words) in squashed:
            severity: Severity = "high" if not _HAN.search(passage.chinese) else "medium"
            yield passage.finding("untranslated", severity, f"left in English: {run.strip()}")


def check_negation(passage: Passage) -> Iterator[Finding]:
    """The English denies something, and the Chinese has no word to deny with."""
    if not passage.chinese or passage.score < _UNSURE or passage.english.rstrip().endswith("?"):
        return
    plain = _NO_NEGATION.sub(" ", passage.english)
    denied = _NEGATION.search(plain)
    if denied and not _NEGATION_ZH.search(passage.chinese):
        yield passage.finding("negation", "medium", f"“{denied[0]}” without a negation in the Chinese")


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
            told = f"{1 / times:.1f} times shorter" if times < 1 else f"{times:.1f} times longer"
            yield passage.finding("length", "medium" if far else "low", f"Chinese {told} than usual here")


def is_omitted(passage: Passage) -> bool:
    """Whether one side lacks what the other says at some length."""
    if passage.english and passage.chinese:
        return False
    return spoken_length_s(passage.english or passage.chinese) >= _NOTABLE_S


def check_omitted(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Sentences that only one language has, those in a row together."""
    for (_, side), group in groupby(passages, key=lambda p: (p.paragraph, (not p.chinese) - (not p.english))):
        run = list(group)
        if not side:
            continue
        whole = _joined(run)
        said = whole.english or whole.chinese
        if spoken_length_s(said) < _NOTABLE_S:
            continue
        missing = "Chinese" if side > 0 else "English"
        severity: Severity = "medium" if max(p.score for p in run) >= 0.5 else "low"
        yield whole.finding("omitted", severity, f"nothing of this in the {missing}")


def _joined(run: Sequence[Passage]) -> Passage:
    first = run[0]
    if len(run) == 1:
        return first
    return Passage(
        paragraph=first.paragraph,
        english=" ".join(p.english for p in run if p.english),
        chinese="".join(p.chinese for p in run),
        near_english=first.near_english,
        near_chinese=first.near_chinese,
        source=first.source,
        target=first.target,
        score=min(p.score for p in run),
    )


def _chinese_length(text: str) -> int:
    """Characters; a word that stays English counts as two."""
    return len(_HAN.findall(text)) + 2 * len(_WORDS.findall(text))
