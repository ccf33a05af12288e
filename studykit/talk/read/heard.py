"""What to tell of a transcript: what is not in it, what may be wrong in it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from studykit.languages import is_chinese
from studykit.timecode import to_clock
from studykit.transcribe import LeftOut, OtherLanguage
from studykit.types import Segment, Transcript

__all__ = ["warnings_of"]

_TOLD_CHARS = 60
_MOST_TOLD = 5
_NOTHING_TAKEN = "no terms, vocabulary, claims or cards come from there"
_NEAR_S = 5.0
"""Stretches in another language that are no further apart are told as one."""
_NAMES = {"en": "English"}

Span = tuple[float, float]
"""Start and end in seconds."""


def warnings_of(transcript: Transcript, told: Iterable[LeftOut | OtherLanguage]) -> tuple[str, ...]:
    """One for each stretch that was left out, one for each other language, one for what is hard to hear."""
    told = list(told)
    warnings = [_left_out(stretch) for stretch in told if isinstance(stretch, LeftOut)]
    others = [stretch for stretch in told if isinstance(stretch, OtherLanguage)]
    for tag in dict.fromkeys(other.language for other in others):
        warnings.append(_in_another([other for other in others if other.language == tag], transcript))
    doubts: list[Span] = []
    for doubtful, group in groupby(transcript.segments, key=_is_hard_to_hear):
        run = list(group)
        if doubtful:
            doubts.append((run[0].start_s or 0.0, run[-1].end_s or 0.0))
    if doubts:
        warnings.append(f"hard to hear, so that words may be wrong: {_times(doubts)}; {_NOTHING_TAKEN}")
    return tuple(warnings)


def _is_hard_to_hear(seg: Segment) -> bool:
    return seg.doubtful and not (seg.hearing and seg.hearing.language)


def _in_another(stretches: Sequence[OtherLanguage], transcript: Transcript) -> str:
    """That some stretches are in one other language, and what to do."""
    spans: list[Span] = []
    for other in stretches:
        near = bool(spans) and other.start_s - spans[-1][1] < _NEAR_S
        spans.append((spans.pop()[0] if near else other.start_s, other.end_s))
    own_s = sum((seg.end_s or 0.0) - (seg.start_s or 0.0) for seg in transcript.segments if not seg.doubtful)
    tag, (start_s, end_s) = stretches[0].language, spans[0]
    part = f"ffmpeg -ss {to_clock(start_s)} -to {to_clock(end_s + 1)} -i RECORDING part.wav"
    way_out = f"to have such a part as it was said: {part}, then transcribe part.wav --language {tag}"
    if sum(end - start for start, end in spans) > own_s:
        way_out = f"if that is the talk's language: --language {tag}; {way_out}"
    return (
        f"seems to be in {_name(tag)}, not {_name(transcript.language)}: {_times(spans)}; "
        f"what was written down there is not what was said, and {_NOTHING_TAKEN}; {way_out}"
    )


def _name(tag: str) -> str:
    return "Chinese" if is_chinese(tag) else _NAMES.get(tag, f"another language ({tag})")


def _times(spans: Sequence[Span]) -> str:
    times = ", ".join(f"{to_clock(start_s)}-{to_clock(end_s)}" for start_s, end_s in spans[:_MOST_TOLD])
    return times + (f" and {len(spans) - _MOST_TOLD} more" if len(spans) > _MOST_TOLD else "")


def _left_out(stretch: LeftOut) -> str:
    text = stretch.text if len(stretch.text) <= _TOLD_CHARS else f"{stretch.text[:_TOLD_CHARS]}…"
    times = _times([(stretch.start_s, stretch.end_s)])
    if not text:
        return f"somebody seems to speak at {times}, but nothing could be made out"
    return f"left out {times}, which could not be heard reliably: {text!r}"
