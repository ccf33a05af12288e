"""Reads files as bytes and decodes them, handling everything that can go wrong before parsing."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from studykit.errors import EmptyInputError, FormatError, UnreadableError
from studykit.formats.encodings.encoding import damaged_utf8_at, guess_encoding

__all__ = ["LARGEST_BYTES", "decode", "is_cut_off", "is_recording", "read_bytes"]

LARGEST_BYTES = 64 * 1024 * 1024
"""A day of captions with word times takes about 20 MiB."""

_BLANK = b" \t\r\n\v\f"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_RECORDING = "a recording"
_PDF = "a PDF document"
_WORD = "a document of a word processor"
_ARCHIVE = "an archive or office document"
_KINDS = (
    (
        re.compile(
            rb"RIFF.{4}(?:WAVE|AVI )|ID3|fLaC|OggS|.{4}ftyp|\x1aE\xdf\xa3|FORM.{4}AIF[FC]|#!AMR|FLV\x01"
            rb"|\x30\x26\xb2\x75\x8e\x66\xcf\x11|\0\0\x01\xba|\xff[\xf1-\xfb]",
            re.DOTALL,
        ),
        _RECORDING,
    ),
    (re.compile(rb"%PDF-"), _PDF),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "a picture"),
    (re.compile(rb"SQLite format 3\0"), "a database"),
    (re.compile(rb"PK\x03\x04.{0,4096}?word/|\xd0\xcf\x11\xe0|\{\\rtf", re.DOTALL), _WORD),
    (re.compile(rb"PK\x03\x04|\x1f\x8b|BZh|7z\xbc\xaf|\xfd7zXZ|Rar!"), _ARCHIVE),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# A few escape codes are stripped later; a file with more of them is not text.
_TRANSCRIBE_FIRST = "A recording must be transcribed first: studykit transcribe FILE."
_NEXT_STEP = {
    _RECORDING: _TRANSCRIBE_FIRST,
    _PDF: "Save its text: pdftotext FILE.pdf FILE.txt, or copy it from a PDF reader into a text file.",
    _WORD: "Save it as plain text (.txt) there, or with: pandoc FILE.docx -t plain -o FILE.txt",
    _ARCHIVE: "Unpack it, or save its text as plain text (.txt).",
}
_MOST_CONTROL = 0.01


def is_recording(head: bytes) -> bool:
    """Whether a file that begins with ``head`` (64 bytes are enough) is a recording or film."""
    return next((what for kind, what in _KINDS if kind.match(head)), None) == _RECORDING


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises ``UnreadableError`` (missing, a folder, no permission, above ``LARGEST_BYTES``) and
    ``EmptyInputError``.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise _too_large(path)
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)  # pipes have no size to ask for
    except FileNotFoundError as error:
        hint = "Check the path; put a name with spaces in quotes."
        raise UnreadableError(path, "no such file", hint=hint) from error
    except IsADirectoryError as error:
        raise UnreadableError(path, "a folder, not a file", hint=_named_in(path)) from error
    except PermissionError as error:
        hint = "Check its permissions with ls -l."
        raise UnreadableError(path, "no permission to read this file", hint=hint) from error
    except (OSError, ValueError) as error:  # a name too long, a NUL in it, a broken disk
        hint = "Check the path and the disk it is on."
        raise UnreadableError(path, f"cannot be read: {error}", hint=hint) from error
    if len(data) > LARGEST_BYTES:
        raise _too_large(path)
    if _is_blank(data):
        raise EmptyInputError(path, "the file is empty", hint="Save or download the captions again.")
    return data


def _named_in(folder: Path) -> str:
    """A hint that names a file of ``folder``."""
    try:
        names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    except OSError:
        names = []
    if not names:
        return "It holds no files."
    name = shlex.quote(str(folder))
    return f"Name a file in it, such as {folder / names[0]}; notes of all its talks: studykit batch {name}"


def _too_large(path: Path) -> UnreadableError:
    hint = f"Captions are far smaller. {_TRANSCRIBE_FIRST}"
    return UnreadableError(path, f"larger than {LARGEST_BYTES // 2**20} MiB", hint=hint)


def _is_blank(data: bytes) -> bool:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return not data[len(mark) :].strip(_BLANK if codec == "utf-8" else _BLANK + b"\0")
    return not data.strip(_BLANK)


def decode(data: bytes, path: Path) -> str:
    """The text in ``data`` with ``\\n`` for every line ending; ``path`` is named in errors.

    Raises ``FormatError`` for binary data, for UTF-8 with wrong bytes in it, and where no encoding
    gives a sensible text; ``EmptyInputError`` when there is nothing but white space.
    """
    for kind, what in _KINDS:
        if kind.match(data):
            raise FormatError(path, f"{what}, not a text file", hint=_NEXT_STEP.get(what, ""))
    text = _text(data, path).replace("\r\n", "\n").replace("\r", "\n")
    controls = _CONTROL.findall(text)
    if controls and ("\0" in controls or len(controls) > _MOST_CONTROL * len(text)):
        first = _CONTROL.search(text)
        line = text.count("\n", 0, first.start()) + 1 if first else None
        raise FormatError(path, f"not a text file: {len(controls)} control characters", line=line)
    if not text.strip():
        raise EmptyInputError(path, "nothing but white space")
    return text


def is_cut_off(data: bytes) -> bool:
    """Whether UTF-8 text ends inside a character, as after an interrupted download."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        # A few bytes alone may as well be a character of another encoding.
        return error.reason == "unexpected end of data" and (
            not before.isascii() or (bool(before.strip()) and guess_encoding(data) is None)
        )
    return False


def _text(data: bytes, path: Path) -> str:
    for mark, marked in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :]
            return text.decode("utf-8", "ignore") if is_cut_off(data) else _strict(text, marked, path)
    if is_cut_off(data):
        return data.decode("utf-8", "ignore")
    codec = guess_encoding(data)
    # UTF-8 with a few wrong bytes also decodes as something else, all of it wrong.
    if b"\0" not in data and damaged_utf8_at(data, codec) is not None:
        return _strict(data, "utf-8", path)
    if codec is None and b"\0" in data:
        raise FormatError(path, f"not a text file: a NUL byte at offset {data.index(0)}")
    if codec is None:
        hint = "Save it as UTF-8, UTF-16, GB18030, Big5 or Windows-1252."
        raise FormatError(path, "the character encoding is unknown", hint=hint)
    return _strict(data, codec, path)


def _strict(data: bytes, codec: str, path: Path) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "ignore").replace("\r\n", "\n").replace("\r", "\n")
        value = data[error.start]
        raise FormatError(
            path,
            f"byte 0x{value:02X} is not {codec.upper()} (offset {error.start})",
            line=before.count("\n") + 1,
            hint="The rest of the file is valid; correct this byte, or save the file as UTF-8 again.",
        ) from error
