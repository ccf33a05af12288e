"""The JSON of openai-whisper, faster-whisper, whisperX, and studykit itself.

``{"segments": [{"start", "end", "text", "speaker", "words": [{"word", "start", "end", "score"}]}],
"language"}``; words are also called ``text``, their scores ``probability``. A word that could not be
placed has no times: they are None, never 0.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, get_args

import msgspec

from studykit.formats.base import LONGEST_S, Draft, DraftWord, Format, Parsed, language_tag
from studykit.formats.jsontext import decode_json
from studykit.formats.repair import to_segments
from studykit.types import TimeOrigin

__all__ = ["WHISPER_JSON"]

_Seconds = Annotated[float, msgspec.Meta(ge=0, le=LONGEST_S)]


class _Word(msgspec.Struct):
    word: str | None = None
    text: str | None = None
    start: _Seconds | None = None
    end: _Seconds | None = None
    score: float | None = None
    probability: float | None = None
    speaker: str | None = None


class _Segment(msgspec.Struct):
    text: str
    start: _Seconds | None = None
    end: _Seconds | None = None
    words: list[_Word] | None = None
    speaker: str | None = None


class _File(msgspec.Struct):
    segments: list[_Segment]
    language: str | None = None
    duration: _Seconds | None = None
    title: str | None = None
    timing: str | None = None
    word_segments: list[_Word] | None = None


# Any JSON object: for other kinds, an error is better than reading them as plain text.
_SNIFF = re.compile(r'\s*(?:\{|\[\s*\{)\s*"')


def _timing(file: _File) -> TimeOrigin:
    if file.timing in get_args(TimeOrigin):
        return file.timing  # type: ignore[return-value]
    if file.word_segments is not None:  # whisperX writes this list, and only after aligning
        return "forced_alignment"
    return "attention" if any(seg.words for seg in file.segments) else "captions"


def _draft(seg: _Segment) -> Draft:
    words = [
        DraftWord(
            word.word if word.word is not None else word.text or "",
            word.start,
            word.end,
            word.score if word.score is not None else word.probability,
        )
        for word in seg.words or ()
    ]
    return Draft(text=seg.text, start_s=seg.start, end_s=seg.end, words=words, speaker=seg.speaker)


def _parse(text: str, path: Path) -> Parsed:
    if text.lstrip().startswith("["):
        file = _File(segments=decode_json(text, path, list[_Segment]))
    else:
        file = decode_json(text, path, _File)
    return to_segments(
        path,
        [_draft(seg) for seg in file.segments],
        format="whisper-json",
        timing=_timing(file),
        language=language_tag(file.language),
        title=file.title,
        duration_s=file.duration,
    )


WHISPER_JSON = Format(
    name="whisper-json",
    title="Whisper JSON",
    suffixes=(".json",),
    sniff=lambda text: _SNIFF.match(text) is not None,
    parse=_parse,
)
