"""Reads caption and transcript files, recognised by their content, then by their name.

``FORMATS`` is the table of all formats, in the order in which they are tried. To add one, see
``studykit/formats/base.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

from studykit.errors import FormatError
from studykit.faces import Late
from studykit.formats.base import Format, Parsed
from studykit.formats.captions.pysubs import ASS, MICRODVD
from studykit.formats.captions.srt import SRT
from studykit.formats.captions.ttml import TTML
from studykit.formats.captions.webvtt import WEBVTT
from studykit.formats.captions.whisper_json import WHISPER_JSON
from studykit.formats.captions.whisper_listing import WHISPER_LISTING
from studykit.formats.captions.youtube.json3 import JSON3
from studykit.formats.captions.youtube.srv3 import SRV3
from studykit.formats.chapters import parse_chapters
from studykit.formats.encodings.mojibake import Repaired, Restored, may_be_damaged, repair
from studykit.formats.plain import PLAIN
from studykit.formats.textfile import decode, is_cut_off, is_recording, read_bytes

__all__ = [
    "FORMATS",
    "Format",
    "Parsed",
    "Repaired",
    "Restored",
    "decode",
    "is_cut_off",
    "is_recording",
    "may_be_damaged",
    "parse",
    "parse_chapters",
    "read",
    "read_bytes",
    "read_known_words",
    "repair",
]

read_known_words = Late("studykit.formats.known_words", "read_known_words", list[str])

FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        WEBVTT,
        JSON3,
        WHISPER_JSON,
        SRV3,
        TTML,
        ASS,
        MICRODVD,
        WHISPER_LISTING,
        SRT,
        PLAIN,
    )
}

_HTML = re.compile(
    r"\s*(?:<(?:!--(?>.*?-->)|\?xml(?>.*?\?>))\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL
)


def _detect(text: str, path: Path) -> Format:
    suffix = path.suffix.lower()
    named = next((format for format in FORMATS.values() if suffix in format.suffixes), None)
    if named is WEBVTT and SRT.sniff(text):  # cues, but no header
        return WEBVTT
    for format in FORMATS.values():
        if format is not PLAIN and format.sniff(text):
            return format
    if _HTML.match(text):
        hint = "Download the captions themselves, not the page that links to them."
        raise FormatError(path, "this is a web page, not captions", hint=hint)
    return named or PLAIN


def parse(text: str, path: Path, *, format: str | None = None) -> Parsed:
    """Read a decoded text as ``format`` (a name in ``FORMATS``), or as what it looks like.

    ``path`` is used in error messages, and its suffix decides if the text does not. Raises
    ``FormatError`` with the line, ``EmptyInputError`` if it contains no speech.
    """
    if format is not None and format not in FORMATS:
        hint = f"Formats: {', '.join(FORMATS)}."
        raise FormatError(path, f"unknown format {format!r}", hint=hint)
    return (FORMATS[format] if format is not None else _detect(text, path)).parse(text, path)


def read(path: Path, *, format: str | None = None) -> tuple[bytes, Parsed]:
    """The bytes of a caption or transcript file, and their parsed content; see ``parse``.

    Raises ``UnreadableError``, ``EmptyInputError`` or ``FormatError``.
    """
    data = read_bytes(path)
    return data, parse(decode(data, path), path, format=format)
