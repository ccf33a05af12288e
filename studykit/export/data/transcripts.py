"""Transcripts as files: complete JSON, SubRip, WebVTT and plain text.

The JSON can be read by studykit and by Whisper's relatives: ``{"language", "engine", "model", "timing",
"segments": [{"start", "end", "text", "speaker", "words": [{"text", "start", "end", "score"}]}]}``
in seconds; with what the recogniser said of each window (``avg_logprob``, ``no_speech_prob``,
``compression_ratio``), whether it is ``doubtful``, and the ``other_language`` that it seems to be in, if any.
A word with times but no score was placed between its neighbours.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from studykit.languages import is_chinese, join_pieces
from studykit.timecode import to_srt, to_vtt
from studykit.types import Cue, Segment, Transcript, Word

__all__ = ["TRANSCRIPT_FORMATS", "cues"]

_LINE = {"latin": 42, "han": 18}
"""Maximum number of characters in a line of a subtitle; a cue has two lines."""

_LONGEST_S = 7.0
_PAUSE_S = 1.0
"""A silence that ends a cue."""

_ENDS = tuple(".!?。！？…")
_SOFT = tuple(",;:，、；：")


def _json(transcript: Transcript) -> str:
    document = {
        "language": transcript.language,
        "engine": transcript.engine,
        **dict(transcript.options),
        "timing": transcript.timing,
        "segments": [_segment(seg) for seg in transcript.segments],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _segment(seg: Segment) -> dict[str, object]:
    return {
        "start": seg.start_s,
        "end": seg.end_s,
        "text": seg.text,
        **({"original": seg.original} if seg.original is not None else {}),
        "speaker": seg.speaker,
        **_heard(seg),
        "words": [
            {"text": word.text, "start": word.start_s, "end": word.end_s, "score": word.score}
            for word in seg.words
        ],
    }


def _heard(seg: Segment) -> dict[str, object]:
    """What the recogniser said of the window, by the names that Whisper's own JSON has."""
    if seg.hearing is None:
        return {}
    return {
        "avg_logprob": seg.hearing.mean_logprob,
        "no_speech_prob": seg.hearing.no_speech,
        "compression_ratio": seg.hearing.compression_ratio,
        "doubtful": seg.doubtful,
        **({"other_language": seg.hearing.language} if seg.hearing.language else {}),
    }


def _srt(transcript: Transcript) -> str:
    blocks = (
        f"{number}\n{to_srt(cue.start_s)} --> {to_srt(cue.end_s)}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(cues(transcript), 1)
    )
    return "\n".join(blocks)


def _vtt(transcript: Transcript) -> str:
    blocks = (
        f"{to_vtt(cue.start_s)} --> {to_vtt(cue.end_s)}\n"
        + "\n".join(escape(line, quote=False) for line in cue.lines)
        + "\n"
        for cue in cues(transcript)
    )
    return "\n".join(["WEBVTT\n", *blocks])


def _txt(transcript: Transcript) -> str:
    """One segment per line, after its speaker if known."""
    return "".join(
        f"{seg.speaker}: {seg.text}\n" if seg.speaker else f"{seg.text}\n" for seg in transcript.segments
    )


TRANSCRIPT_FORMATS: dict[str, Callable[[Transcript], str]] = {
    "json": _json,
    "srt": _srt,
    "vtt": _vtt,
    "txt": _txt,
}
"""By name, which is also the suffix: the function that writes the text."""


def cues(transcript: Transcript) -> Iterator[Cue]:
    """Subtitles of at most two lines, cut at pauses and punctuation; a new speaker is named."""
    speaker: str | None = None
    width = _LINE["han" if is_chinese(transcript.language) else "latin"]
    for seg in transcript.segments:
        assert seg.start_s is not None
        assert seg.end_s is not None
        said = f"{seg.speaker}: " if seg.speaker and seg.speaker != speaker else ""
        speaker = seg.speaker
        words = seg.words or (Word(text=seg.text, start_s=seg.start_s, end_s=seg.end_s),)
        for group in _groups(words, width, said, transcript.language):
            start_s, end_s = group[0].start_s, group[-1].end_s
            assert start_s is not None
            assert end_s is not None
            yield Cue(start_s=start_s, end_s=end_s, lines=_lines(group, width, said, transcript.language))
            said = ""


def _lines(words: Sequence[Word], width: int, said: str, language: str) -> tuple[str, ...]:
    text = said + join_pieces((word.text for word in words), language)
    return tuple(textwrap.wrap(text, width))


def _groups(words: Iterable[Word], width: int, said: str, language: str) -> Iterator[Sequence[Word]]:
    """Words that fit into one cue, cut early where a sentence or, after one line, a clause ends.

    ``said`` precedes the first word.
    """
    group: list[Word] = []
    for word in words:
        if group and (
            len(_lines([*group, word], width, said, language)) > 2
            or (word.end_s or 0.0) - (group[0].start_s or 0.0) > _LONGEST_S
            or (word.start_s or 0.0) - (group[-1].end_s or 0.0) > _PAUSE_S
        ):
            yield group
            group, said = [], ""
        group.append(word)
        clause = word.text.endswith(_SOFT) and len(_lines(group, width, said, language)) > 1
        if word.text.endswith(_ENDS) or clause:
            yield group
            group, said = [], ""
    if group:
        yield group
