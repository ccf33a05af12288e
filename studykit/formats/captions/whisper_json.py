"""The JSON of openai-whisper, faster-whisper, whisperX, and studykit itself.

``{"segments": [{"start", "end", "text", "speaker", "words": [{"word", "start", "end", "score"}]}],
"language"}``; words are also called ``text``, their scores ``probability``. A word that could not be
placed has no times: they are None, never 0. A broken segment is repaired or left out, see
``salvage.py``.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Draft, DraftWord, Format, Parsed, language_tag
from studykit.formats.captions.damage import Damage, between_neighbours
from studykit.formats.captions.salvage import Salvaged, salvaged
from studykit.formats.jsontext import decode_json
from studykit.formats.repair import to_segments
from studykit.languages import spoken_length_s
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
    doubtful: bool = False
    """As studykit writes it."""


class _File(msgspec.Struct):
    segments: list[_Segment]
    language: str | None = None
    duration: _Seconds | None = None
    title: str | None = None
    timing: str | None = None
    word_segments: list[_Word] | None = None


_LIST = re.compile(r'"segments"\s*:\s*\[|\A\s*\[')
# Any JSON object: for other kinds, an error is better than reading them as plain text.
_SNIFF = re.compile(r'\s*(?:\{|\[\s*\{)\s*"')


def _timing(file: _File) -> TimeOrigin:
    if file.timing in get_args(TimeOrigin):
        return file.timing  # type: ignore[return-value]
    if file.word_segments is not None:  # whisperX writes this list, and only after aligning
        return "forced_alignment"
    return "attention" if any(seg.words for seg in file.segments) else "captions"


def _draft(seg: _Segment, line: int | None = None) -> Draft:
    words = [
        DraftWord(
            word.word if word.word is not None else word.text or "",
            word.start,
            word.end,
            word.score if word.score is not None else word.probability,
        )
        for word in seg.words or ()
    ]
    return Draft(
        text=seg.text,
        start_s=seg.start,
        end_s=seg.end,
        words=words,
        speaker=seg.speaker,
        line=line,
        doubtful=seg.doubtful,
    )


def _parse(text: str, path: Path) -> Parsed:
    try:
        if text.lstrip().startswith("["):
            file = _File(segments=decode_json(text, path, list[_Segment]))
        else:
            file = decode_json(text, path, _File)
    except FormatError:
        found = _pieces(text)
        if found is None:
            raise
        return _of_pieces(found, path)
    drafts = [_draft(seg) for seg in file.segments]
    parsed = _read(path, file, drafts)
    if parsed.warnings and (found := _pieces(text)) and len(found.pieces) == len(file.segments):
        drafts = [_draft(seg, piece.line) for seg, piece in zip(file.segments, found.pieces, strict=True)]
        parsed = _read(path, file, drafts)
    return parsed


def _pieces(text: str) -> Salvaged | None:
    with_words = '"words"' in text  # a word may have a text, too
    return salvaged(text, _LIST, lambda value: "text" in value and (not with_words or "words" in value))


def _read(path: Path, file: _File, drafts: list[Draft], warnings: tuple[str, ...] = ()) -> Parsed:
    return to_segments(
        path,
        drafts,
        format="whisper-json",
        timing=_timing(file),
        language=language_tag(file.language),
        title=file.title,
        duration_s=file.duration,
        warnings=warnings,
    )


def _of_pieces(found: Salvaged, path: Path) -> Parsed:
    """The segments of a file in which some are broken; raises ``FormatError`` if most are."""
    damage = Damage()
    kept: list[tuple[_Segment, int]] = []
    lost: set[int] = set()
    for piece in found.pieces:
        seg, done = _mended(piece.value)
        if seg is None:
            why = "no text in " if isinstance(piece.value, dict) else "no JSON: "
            damage.skipped.append((piece.line, why + piece.text))
            continue
        if done == "lost":
            damage.lost.append((piece.line, piece.text))
            lost.add(len(kept))
        elif done == "repaired":
            damage.repaired.append(piece.line)
        kept.append((seg, piece.line))
    warnings = damage.warnings(path, len(found.pieces), "values")
    if found.cut_at is not None:
        warnings += (f"the file ends early (line {found.cut_at})",)
    drafts = [_draft(seg, line) for seg, line in kept]
    times = between_neighbours(
        [None if i in lost else (draft.start_s, draft.end_s) for i, draft in enumerate(drafts)],
        [spoken_length_s(draft.text) for draft in drafts],
    )
    for draft, (start_s, end_s) in zip(drafts, times, strict=True):
        draft.start_s, draft.end_s = start_s, end_s
    file = _head(found.head)
    file.segments = [seg for seg, _ in kept]
    return _read(path, file, drafts, warnings)


def _mended(value: Any) -> tuple[_Segment | None, Literal["sound", "repaired", "lost", "skipped"]]:
    """What can be read of a segment, and what was done: numbers in quotes become numbers, words go first."""
    if not isinstance(value, dict):
        return None, "skipped"
    for word in value["words"] if isinstance(value.get("words"), list) else ():
        if isinstance(word, dict):
            word.update({name: None for name, item in word.items() if _is_nan(item)})
    few = {name: value.get(name) for name in ("text", "start", "end")}
    for candidate, strict in ((value, True), (value, False), (few, False)):
        try:
            return msgspec.convert(candidate, _Segment, strict=strict), "sound" if strict else "repaired"
        except msgspec.ValidationError:
            continue
    said = value.get("text")
    return (_Segment(text=said), "lost") if isinstance(said, str) and said.strip() else (None, "skipped")


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _head(values: dict[str, Any]) -> _File:
    """The file's own values, without those of a wrong kind."""
    file = _File(segments=[])
    for name in ("language", "duration", "title", "timing"):
        try:
            sound = msgspec.convert({"segments": [], name: values.get(name)}, _File)
        except msgspec.ValidationError:
            continue
        setattr(file, name, getattr(sound, name))
    file.word_segments = [] if "word_segments" in values else None
    return file


WHISPER_JSON = Format(
    name="whisper-json",
    title="Whisper JSON",
    suffixes=(".json",),
    sniff=lambda text: _SNIFF.match(text) is not None,
    parse=_parse,
)
