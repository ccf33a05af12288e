"""Which stretches of a chunk are in another language than it is recognised in, and which were passed over.

Whisper asked for English makes of Chinese what it can: nothing, a translation, or nonsense, and may be sure
of it. But it also says how probable each language is, and that costs a fraction of a window, since the
window is encoded already. Only where its own language is not clearly the one are pieces of some seconds
looked at, for a window may hold both. So a short remark in another language, in a long window, is missed.
And where nothing was recognised for some time though somebody speaks, Whisper has passed over something: in
another language, or in its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np

from studykit.languages import is_chinese
from studykit.transcribe import SAMPLE_RATE, OtherLanguage, RecognisedSegment, Samples

__all__ = ["Closer", "listening", "looked_closer"]

Probabilities = Mapping[str, float]
"""Of each language, by its tag."""
Span = tuple[float, float]
"""Start and end in seconds."""
Stretch = tuple[int, int]
"""Of speech: start and end in samples."""

_CLEAR = 0.7
"""Windows of clean speech in one language were above it; half in another language, most were below."""
_OWN, _OTHER = 0.1, 0.5
"""A piece is in another language if its own is less likely than the one, and the other likelier than the
other. Set by looking at eight languages and at noise down to -5 dB (docs/quality.md)."""
_PIECE_S = 6.0
"""Of speech; in shorter pieces Whisper took English for Welsh."""
_LEAST_S = 3.0
"""A piece with less speech says nothing."""
_GAP_S = 8.0
"""A stretch without words that is looked at: Whisper often passes over what is in another language."""
_ALL = 0.9
"""Of a piece: nearly all."""
_REST_S = 3.0
"""A pause that ends a piece: after it somebody else may go on, in another language."""
_WINDOW_S = 30.0
_PAUSE_MS = 160
"""The shortest pause between two stretches of speech, as faster-whisper's own batches have it."""


class Closer(NamedTuple):
    """What is found by looking closer; ``passed_over``: somebody speaks there, and nothing was recognised."""

    others: tuple[OtherLanguage, ...] = ()
    passed_over: tuple[Span, ...] = ()


class _Piece(NamedTuple):
    """Stretches of speech, in samples, and the window that faster-whisper puts them into."""

    stretches: list[Stretch]
    window: int

    @property
    def span_s(self) -> Span:
        return self.stretches[0][0] / SAMPLE_RATE, self.stretches[-1][1] / SAMPLE_RATE

    @property
    def speech_s(self) -> float:
        return sum(end - start for start, end in self.stretches) / SAMPLE_RATE


@contextmanager
def listening(whisper: Any) -> Iterator[list[Probabilities]]:
    """The languages of all windows that a ``WhisperModel`` encodes meanwhile; empty if it knows only one."""
    windows: list[Probabilities] = []
    if not whisper.model.is_multilingual:
        yield windows
        return
    encode = whisper.encode

    def heard(features: Any) -> Any:
        encoded = encode(features)
        windows.extend(map(_by_tag, whisper.model.detect_language(encoded)))
        return encoded

    whisper.encode = heard
    try:
        yield windows
    finally:
        whisper.encode = encode


def _by_tag(found: Sequence[tuple[str, float]]) -> Probabilities:
    return {token.strip("<|>"): probability for token, probability in found}


def looked_closer(
    whisper: Any,
    samples: Samples,
    language: str,
    windows: Sequence[Probabilities],
    segments: Sequence[RecognisedSegment],
    *,
    spans: Sequence[Span] = (),
) -> Closer:
    """The stretches of ``samples`` in another language, and those passed over in their own.

    ``windows`` are those that were ``listening`` to, ``segments`` is what was recognised in them, and
    ``spans`` where they lie if faster-whisper has not cut them. Times are in seconds from the start of the
    samples.
    """
    unclear = [_share(window, language) < _CLEAR for window in windows]
    gaps = _gaps(segments, len(samples) / SAMPLE_RATE)
    if not (any(unclear) or gaps):
        return Closer()
    speech = _speech(samples)
    pieces = _pieces(speech)
    spans = spans or _spans(pieces)
    if len(spans) != len(windows):
        spans, unclear = [(0.0, len(samples) / SAMPLE_RATE)], [any(unclear)]
    mixed = [span for span, unsure in zip(spans, unclear, strict=True) if unsure]

    def other(piece: _Piece, heard: Probabilities | None = None) -> list[OtherLanguage]:
        found = heard if heard is not None else _languages(whisper, samples, piece)
        tag = max(found, key=found.__getitem__, default=language)
        is_other = found.get(tag, 0.0) >= _OTHER and _share(found, language) <= _OWN
        return [OtherLanguage(*piece.span_s, tag)] if is_other else []

    others: list[OtherLanguage] = []
    passed_over: list[Span] = []
    for piece in pieces:
        if _is_in(piece.span_s, mixed) and not _is_in(piece.span_s, gaps, _ALL):
            others += other(piece)
    for piece in _long(_inside(speech, gaps)):
        heard = _languages(whisper, samples, piece) if windows else {language: 1.0}
        parts = _pieces(piece.stretches) if _share(heard, language) < _CLEAR else ()
        found = other(piece, heard) or [one for part in parts for one in other(part)]
        others += found
        if not found and piece.speech_s >= _LEAST_S:
            passed_over.append(piece.span_s)
    return Closer(tuple(_joined(sorted(others))), tuple(passed_over))


def _inside(stretches: Sequence[Stretch], spans: Sequence[Span]) -> list[Stretch]:
    """What of the stretches lies in the spans."""
    found = []
    for low_s, high_s in spans:
        low, high = round(low_s * SAMPLE_RATE), round(high_s * SAMPLE_RATE)
        found += [(max(start, low), min(end, high)) for start, end in stretches if start < high and end > low]
    return found


def _long(stretches: Sequence[Stretch]) -> Iterator[_Piece]:
    """Pieces as long as they can be without a pause, at most a window."""
    whole: list[Stretch] = []
    for stretch in stretches:
        rests = whole and stretch[0] - whole[-1][1] > _REST_S * SAMPLE_RATE
        if whole and (rests or stretch[1] - whole[0][0] > _WINDOW_S * SAMPLE_RATE):
            yield _Piece(whole, 0)
            whole = []
        whole = [*whole, stretch]
    if whole:
        yield _Piece(whole, 0)


def _spans(pieces: Sequence[_Piece]) -> list[Span]:
    """Where faster-whisper's windows lie."""
    groups = (list(group) for _, group in groupby(pieces, key=lambda piece: piece.window))
    return [(group[0].span_s[0], group[-1].span_s[1]) for group in groups]


def _is_in(span: Span, others: Sequence[Span], share: float = 0.5) -> bool:
    """Whether more than a share of a span lies in one of the others."""
    length_s = span[1] - span[0]
    return any(min(span[1], high) - max(span[0], low) > share * length_s for low, high in others)


def _share(languages: Probabilities, language: str) -> float:
    return sum(share for tag, share in languages.items() if _same(tag, language))


def _same(tag: str, language: str) -> bool:
    return tag == language or (is_chinese(tag) and is_chinese(language))


def _gaps(segments: Sequence[RecognisedSegment], length_s: float) -> list[Span]:
    """Where nothing was recognised for some time, in seconds."""
    said = sorted(
        (piece.start_s, piece.end_s)
        for seg in segments
        for piece in (seg.words or (seg,))
        if piece.start_s is not None and piece.end_s is not None
    )
    edges = [(0.0, 0.0), *said, (length_s, length_s)]
    return [(before, after) for (_, before), (after, _) in pairwise(edges) if after - before >= _GAP_S]


def _pieces(stretches: Sequence[Stretch]) -> list[_Piece]:
    """Speech in pieces of some seconds, none in two windows.

    Stretches are put into windows as faster-whisper does it, one after the other while there is room.
    """
    pieces: list[_Piece] = []
    window = filled = 0
    short = True
    for stretch in stretches:
        length = stretch[1] - stretch[0]
        filled += length
        if filled > _WINDOW_S * SAMPLE_RATE:
            window, filled, short = window + 1, length, False
        elif pieces and stretch[0] - pieces[-1].stretches[-1][1] > _REST_S * SAMPLE_RATE:
            short = False
        if short and pieces:
            pieces[-1].stretches.append(stretch)
        else:
            pieces.append(_Piece([stretch], window))
        short = pieces[-1].speech_s < _PIECE_S
    return pieces


def _speech(samples: Samples) -> list[Stretch]:
    """The stretches in which somebody speaks, in samples."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(max_speech_duration_s=_WINDOW_S, min_silence_duration_ms=_PAUSE_MS)
    return [(int(found["start"]), int(found["end"])) for found in get_speech_timestamps(samples, options)]


def _languages(whisper: Any, samples: Samples, piece: _Piece) -> Probabilities:
    """How probable each language is in a piece; empty if it is too short to say."""
    if piece.speech_s < _LEAST_S:
        return {}
    sound = np.concatenate([samples[start:end] for start, end in piece.stretches])
    return dict(whisper.detect_language(sound)[2])


def _joined(others: Sequence[OtherLanguage]) -> Iterator[OtherLanguage]:
    """Neighbours in one language as one."""
    last: OtherLanguage | None = None
    for other in others:
        if last and last.language == other.language and other.start_s - last.end_s <= _REST_S:
            last = last._replace(end_s=max(last.end_s, other.end_s))
            continue
        if last:
            yield last
        last = other
    if last:
        yield last
