"""Writes a course to a folder: its pages, and what can be taken away."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from studykit.check.consistency import MixedTerm
from studykit.engines.programs.genanki import package
from studykit.errors import EngineError, MissingError, OutputError
from studykit.export import ExportOptions, HandoutOptions
from studykit.export.anki.clips import sentence_clips
from studykit.export.anki.deck import example_sentences
from studykit.export.course import course_decks, course_epub, course_html, course_pages
from studykit.export.handout.context import wanted
from studykit.export.handout.page import print_with_pages
from studykit.files import safe_stem
from studykit.fingerprint import digest, digest_bytes, digest_file
from studykit.formats.anki_deck import Clip
from studykit.glossary import Glossary
from studykit.lexicon import known_key
from studykit.store import Store, card_origins, keep_card_origins, known_keys
from studykit.talk.cache import Progress, StageReport
from studykit.talk.write.files import Skipped, recording_of
from studykit.talk.write.shown import with_terms_of
from studykit.talk.write.site import SiteWritten, write_site, written_before
from studykit.types import COURSE_FORMATS, CefrLevel, CourseFormat, Notes

__all__ = ["CourseWritten", "lectures_of", "write_course"]


class CourseWritten(Struct, frozen=True, kw_only=True):
    """A course's folder: the pages, the other files, and what could not be made."""

    pages: SiteWritten
    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]


class _Output(Struct, frozen=True, kw_only=True):
    """A file besides the pages. ``key`` is a digest of what ``make`` makes it from."""

    key: str
    make: Callable[[], bytes]


class _File(Struct, frozen=True, kw_only=True):
    """A file to write beside the pages."""

    name: str
    key: str
    data: bytes


def lectures_of(
    store: Store, talk_ids: Sequence[str], glossary: Glossary, *, level: CefrLevel, known: Collection[str]
) -> list[Notes]:
    """The notes of a course's talks as this learner needs them.

    Terms are those of the current glossary; vocabulary below ``level``, on the learner's list or in
    ``known`` is left out. Raises ``TalkNotFoundError``.
    """
    words = known_keys(store) | {known_key(word) for word in known}
    chosen = HandoutOptions(level=level, known=tuple(sorted(words)))
    return [wanted(with_terms_of(store.load(talk_id, terms=False), glossary), chosen) for talk_id in talk_ids]


def write_course(
    name: str,
    lectures: Sequence[Notes],
    folder: Path,
    *,
    formats: Collection[CourseFormat],
    must: bool,
    mixed: Sequence[MixedTerm],
    level: CefrLevel,
    options: ExportOptions,
    store: Store,
    progress: Progress,
) -> CourseWritten:
    """Make ``folder`` hold the course: its pages, and files in ``formats``.

    ``mixed`` are its terms with several translations (``mixed_terms``).
    A file that this machine cannot make is skipped, or if it ``must`` be made raises ``MissingError``,
    ``EngineError`` or ``OutputError``. Also raises what ``write_site`` and rendering raise.
    """
    outputs: Mapping[CourseFormat, Callable[[], _Output]] = {
        "epub": lambda: _book(name, lectures, level, options),
        "pdf": lambda: _print(name, lectures, level, options),
        "apkg": lambda: _deck(name, lectures, store),
    }
    chosen = {format: output for format, output in outputs.items() if format in formats}
    progress.planned(len(chosen) + 1)
    files, skipped = _made_all(name, folder, chosen, must=must, progress=progress)
    progress.started("course pages")
    start = time.perf_counter()
    pages = course_pages(
        name,
        lectures,
        labels=options.labels,
        level=level,
        mixed=mixed,
        downloads=[(format, file.name) for format, file in files.items()],
        templates=options.templates,
    )
    all_files = [*files.values(), *_earlier(name, folder, files)]
    written = write_site(
        folder,
        [*pages, *((file.name, file.data) for file in all_files)],
        manifest=_manifest(name),
        keys={file.name: file.key for file in all_files},
    )
    progress.finished(_report("course pages", start, cached=not written.written))
    return CourseWritten(
        pages=written,
        files=(written.index, *(folder / file.name for file in files.values())),
        skipped=tuple(skipped),
    )


def _made_all(
    name: str,
    folder: Path,
    outputs: Mapping[CourseFormat, Callable[[], _Output]],
    *,
    must: bool,
    progress: Progress,
) -> tuple[dict[CourseFormat, _File], list[Skipped]]:
    """The files in all formats, and what could not be made."""
    files: dict[CourseFormat, _File] = {}
    skipped = []
    for format, output in outputs.items():
        try:
            path = folder / f"{safe_stem(name)}.{format}"
            files[format] = _made(path, format, output, _manifest(name), progress)
        except (EngineError, MissingError, OutputError) as error:
            if must:
                raise
            reason = error.problem if isinstance(error, OutputError) else str(error)
            skipped.append(Skipped(format=format, reason=reason))
    return files, skipped


def _earlier(name: str, folder: Path, made: Collection[CourseFormat]) -> Iterator[_File]:
    """What an earlier run wrote in other formats, which stays as it is."""
    for format in COURSE_FORMATS:
        file = f"{safe_stem(name)}.{format}"
        old = None if format in made else written_before(folder, file, manifest=_manifest(name))
        if old:
            yield _File(name=file, key=old[0], data=old[1])


def _made(
    path: Path, format: CourseFormat, output: Callable[[], _Output], manifest: str, progress: Progress
) -> _File:
    """The file, made unless it is up to date."""
    stage = f"course {format}"
    progress.started(stage)
    start = time.perf_counter()
    wanted_output = output()
    old = written_before(path.parent, path.name, manifest=manifest)
    cached = old is not None and old[0] == wanted_output.key
    data = old[1] if old is not None and cached else wanted_output.make()
    progress.finished(_report(stage, start, cached=cached))
    return _File(name=path.name, key=wanted_output.key, data=data)


def _report(stage: str, start: float, *, cached: bool) -> StageReport:
    return StageReport(stage=stage, cached=cached, seconds=round(time.perf_counter() - start, 3))


def _manifest(name: str) -> str:
    """One for each course: another course in the same folder must not remove this one's files."""
    return f".studykit-course-{digest(name.casefold())[:8]}.json"


def _book(name: str, lectures: Sequence[Notes], level: CefrLevel, options: ExportOptions) -> _Output:
    """The EPUB, which is always the same for the same course: there is nothing to save."""
    data = course_epub(name, lectures, labels=options.labels, level=level, templates=options.templates)
    return _Output(key=digest_bytes(data), make=lambda: data)


def _print(name: str, lectures: Sequence[Notes], level: CefrLevel, options: ExportOptions) -> _Output:
    """The book as PDF. It is never printed twice alike, so what it is printed from tells if it is new."""

    def html(pages: Mapping[str, int]) -> str:
        return course_html(name, lectures, options, level=level, pages=pages)

    return _Output(key=digest(html({})), make=lambda: print_with_pages(html))


def _deck(name: str, lectures: Sequence[Notes], store: Store) -> _Output:
    """The decks, with the sound of lectures that were transcribed from a recording."""
    origins = card_origins(store, name)
    silent = course_decks(name, lectures, origins=origins)
    if not silent.decks:
        raise OutputError(name, "no terms or vocabulary to make cards of")
    recordings = {notes.source.id: recording_of(notes, store) for notes in lectures}
    heard = {talk: path for talk, path in recordings.items() if path}

    def make() -> bytes:
        clips: dict[str, Mapping[int, Clip]] = {
            notes.source.id: sentence_clips(heard[notes.source.id], example_sentences(notes))
            for notes in lectures
            if notes.source.id in heard
        }
        made = course_decks(name, lectures, origins=origins, clips=clips)
        data = package(*made.decks, modified_s=time.time())
        if not store.read_only:
            keep_card_origins(store, name, made.origins)
        return data

    return _Output(
        key=digest(
            msgspec.to_builtins(silent.decks, enc_hook=str),
            {talk: digest_file(path) for talk, path in heard.items()},
        ),
        make=make,
    )
