"""Reads lists of known words: CSV, text, Anki text exports, and Anki decks.

Reads the column ``head``, ``word``, ``lemma`` or ``expression`` of a CSV file, or else its first column;
of an Anki note, its first field.
"""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from studykit.errors import EmptyInputError, FormatError, MissingExtraError, UnreadableError
from studykit.files import scratch_folder
from studykit.formats.textfile import decode, read_bytes

__all__ = ["read_known_words"]

_COLUMNS = ("head", "word", "lemma", "expression")
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""Newest first, since a deck contains an empty older one for old programs."""
_LARGEST_BYTES = 1 << 30
_ALWAYS_BYTES = 64 << 20
_MOST_PACKED = 50
"""Collections unpack to at most this many times the package's size, or to 64 MB; true ones to 3 to 10."""
_STEP_BYTES = 1 << 12
"""Step for unpacking a collection, so that a small file cannot fill the memory unnoticed."""
_DIRECTIVE = re.compile(r"#(\w[\w ]*):(.*)")
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_MARKUP = re.compile(r"<[^<>]*>|\[sound:[^\[\]]*\]")
_CLOZE = re.compile(r"\{\{c\d+::((?:(?!::|\}\}|\{\{c\d).)*)(?:::[^{}]*+)?\}\}", re.DOTALL)


def read_known_words(path: Path) -> list[str]:
    """The words and phrases of a list, without duplicates, in the file's order.

    Raises ``UnreadableError``, ``EmptyInputError``, ``FormatError``; ``MissingExtraError`` for a
    deck in Anki's newest format if the package zstandard is not installed.
    """
    data = read_bytes(path)
    if data[:4] == b"PK\x03\x04":
        fields: Iterable[str] = _deck(path)
    else:
        fields = _rows(decode(data, path), path)
    words = [" ".join(_plain(field).split()) for field in fields]
    found = list(dict.fromkeys(word for word in words if word))
    if not found:
        raise EmptyInputError(path, "contains no words")
    return found


def _plain(field: str) -> str:
    return html.unescape(_MARKUP.sub(" ", _CLOZE.sub(r"\1", field))).replace("\xa0", " ")


def _rows(text: str, path: Path) -> Iterator[str]:
    """The words of a CSV or text file; lines such as ``#separator:tab`` are Anki headers."""
    lines = text.splitlines(keepends=True)
    stated: dict[str, str] = {}
    while lines and (directive := _DIRECTIVE.match(lines[0])):
        stated[directive.group(1).lower()] = directive.group(2).strip()
        del lines[0]
    body = "".join(lines)
    separator = stated.get("separator", "")
    delimiter = _SEPARATORS.get(separator.lower(), separator) or _delimiter(body)
    if len(delimiter) != 1:
        raise FormatError(path, f"the separator {separator!r} is not a single character")
    rows = csv.reader(io.StringIO(body), delimiter=delimiter)
    column = 0
    try:
        for number, row in enumerate(rows):
            if number == 0 and not stated:
                named = [name.strip().lower() for name in row]
                found = [named.index(name) for name in _COLUMNS if name in named]
                if found:
                    column = found[0]
                    continue
            if column < len(row):
                yield row[column]
    except csv.Error as error:
        raise FormatError(path, f"not a list of words: {error}", line=rows.line_num) from error


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return next((mark for mark in "\t;," if mark in first), ",")


def _deck(path: Path) -> list[str]:
    """The first fields of all notes in an ``.apkg`` or ``.colpkg``: a zip with an SQLite file."""
    with scratch_folder() as folder:
        file = folder / "collection.db"
        try:
            with zipfile.ZipFile(path) as deck, file.open("wb") as out:
                name = next((name for name in _COLLECTIONS if name in deck.namelist()), None)
                if name is None:
                    raise FormatError(path, "not an Anki deck: the zip contains no collection")
                with deck.open(name) as packed:
                    blocks = iter(lambda: packed.read(_STEP_BYTES), b"")
                    _unpack(_unpacked(blocks, path) if name.endswith("b") else blocks, out, path)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, zlib.error) as error:
            raise FormatError(path, f"damaged or encrypted Anki deck: {error}") from error
        try:
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                return _first_fields(database, path)
        except sqlite3.Error as error:
            raise FormatError(path, f"not an Anki collection: {error}") from error


def _first_fields(database: sqlite3.Connection, path: Path) -> list[str]:
    # A view may have no end.
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'notes' AND type = 'table'").fetchone():
        raise FormatError(path, "not an Anki collection: it has no table of notes")
    return [str(row[0]).split("\x1f", 1)[0] for row in database.execute("SELECT flds FROM notes")]


def _unpack(blocks: Iterable[bytes], out: BinaryIO, path: Path) -> None:
    """Write the collection, up to a limit by the package's size, so that no small file fills the disk."""
    most = min(_LARGEST_BYTES, max(_ALWAYS_BYTES, path.stat().st_size * _MOST_PACKED))
    for block in blocks:
        out.write(block)
        if out.tell() > most:
            raise UnreadableError(path, f"its collection unpacks to more than {most >> 20} MB")


def _unpacked(blocks: Iterable[bytes], path: Path) -> Iterator[bytes]:
    try:
        import zstandard
    except ModuleNotFoundError:
        raise MissingExtraError("zstandard", "anki") from None
    stream = zstandard.ZstdDecompressor().decompressobj()
    try:
        for block in blocks:
            yield stream.decompress(block)
            if stream.eof:
                return
    except zstandard.ZstdError as error:
        raise FormatError(path, f"damaged Anki deck: {error}") from error
    raise FormatError(path, "damaged Anki deck: its collection ends too early")
