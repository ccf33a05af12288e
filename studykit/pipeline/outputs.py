"""Notes into files: rendered when something has changed, written whole, nothing of the user's lost."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from studykit.errors import InputError, MissingError, OutputError
from studykit.export import FORMATS, ExportFormat, ExportOptions
from studykit.files import write_whole
from studykit.fingerprint import code_digest, digest, digest_bytes, digest_file
from studykit.pipeline.stages import Progress, StageReport
from studykit.resources import data_dir
from studykit.store import ExportRecord, Store, origins_of
from studykit.types import Notes

__all__ = ["Skipped", "Written", "recording_of", "set_aside", "write_all", "write_notes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that holds an export now; ``kept`` is where an edited older one went."""

    path: Path
    report: StageReport
    kept: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
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
    """Every output that this machine can make of the talk, into ``folder``; what it cannot, and why.

    Raises ``InputError`` when the folder or the recording cannot be used, ``TemplateError`` for a
    template of the user's that is broken.
    """
    written, skipped = [], []
    for format in FORMATS.values():
        path = folder / format.file_name(stem, options)
        try:
            written.append(
                write_notes(notes, key, path, format, options=options, store=store, progress=progress)
            )
        except (MissingError, OutputError) as error:
            reason = error.problem if isinstance(error, OutputError) else str(error)
            skipped.append(Skipped(format=format.name, reason=reason))
    return written, skipped


def recording_of(notes: Notes, store: Store) -> Path | None:
    """The recording that the talk was heard from, when it is still where it was."""
    if notes.source.kind != "media":
        return None
    paths = (Path(name) for name in origins_of(store, notes.source.id))
    return next((path for path in paths if path.is_file() and digest_file(path) == notes.source.id), None)


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
    """Write the notes, whose digest is ``key``, to ``path``, unless they stand there already.

    A file at ``path`` that studykit did not write, or that was edited since, is renamed first.
    Raises ``InputError`` when the folder cannot be written to.
    """
    stage = f"export {format.name}"
    progress.started(stage)
    start = time.perf_counter()
    made_from = digest(
        key,
        format.name,
        options.labels.language,
        _templates_digest(options.templates),
        msgspec.to_builtins(options.handout) if format.handout else None,
        options.languages,
        digest_file(options.audio) if format.audio and options.audio else None,
        code_digest("export", "engines", "kinds", "types"),
    )
    name = str(path.resolve())
    last = store.exported(name)
    present = digest_bytes(path.read_bytes()) if path.is_file() else None
    cached = last is not None and last.key == made_from and last.content == present
    kept: Path | None = None
    if not cached:
        made = format.make(notes, options)
        data = made if isinstance(made, bytes) else made.encode()
        content = digest_bytes(data)
        if present not in {None, content, last.content if last else None}:
            kept = set_aside(path)
        if present != content:
            try:
                write_whole(path, data)
            except OSError as error:
                raise InputError(path, f"cannot be written: {error.strerror or error}") from error
        record = ExportRecord(key=made_from, content=content)
        store.keep_export(name, record, talk_id=notes.source.id, format=format.name)
    report = StageReport(stage=stage, cached=cached, seconds=round(time.perf_counter() - start, 3))
    progress.finished(report)
    return Written(path=path, report=report, kept=kept)


def set_aside(path: Path) -> Path:
    """Rename a file to the first free name in ``name.1``, ``name.2`` …"""
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    path.rename(aside)
    return aside


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
