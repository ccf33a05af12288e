"""Advanced SubStation Alpha (.ass, .ssa) and MicroDVD (.sub), read by pysubs2.

Comments and drawings are dropped; a line's actor is its speaker.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pysubs2

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Draft, Format, Parsed
from studykit.formats.markup import join_lines
from studykit.formats.repair import to_segments
from studykit.timecode import from_ms

__all__ = ["ASS", "MICRODVD"]

_ASS = re.compile(r"^\[(?:Script Info|V4\+? Styles|Events)\]\s*$", re.MULTILINE | re.IGNORECASE)
_MICRODVD = re.compile(r"\s*\{\s*\d+\s*\}\s*\{\s*\d+\s*\}")
_QUOTED = re.compile(r"'([^']+)'")


def _line_of(text: str, error: Exception) -> int | None:
    """The line that contains the value quoted in the error."""
    quoted = _QUOTED.search(str(error))
    at = text.find(quoted[1]) if quoted else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _read(text: str, path: Path, name: str) -> Parsed:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # layers and margins do not matter here
            subs = pysubs2.SSAFile.from_string(text, format_="ass" if name == "ass" else "microdvd")
    except pysubs2.exceptions.UnknownFPSError as error:
        problem = "MicroDVD counts frames, and this file does not state the frame rate"
        hint = "Put the frame rate into the first line: {1}{1}25"
        raise FormatError(path, problem, line=1, hint=hint) from error
    except (
        pysubs2.exceptions.Pysubs2Error,
        ValueError,
        OverflowError,
        ZeroDivisionError,
        LookupError,
    ) as error:
        raise FormatError(path, f"broken {name} file: {error}", line=_line_of(text, error)) from error
    drafts = []
    for event in subs:
        if event.is_comment or event.is_drawing:
            continue
        if max(abs(event.start), abs(event.end)) > LONGEST_S * 1000:
            raise FormatError(path, f"a time longer than any recording in {event.plaintext[:40]!r}")
        drafts.append(
            Draft(
                text=join_lines(line.strip() for line in event.plaintext.split("\n")),
                start_s=from_ms(event.start),
                end_s=from_ms(event.end),
                speaker=event.name,
            )
        )
    return to_segments(path, drafts, format=name, timing="captions")


ASS = Format(
    name="ass",
    title="SubStation Alpha",
    suffixes=(".ass", ".ssa"),
    sniff=lambda text: _ASS.search(text, 0, 20_000) is not None,
    parse=lambda text, path: _read(text, path, "ass"),
)
MICRODVD = Format(
    name="microdvd",
    title="MicroDVD",
    suffixes=(".sub",),
    sniff=lambda text: _MICRODVD.match(text) is not None,
    parse=lambda text, path: _read(text, path, "microdvd"),
)
