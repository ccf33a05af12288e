"""Writes the site to disk: writes only what has changed, removes only what studykit wrote.

A manifest in the site's folder records which files studykit wrote and their digests. It is written before
the first page and after the last, so that a killed run leaves no page unaccounted for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from studykit.annotate import find_terms
from studykit.compose import with_terms
from studykit.errors import InputError
from studykit.files import write_whole
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.talk.write.files import set_aside
from studykit.types import LANGUAGES, Notes, Sentence

__all__ = ["MANIFEST", "SiteWritten", "with_terms_of", "write_site"]

MANIFEST = ".studykit-site.json"
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWritten:
    """The result of a run: numbers of files, and the new names of the user's own files."""

    index: Path
    written: int
    unchanged: int
    removed: int
    kept: tuple[Path, ...]


def write_site(folder: Path, pages: Iterable[tuple[str, str]]) -> SiteWritten:
    """Make ``folder`` hold ``pages`` (path and text), and none of the pages of an earlier run.

    A file that studykit did not write, or that has since been edited, is renamed before it is replaced,
    and never removed. Raises ``InputError`` if the folder cannot be written to.
    """
    try:
        return _write_site(folder, dict(pages))
    except OSError as error:
        raise InputError(error.filename or folder, f"cannot be written: {error.strerror or error}") from error


def _write_site(folder: Path, pages: Mapping[str, str]) -> SiteWritten:
    folder.mkdir(parents=True, exist_ok=True)
    for name in {str(PurePosixPath(name).parent) for name in pages}:
        (folder / name).mkdir(exist_ok=True)
    ours = _read_manifest(folder)
    wanted = {name: digest_bytes(text.encode()) for name, text in pages.items()}
    before = {name: {*ours.get(name, ()), wanted.get(name)} - {None} for name in {*ours, *wanted}}
    _write_manifest(folder, {name: sorted(filter(None, digests)) for name, digests in before.items()})
    written = removed = 0
    kept: list[Path] = []
    for name, text in pages.items():
        path = folder / name
        present = _digest_of(path)
        if present == wanted[name]:
            continue
        if path.is_dir() or (present is not None and present not in ours.get(name, ())):
            kept.append(set_aside(path))
        write_whole(path, text)
        written += 1
    for name in sorted(set(ours) - set(wanted)):
        path = folder / name
        if _digest_of(path) in ours[name]:
            path.unlink()
            removed += 1
    _write_manifest(folder, {name: [content] for name, content in wanted.items()})
    return SiteWritten(
        index=folder / "index.html",
        written=written,
        unchanged=len(pages) - written,
        removed=removed,
        kept=tuple(kept),
    )


def with_terms_of(notes: Notes, glossary: Glossary) -> Notes:
    """Stored notes with the terms of the current glossary, which may have grown since they were made."""
    texts: dict[str, tuple[Sentence, ...]] = {
        language: notes.sentences(language) for language in LANGUAGES if notes.sentences(language)
    }
    matches = find_terms(texts, glossary, notes.alignment, lead=notes.source.language)
    return with_terms(notes, matches, glossary)


def _digest_of(path: Path) -> str | None:
    return digest_bytes(path.read_bytes()) if path.is_file() else None


def _read_manifest(folder: Path) -> dict[str, list[str]]:
    """The digests of each file that studykit wrote; empty if there is no valid manifest.

    Names that point outside the folder, which studykit never writes, are ignored.
    """
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {
            name: [str(content) for content in contents]
            for name, contents in files.items()
            if not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        }
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_manifest(folder: Path, files: Mapping[str, list[str]]) -> None:
    text = json.dumps({"studykit": _VERSION, "files": dict(sorted(files.items()))}, indent=0) + "\n"
    path = folder / MANIFEST
    if _digest_of(path) != digest_bytes(text.encode()):
        write_whole(path, text)
