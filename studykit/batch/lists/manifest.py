"""Reads manifests: lists of talks as CSV, as JSON lines, or with one link or file a line.

``studykit fetch PLAYLIST`` writes the last kind: lines that begin with ``#`` are titles. In the other two
a talk has a ``source`` (or a ``url`` alone) and whatever of ``COLUMNS`` it needs; every other name is a
setting by its key, such as ``vocabulary.level``. Paths count from the manifest's folder.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from studykit.batch.lists.job import Job, Listed
from studykit.errors import EmptyInputError, FormatError, InputError
from studykit.formats import decode, read_bytes
from studykit.ingest import link_of, local_file
from studykit.options import SETTINGS, Setting

__all__ = ["COLUMNS", "read_manifest"]

COLUMNS = ("source", "translation", "chapters", "url", "language", "title", "translate", "course")
"""What a manifest may state of a talk, besides settings by their keys."""

_INGEST = {name: f"ingest.{name}" for name in ("url", "language", "title")}
_NOT_FOR_ONE_TALK = ("store.", "batch.", "anki.", "fetch.cookies", "fetch.proxy", "translate.api_key")
_JSON = (".jsonl", ".ndjson")
_CSV = (".csv", ".tsv")

Row = Mapping[str, Any]


def read_manifest(path: Path) -> Listed:
    """The talks of a manifest in its order, each once. Raises ``InputError`` with the line."""
    text = decode(read_bytes(path), path)
    jobs: dict[str, Job] = {}
    remarks = []
    for line, row in _rows(path, text):
        job = _job(path, line, row)
        if job.source in jobs:
            remarks.append(f"{path}:{line}: {job.source} is in the list already")
        jobs.setdefault(job.source, job)
    if not jobs:
        raise EmptyInputError(path, "lists no talks", hint="Write one link or file a line.")
    if not any(job.is_link or Path(job.source).is_file() for job in jobs.values()):
        raise FormatError(path, "is no list of talks: none of its lines is a link or a file that exists")
    return Listed(jobs=tuple(jobs.values()), remarks=tuple(remarks))


def _rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    """Each talk's line, from 1, and what stands there by name."""
    suffix = path.suffix.lower()
    if suffix in _CSV:
        yield from _csv_rows(path, text)
    elif suffix in _JSON or text.lstrip().startswith("{"):
        yield from _json_rows(path, text)
    else:
        title = ""
        for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
            if line and not line.startswith("#"):
                yield number, {"source": line, "listed": title}
            title = line.lstrip("# ") if line.startswith("#") else ""


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if None in row:
                raise FormatError(path, "has more cells than the first line", line=reader.line_num)
            stated = {name.strip(): cell.strip() for name, cell in row.items() if cell and cell.strip()}
            if stated:
                yield reader.line_num, stated
    except csv.Error as error:
        raise FormatError(path, f"is not CSV: {error}", line=reader.line_num) from error


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(path, f"is not a JSON object a line: {error}", line=number) from error
        if not isinstance(row, dict):
            raise FormatError(path, "expected a JSON object, {…}", line=number)
        yield number, {name: value for name, value in row.items() if value not in (None, "", [])}


def _job(path: Path, line: int, row: Row) -> Job:
    """The talk of one line. Raises ``InputError``."""
    folder = path.parent.absolute()
    given = dict(row)
    listed = str(given.pop("listed", ""))
    source = given.pop("source", None) or given.pop("url", None)
    if not isinstance(source, str):
        raise FormatError(path, "names no source; a talk needs `source` or `url`", line=line)

    def file(name: str) -> Path | None:
        value = given.pop(name, None)
        if value is not None and not isinstance(value, str):
            raise FormatError(path, f"{name} must be the path of a file", line=line)
        return _absolute(folder, Path(value)) if value else None

    translation, chapters = file("translation"), file("chapters")
    translate = given.pop("translate", None)
    if translate is not None and not isinstance(translate, str):
        raise FormatError(path, "translate must name an engine", line=line)
    course = given.pop("course", None)
    if course is not None and (not isinstance(course, str) or not course.strip()):
        raise FormatError(path, "course must be a name", line=line)
    settings = dict(_setting(path, line, name, value) for name, value in given.items())
    link = link_of(source)
    return Job(
        source=link or str(_absolute(folder, local_file(source))),
        translation=translation,
        chapters=chapters,
        translate=translate,
        course=course,
        settings=settings,
        title=listed,
    )


def _absolute(folder: Path, path: Path) -> Path:
    """Without ``..``, so that one file has one name; links are kept, as a film's captions lie beside it."""
    return Path(os.path.normpath(folder / path))


def _setting(path: Path, line: int, name: str, value: Any) -> tuple[str, Any]:
    """A setting of one talk by its key, read. Raises ``InputError``."""
    key = _INGEST.get(name, name)
    setting = SETTINGS.get(key)
    if setting is None or key.startswith(_NOT_FOR_ONE_TALK):
        raise FormatError(
            path,
            f"{name!r} cannot be set for one talk",
            line=line,
            hint=f"Columns are {', '.join(COLUMNS)}, and settings such as vocabulary.level.",
        )
    return key, _read(path, line, setting, value)


def _read(path: Path, line: int, setting: Setting, value: Any) -> Any:
    folder = path.parent.absolute()
    if setting.is_risky(value, folder):
        raise InputError(
            path,
            f"{setting.key} cannot be set by a list, since it {_could(setting)}",
            line=line,
            hint=f"Give it on the command line ({setting.option}) or in studykit.toml.",
        )
    try:
        read = setting.read(value)
    except ValueError as error:
        raise FormatError(path, f"{setting.key} = {value!r}: {error}", line=line) from error
    if setting.is_path:
        return tuple(folder / item for item in read) if isinstance(read, tuple) else folder / read
    return read


def _could(setting: Setting) -> str:
    """What a setting could do, as the end of a sentence."""
    return setting.risk if setting.risk.split()[0].endswith("s") else f"is {setting.risk}"
