"""Finds the talks in a folder: films, recordings, captions and transcripts, with their translations.

Files belong to one talk if their names differ in the language alone, as ``talk.mp4``, ``talk.en.srt`` and
``talk.zh.srt`` do; what lies beside a film is found by the film's own reader (``ingest/beside.py``).
``talk.chapters.txt`` and ``talk.info.json``, which ``studykit fetch`` writes, belong to it too.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from studykit.batch.lists.job import Job, Listed
from studykit.errors import InputError
from studykit.formats import FORMATS, decode, is_recording, read_bytes
from studykit.ingest import captions_beside, file_title, language_of_tag
from studykit.types import Language

__all__ = ["find_talks", "is_recording_file"]

_TIMED = {suffix for format in FORMATS.values() if format.name != "plain" for suffix in format.suffixes}
_TEXT = {".txt", ".text"}
_BOTH = re.compile(r"zh.*en|en.*zh|[简繁中]英|英[简繁中]|双语", re.IGNORECASE)
_WHISPER = FORMATS["whisper-json"]
_CHAPTERS, _INFO = ".chapters.txt", ".info.json"


def find_talks(folder: Path, *, but: Collection[str] = ()) -> Listed:
    """The talks in a folder and the folders in it, by path.

    ``but`` holds absolute paths of files that are no talks, such as those that studykit wrote. A text
    whose name states no language is left out, with a remark, since it may be anything.
    """
    groups: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in _files(folder.absolute()):
        if str(path.resolve()) not in but:
            groups[path.parent, _title(path)].append(path)
    jobs, unsure = [], []
    for (_, title), files in sorted(groups.items()):
        job = _job(title, files)
        if job:
            jobs.append(job)
        elif any(path.suffix.lower() in _TEXT and not path.name.endswith(_CHAPTERS) for path in files):
            unsure += [path.name for path in files if path.suffix.lower() in _TEXT]
    remarks = []
    if unsure:
        shown = ", ".join(unsure[:3]) + (" …" if len(unsure) > 3 else "")
        remarks.append(
            f"{folder}: texts without a language in their name were left out ({shown}); "
            "rename them as NAME.en.txt or NAME.zh.txt, or list them in a manifest"
        )
    return Listed(jobs=tuple(jobs), remarks=tuple(remarks))


def _files(folder: Path) -> Iterator[Path]:
    """All files but hidden ones."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _title(path: Path) -> str:
    """The name that the files of one talk share."""
    for ending in (_CHAPTERS, _INFO):
        if path.name.endswith(ending):
            return path.name.removesuffix(ending)
    stem = path.stem
    name, dot, tag = stem.rpartition(".")
    if dot and (language_of_tag(tag) or _BOTH.fullmatch(tag)):
        return name.removesuffix(".translated")
    return file_title(path)


def _job(title: str, files: list[Path]) -> Job | None:
    """The talk that these files make up, if any."""
    by_name = {path.name: path for path in files}
    chapters = by_name.get(f"{title}{_CHAPTERS}")
    settings = _stated(by_name.get(f"{title}{_INFO}"))
    films = [path for path in files if path.suffix.lower() not in _TIMED | _TEXT and is_recording_file(path)]
    texts = [path for path in files if path.suffix.lower() in _TIMED | _TEXT and _is_transcript(path)]
    if films:
        seen = captions_beside(films[0])
        other = [path for path in texts if path not in seen and _language(path, title) == "zh"]
        source: Path = films[0]
        translation = other[0] if other else None
    else:
        found = _pair(title, texts)
        if found is None:
            return None
        source, translation = found
    return Job(source=str(source), translation=translation, chapters=chapters, settings=settings)


def _pair(title: str, texts: list[Path]) -> tuple[Path, Path | None] | None:
    """A talk's own text and its translation. English leads; a file in both languages is a last resort."""
    timed_first = sorted(texts, key=lambda path: (path.suffix.lower() in _TEXT, len(path.name), path.name))
    both = [path for path in timed_first if _BOTH.fullmatch(_tag(path, title))]
    alone = [path for path in timed_first if path not in both]
    english = [path for path in alone if _language(path, title) == "en"]
    chinese = [path for path in alone if _language(path, title) == "zh"]
    unnamed = [path for path in alone if not _language(path, title) and path.suffix.lower() in _TIMED]
    untagged_text = [path for path in alone if not _language(path, title) and path not in unnamed]
    lead = english or unnamed or (untagged_text if chinese else [])
    if lead:
        return lead[0], chinese[0] if chinese else None
    if both:
        return both[0], None
    return (chinese[0], None) if chinese else None


def _tag(path: Path, title: str) -> str:
    return path.stem.removeprefix(title).lstrip(".").removeprefix("translated.")


def _language(path: Path, title: str) -> Language | None:
    tag = _tag(path, title)
    return None if _BOTH.fullmatch(tag) else language_of_tag(tag)


def _is_transcript(path: Path) -> bool:
    """Whether a file with a suffix of texts may hold what is said: JSON may hold anything."""
    if path.name.endswith((_CHAPTERS, _INFO)):
        return False
    try:
        return path.suffix.lower() != ".json" or _WHISPER.sniff(decode(read_bytes(path), path))
    except InputError:
        return False


def is_recording_file(path: Path) -> bool:
    """Whether a file is a recording or film, by its content."""
    try:
        with path.open("rb") as file:
            return is_recording(file.read(64))
    except OSError:
        return False


def _stated(info: Path | None) -> dict[str, Any]:
    """The link that ``studykit fetch`` noted beside the captions."""
    if info is None:
        return {}
    try:
        url = json.loads(info.read_bytes()).get("url")
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}
    return {"ingest.url": url} if isinstance(url, str) and url.startswith(("http://", "https://")) else {}
