"""Hears doubtful windows again; marks what is still doubtful, and leaves out what nobody said.

Whisper tells when it fails: it repeats itself, which compresses well, or it is unsure of its words on
average (Radford et al. 2022, 4.5; the limits are theirs). On weak evidence it also copies its hot words.
Such a window is heard again in another way: with rising temperatures, without hot words, and
independently of other text. What repeats itself, or sounds like silence, once more is nothing that
anybody is known to have said: it is left out. Several words that Whisper is merely unsure of are speech that
is hard to make out: better to have than a gap, but nothing to learn from, and so marked as doubtful.

What Whisper passed over, though somebody speaks, is heard again as well, and told if that is in vain. What it
made of another language would become no better, and is not heard again.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from studykit.faces import late
from studykit.languages import HAN
from studykit.transcribe.recogniser import (
    SAMPLE_RATE,
    OtherLanguage,
    Recognised,
    RecognisedSegment,
    Samples,
)

__all__ = ["LeftOut", "compression_ratio", "heard_twice"]

_MOST_COMPRESSED = 2.4
_LEAST_LOGPROB = -1.0
_NO_SPEECH = 0.6
_DOUBTFUL_LOGPROB = -0.6
"""Below it, a third or more of the words were wrong in clean speech with noise added (docs/quality.md)."""
_GUESS_LOGPROB = -1.6
_FEW_WORDS = 5
"""Fewer unsure words than that, or words less sure than this, are as likely noise as speech."""
_SURE_WORD = 0.5
"""A hot word is believed if each of its words is at least this probable."""
_CLEARLY = 0.1
"""Nats a token: hot words make themselves a little surer."""
_WINDOW_S = 30.0
_WORD = late(rf"[{HAN}]|[^\W\d_]+(?:'\w+)?")


class LeftOut(NamedTuple):
    """A stretch that could not be heard, in seconds of the recording; what it seemed to say, if anything."""

    start_s: float
    end_s: float
    text: str


def heard_twice(
    found: Recognised,
    samples: Samples,
    again: Callable[[Samples, float], Recognised],
    hot_words: str,
    offset_s: float,
) -> tuple[Recognised, list[LeftOut]]:
    """What was recognised in ``samples``, with its doubtful segments heard ``again``.

    ``again`` gets a piece of the samples and its start in them, in seconds; the segments that it
    returns count from the piece's start. ``offset_s`` is where the samples lie in the recording.
    """
    names = _pattern(hot_words)
    segments: list[RecognisedSegment] = []
    left_out: list[LeftOut] = []
    timing = found.timing
    length_s = len(samples) / SAMPLE_RATE
    for i, seg in enumerate(found.segments):
        if not (_fails(seg) or _copies(seg, names)):
            segments.append(_marked(seg))
            continue
        if _in_another(seg, found.others):
            if not (_repeats(seg) or _is_silence(seg)):
                segments.append(seg._replace(doubtful=True))
            continue
        # Whisper cuts a window to the words that it believes; what it missed lies around them.
        start_s = max(segments[-1].end_s if segments else 0.0, seg.start_s - _WINDOW_S)
        stop_s = found.segments[i + 1].start_s if i + 1 < len(found.segments) else length_s
        stop_s = max(seg.end_s, min(stop_s, seg.start_s + _WINDOW_S))
        piece = samples[round(start_s * SAMPLE_RATE) : round(stop_s * SAMPLE_RATE)]
        heard = again(piece, start_s)
        kept = _believed(heard, start_s)
        if not _fails(seg) and _surer(seg, kept):
            segments.append(_marked(seg))
            continue
        segments += map(_marked, kept)
        timing = heard.timing if kept else timing
        if not kept:
            left_out.append(LeftOut(seg.start_s + offset_s, seg.end_s + offset_s, seg.text.strip()))
    for start_s, end_s in found.passed_over:
        heard = again(samples[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)], start_s)
        kept = _believed(heard, start_s)
        if sum(len(_WORD.findall(part.text)) for part in kept) < _FEW_WORDS:
            left_out.append(LeftOut(start_s + offset_s, end_s + offset_s, ""))
            continue
        segments += map(_marked, kept)
        timing = heard.timing
    segments.sort(key=lambda seg: seg.start_s)
    return found._replace(timing=timing, segments=tuple(segments)), left_out


def _believed(heard: Recognised, start_s: float) -> list[RecognisedSegment]:
    """What is kept of a piece that was heard again and begins at ``start_s``."""
    kept = [_moved(part, start_s) for part in heard.segments if not (_repeats(part) or _is_silence(part))]
    return [part for part in kept if _is_speech(part)] if all(map(_is_unsure, kept)) else kept


def _in_another(seg: RecognisedSegment, others: Sequence[OtherLanguage]) -> bool:
    """Whether most of a segment lies in another language."""
    shared_s = (min(seg.end_s, other.end_s) - max(seg.start_s, other.start_s) for other in others)
    return sum(max(0.0, part_s) for part_s in shared_s) > (seg.end_s - seg.start_s) / 2


def _fails(seg: RecognisedSegment) -> bool:
    return _repeats(seg) or _is_unsure(seg) or _is_silence(seg)


def compression_ratio(text: str) -> float:
    """Bytes of ``text`` by bytes of it compressed (zlib), as Whisper counts; 0 for none."""
    encoded = text.encode()
    return len(encoded) / len(zlib.compress(encoded))


def _repeats(seg: RecognisedSegment) -> bool:
    return compression_ratio(seg.text) > _MOST_COMPRESSED


def _is_speech(seg: RecognisedSegment) -> bool:
    """Whether an unsure segment is long and likely enough to be speech that is hard to make out."""
    count = len(_WORD.findall(seg.text))
    return count >= _FEW_WORDS and (seg.mean_logprob or 0.0) >= _GUESS_LOGPROB


def _marked(seg: RecognisedSegment) -> RecognisedSegment:
    unsure = seg.mean_logprob is not None and seg.mean_logprob < _DOUBTFUL_LOGPROB
    return seg._replace(doubtful=unsure)


def _is_unsure(seg: RecognisedSegment) -> bool:
    return seg.mean_logprob is not None and seg.mean_logprob < _LEAST_LOGPROB


def _is_silence(seg: RecognisedSegment) -> bool:
    return seg.no_speech is not None and seg.no_speech > _NO_SPEECH


def _copies(seg: RecognisedSegment, names: re.Pattern[str] | None) -> bool:
    """Whether a hot word is in a segment without being probable there."""
    if names is None:
        return False
    text, spans = "", []
    for word in seg.words:
        spans.append((len(text), len(text) + len(word.text), word.score))
        text += word.text
    return any(
        score is not None and score < _SURE_WORD and start < match.end() and match.start() < end
        for match in names.finditer(text)
        for start, end, score in spans
    )


def _surer(seg: RecognisedSegment, without: Sequence[RecognisedSegment]) -> bool:
    """Whether a segment with a hot word is clearly surer than what was heard without hot words."""
    sure = [part.mean_logprob for part in without if part.mean_logprob is not None]
    return not sure or (seg.mean_logprob or 0.0) > sum(sure) / len(sure) + _CLEARLY


def _pattern(hot_words: str) -> re.Pattern[str] | None:
    terms = [re.escape(term.strip()) for term in hot_words.split(",") if term.strip()]
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(terms)})(?![A-Za-z])", re.IGNORECASE) if terms else None


def _moved(seg: RecognisedSegment, by_s: float) -> RecognisedSegment:
    words = tuple(
        word._replace(
            start_s=None if word.start_s is None else word.start_s + by_s,
            end_s=None if word.end_s is None else word.end_s + by_s,
        )
        for word in seg.words
    )
    return seg._replace(start_s=seg.start_s + by_s, end_s=seg.end_s + by_s, words=words)
