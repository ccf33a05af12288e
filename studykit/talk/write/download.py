"""Writes a talk behind a link to files in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from studykit.errors import InputError, TalkListError
from studykit.files import safe_stem, set_aside
from studykit.fingerprint import digest_file
from studykit.ingest import CaptionFile, CaptionTrack, RemoteTalk
from studykit.options import FetchOptions
from studykit.store import Store
from studykit.talk.cache import Cache, Progress, StageReport
from studykit.talk.read.link import fetch_audio, fetch_talk, link_cache
from studykit.talk.write.output import put
from studykit.timecode import to_clock

__all__ = ["Downloaded", "download", "write_list"]


class Downloaded(Struct, frozen=True, kw_only=True):
    """A talk and its files."""

    talk: RemoteTalk
    captions: tuple[tuple[CaptionTrack, Path], ...]
    audio: Path | None
    files: tuple[Path, ...]
    """All files: metadata, chapters, captions and audio."""
    stages: tuple[StageReport, ...]
    warnings: tuple[str, ...]


def download(
    url: str, folder: Path, *, store: Store, options: FetchOptions, progress: Progress
) -> Downloaded:
    """Download the talk behind ``url`` into ``folder``; a different file with the same name is renamed.

    Raises what fetching raises, including ``TalkListError`` for a list, and ``InputError`` if the folder
    cannot be written to.
    """
    cache = link_cache(Cache(store=store, source_id="", progress=progress), url)
    # Here audio comes in addition to the captions, not instead of them.
    with_captions = replace(options, transcribe="auto") if options.transcribe == "always" else options
    fetched = fetch_talk(cache, url, with_captions).value
    talk = fetched.talk
    wanted = options.transcribe == "always" or (options.transcribe == "auto" and not fetched.lead)
    recording = fetch_audio(cache, url, options) if wanted else None

    stem = safe_stem(talk.title)
    info = _written(folder / f"{stem}.info.json", msgspec.json.format(msgspec.json.encode(talk)) + b"\n")
    chapters = "".join(f"{to_clock(chapter.start_s)} {chapter.title}\n" for chapter in talk.chapters)
    listed = [_written(folder / f"{stem}.chapters.txt", chapters.encode())] if chapters else []
    captions = tuple(
        (file.track, _written(folder / _caption_name(stem, file), file.data)) for file in fetched.captions
    )
    audio = (
        _copied(Path(recording.path), folder / f"{stem}{Path(recording.path).suffix}") if recording else None
    )
    return Downloaded(
        talk=talk,
        captions=captions,
        audio=audio,
        files=(info, *listed, *(path for _, path in captions), *([audio] if audio else [])),
        stages=tuple(cache.reports),
        warnings=tuple(f"{url}: {warning}" for warning in (*fetched.warnings, *fetched.withheld)),
    )


def write_list(found: TalkListError, folder: Path) -> Path:
    """Write the links of a playlist or channel, one per line, each below its title."""
    lines = [f"# {found.title}"]
    for link, title in found.talks:
        lines += ["", f"# {title}", link] if title else ["", link]
    return _written(folder / f"{safe_stem(found.title)}.talks.txt", ("\n".join(lines) + "\n").encode())


def _caption_name(stem: str, file: CaptionFile) -> str:
    """A file name with the language where ``studykit notes`` looks for it."""
    mark = ".translated" if file.track.kind == "translated" else ""
    return f"{stem}{mark}.{safe_stem(file.track.language)}.{file.format}"


def _written(path: Path, content: bytes) -> Path:
    put(path, content)
    return path


def _copied(origin: Path, path: Path) -> Path:
    """Copy a file atomically; an existing file with the same content stays."""
    if path.is_file():
        if path.stat().st_size == origin.stat().st_size and digest_file(path) == digest_file(origin):
            return path
        set_aside(path)
    part = path.with_name(f".{path.name}.part")
    try:
        shutil.copyfile(origin, part)
        part.replace(path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(path, f"cannot be written: {error.strerror or error}") from error
        raise
    return path
