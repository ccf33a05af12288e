"""Writes notes to files: only what has changed, atomically, and without losing edits by the user."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from studykit.errors import MissingError, OutputError
from studykit.export import FORMATS, ExportFormat, ExportOptions
from studykit.files import safe_stem
from studykit.fingerprint import digest, digest_bytes, digest_file
from studykit.resources import data_dir
from studykit.store import ExportRecord, Store, sources_of
from studykit.talk.cache import Progress, StageReport
from studykit.talk.codekey import code_key
from studykit.talk.write.output import put
from studykit.types import Notes

__all__ = [
    "Rendered",
    "Skipped",
    "Written",
    "path_for",
    "place",
    "recording_of",
    "render",
    "write_all",
    "write_each",
    "write_notes",
]


class Written(Struct, frozen=True, kw_only=True):
    """A file that now holds an export; ``kept`` is the new name of an edited older one."""

    path: Path
    report: StageReport
    kept: Path | None


class Rendered(Struct, frozen=True, kw_only=True):
    """The content of an output that is not written yet."""

    path: Path
    format: str
    made_from: str
    """A digest of everything that the content depends on."""
    data: bytes | None
    """None if the file at ``path`` has this content already."""


class Skipped(Struct, frozen=True, kw_only=True):
    """An output that could not be made, and why."""

    format: str
    reason: str


def write_all(
    notes: Notes,
    key: str,
    folder: Path,
    stem: str,
    *,
    options: ExportOptions,
    store: Store,
    progress: Progress,
) -> tuple[list[Written], list[Skipped]]:
    """Write every format that this machine can make into ``folder``; returns written and skipped ones.

    Raises ``InputError`` if the folder or the recording cannot be used, ``TemplateError`` for a broken
    template of the user's.
    """
    written, skipped = [], []
    progress.planned(len(FORMATS))
    for format in FORMATS.values():
        path = path_for(notes, folder, stem, format, options=options, store=store)
        try:
            written.append(
                write_notes(notes, key, path, format, options=options, store=store, progress=progress)
            )
        except (MissingError, OutputError) as error:
            reason = error.problem if isinstance(error, OutputError) else str(error)
            skipped.append(Skipped(format=format.name, reason=reason))
    return written, skipped


def write_each(
    notes: Notes,
    key: str,
    folder: Path,
    title: str,
    formats: Iterable[ExportFormat],
    *,
    options: ExportOptions,
    store: Store,
    progress: Progress,
) -> list[Written]:
    """Write several formats into ``folder``, named after ``title``; raises what ``write_notes`` raises."""
    stem, wanted = safe_stem(title), list(formats)
    progress.planned(len(wanted))
    return [
        write_notes(
            notes,
            key,
            path_for(notes, folder, stem, format, options=options, store=store),
            format,
            options=options,
            store=store,
            progress=progress,
        )
        for format in wanted
    ]


def recording_of(notes: Notes, store: Store) -> Path | None:
    """The recording that the talk was transcribed from, if it still exists."""
    if notes.source.kind != "media":
        return None
    for source in sources_of(store, notes.source.id):
        path = Path(source.origin)
        if path.is_file() and digest_file(path) == source.digest:
            return path
    return None


def write_notes(
    notes: Notes,
    key: str,
    path: Path,
    format: ExportFormat,
    *,
    options: ExportOptions,
    store: Store,
    progress: Progress,
) -> Written:
    """Write the notes, whose digest is ``key``, to ``path``, unless the file is up to date.

    A file at ``path`` that studykit did not write, or that has since been edited, is renamed first.
    Raises ``InputError`` if the folder cannot be written to.
    """
    stage = f"export {format.name}"
    progress.started(stage)
    start = time.perf_counter()
    made = render(notes, key, path, format, options=options, store=store)
    kept = place(made, notes.source.id, store=store)
    cached = made.data is None
    report = StageReport(stage=stage, cached=cached, seconds=round(time.perf_counter() - start, 3))
    progress.finished(report)
    return Written(path=path, report=report, kept=kept)


def render(
    notes: Notes, key: str, path: Path, format: ExportFormat, *, options: ExportOptions, store: Store
) -> Rendered:
    """What ``path`` should hold; writes nothing. Raises ``OutputError``, ``TemplateError`` and the like."""
    made_from = _made_from(key, format, options)
    last = store.exported(str(path.resolve()))
    present = digest_bytes(path.read_bytes()) if path.is_file() else None
    cached = last is not None and last.key == made_from and last.content == present
    made = None if cached else format.make(notes, options)
    return Rendered(
        path=path,
        format=format.name,
        made_from=made_from,
        data=made.encode() if isinstance(made, str) else made,
    )


def place(made: Rendered, talk_id: str, *, store: Store) -> Path | None:
    """Write what was rendered for a talk; returns the new name of a file of the user's that was in the way.

    Raises ``InputError`` if it cannot be written.
    """
    if made.data is None:
        return None
    name = str(made.path.resolve())
    last = store.exported(name)
    ours = last.content.split() if last and last.talk_id == talk_id else []
    content = digest_bytes(made.data)
    record = ExportRecord(talk_id=talk_id, key=made.made_from, content=content)
    # Until the file is known to be written, both digests are ours: a run may be killed in between, and
    # a PDF is never printed twice alike.
    store.keep_export(name, replace(record, content=" ".join([*ours, content])), format=made.format)
    try:
        kept = put(made.path, made.data, ours=ours)
    except BaseException:
        store.keep_export(name, last, format=made.format)
        raise
    store.keep_export(name, record, format=made.format)
    return kept


def _made_from(key: str, format: ExportFormat, options: ExportOptions) -> str:
    """A digest of everything that the content depends on: notes, options, code, templates, sound."""
    stated = msgspec.to_builtins(replace(options, templates=None, audio=None), enc_hook=str)
    return digest(
        key,
        stated,
        _templates_digest(options.templates),
        digest_file(options.audio) if format.audio and options.audio else None,
        code_key(format.make),
    )


def path_for(
    notes: Notes, folder: Path, stem: str, format: ExportFormat, *, options: ExportOptions, store: Store
) -> Path:
    """The path of an output in a folder; the talk's id is added if another talk has a file there."""
    path = folder / format.file_name(stem, options)
    last = store.exported(str(path.resolve()))
    if last and last.talk_id != notes.source.id and path.exists():
        return folder / format.file_name(f"{stem} {notes.source.id[:8]}", options)
    return path


def _templates_digest(user_templates: Path | None) -> str:
    folders = [data_dir("templates"), *([user_templates] if user_templates else [])]
    return digest(
        {
            f"{i}/{file.relative_to(folder).as_posix()}": digest_bytes(file.read_bytes())
            for i, folder in enumerate(folders)
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
    )
