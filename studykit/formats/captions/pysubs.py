"""Advanced SubStation Alpha (.ass, .ssa) and MicroDVD (.sub), read by pysubs2.

Comments and drawings are dropped; a line's actor is its speaker.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from studykit.errors import FormatError
from studykit.formats.base import LONGEST_S, Draft, Format, Parsed
from studykit.formats.captions.damage import Damage
from studykit.formats.markup import join_lines
from studykit.formats.repair import to_segments
from studykit.timecode import from_ms

if TYPE_CHECKING:
    import pysubs2

__all__ = ["ASS", "MICRODVD"]

_ASS = re.compile(r"^\[(?:Script Info|V4\+? Styles|Events)\]\s*$", re.MULTILINE | re.IGNORECASE)
_MICRODVD = re.compile(r"\s*\{\s*\d+\s*\}\s*\{\s*\d+\s*\}")
_BRACE = "\ufdd0"
"""Stands for an open brace; Unicode keeps it free of characters."""
_NO_TITLES = {"", "default aegisub file", "default file", "new subtitles", "<untitled>", "untitled"}
"""What editors write where nobody gave a title."""
_QUOTED = re.compile(r"'([^']+)'")


def _line_of(text: str, error: Exception) -> int | None:
    """The line that contains the value quoted in the error."""
    quoted = _QUOTED.search(str(error))
    at = text.find(quoted[1]) if quoted else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _broken() -> tuple[type[Exception], ...]:
    """What reading a broken file raises."""
    import pysubs2

    return (pysubs2.exceptions.Pysubs2Error, ValueError, OverflowError, ZeroDivisionError, LookupError)


def _loaded(text: str, name: str) -> pysubs2.SSAFile:
    import pysubs2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # layers and margins do not matter here
        return pysubs2.SSAFile.from_string(text, format_="ass" if name == "ass" else "microdvd")


def _without_broken(text: str, name: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """A file without the captions that cannot be read, and what to tell of them.

    Raises ``FormatError`` if most cannot be read.
    """
    lines = text.split("\n")
    damage = Damage()
    if name == "ass":
        captions = [i for i, line in enumerate(lines) if line.startswith("Dialogue:")]
        head = "\n".join(line for line in lines if not line.startswith("Dialogue:"))
        bad = [i for i in captions if not _is_sound(f"{head}\n{lines[i]}")]
    else:
        captions = [i for i, line in enumerate(lines) if line.strip()]
        bad = [i for i in captions if not _MICRODVD.match(lines[i])]
    damage.skipped = [(i + 1, lines[i]) for i in bad]
    told = damage.warnings(path, len(captions))
    return "\n".join("" if i in set(bad) else line for i, line in enumerate(lines)), told


def _is_sound(text: str) -> bool:
    try:
        _loaded(text, "ass")
    except _broken():
        return False
    return True


def _without_open_braces(text: str) -> str:
    """``text`` with a mark for each brace that is never closed: pysubs2 looks for the end of every one."""
    end = text.rfind("}") + 1
    return text[:end] + text[end:].replace("{", _BRACE)


def _read(text: str, path: Path, name: str) -> Parsed:
    import pysubs2

    told: tuple[str, ...] = ()
    try:
        try:
            subs = _loaded(text, name)
        except _broken():
            text, told = _without_broken(text, name, path) if name == "ass" else (text, ())
            subs = _loaded(text, name)
        if name == "microdvd":  # what it cannot read, it passes over
            _, told = _without_broken(text, name, path)
    except pysubs2.exceptions.UnknownFPSError as error:
        problem = "MicroDVD counts frames, and this file does not state the frame rate"
        hint = "Put the frame rate into the first line: {1}{1}25"
        raise FormatError(path, problem, line=1, hint=hint) from error
    except _broken() as error:
        raise FormatError(path, f"broken {name} file: {error}", line=_line_of(text, error)) from error
    drafts = []
    for event in subs:
        event.text = _without_open_braces(event.text)
        if event.is_comment or event.is_drawing:
            continue
        if max(abs(event.start), abs(event.end)) > LONGEST_S * 1000:
            raise FormatError(path, f"a time longer than any recording in {event.plaintext[:40]!r}")
        rows = event.plaintext.replace(_BRACE, "{").split("\n")
        drafts.append(
            Draft(
                text=join_lines(row.strip() for row in rows),
                start_s=from_ms(event.start),
                end_s=from_ms(event.end),
                speaker=event.name,
                rows=rows,
                style=event.style,
            )
        )
    title = " ".join(subs.info.get("Title", "").split())
    return to_segments(
        path,
        drafts,
        format=name,
        timing="captions",
        title=None if title.casefold() in _NO_TITLES else title,
        warnings=told,
    )


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
