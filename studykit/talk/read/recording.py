"""Reads recordings: transcribes them, then reads the transcript like a caption file.

A transcript is a cached result like any other. While it is being made, every recognised chunk is a file
in the cache, so that hours of work survive a kill, and ``studykit notes`` reuses what
``studykit transcribe`` has done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studykit import engines
from studykit.errors import InputError, UnreadableError
from studykit.files import write_whole
from studykit.fingerprint import digest_file
from studykit.formats import is_recording
from studykit.glossary import Glossary
from studykit.ingest import Ingested, file_title, local_file
from studykit.languages import is_chinese, primary
from studykit.options import IngestOptions, Options, TranscribeOptions
from studykit.resources import cache_dir
from studykit.talk.cache import Cache, Progress, Result, keyed
from studykit.talk.codekey import code_key
from studykit.talk.read.base import ReadRequest, ReadTalk, as_read
from studykit.timecode import to_clock
from studykit.transcribe import Recogniser, glossary_hot_words, transcribe
from studykit.transcribe.chunks import chunks
from studykit.types import Source, Transcript

__all__ = ["CacheFolder", "media_digest", "read_recording", "recogniser_for", "transcribed", "transcript_of"]


class CacheFolder:
    """Checkpoints as files in a folder, each written atomically."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, /) -> bytes | None:
        """The value stored under ``key``, a digest."""
        path = self._path(key)
        return path.read_bytes() if path.is_file() else None

    def __setitem__(self, key: str, value: bytes, /) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, value.decode())

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def media_digest(path: Path) -> str | None:
    """The SHA-256 of a recording or film, or None if the file is something else.

    Raises ``UnreadableError``.
    """
    try:
        with path.open("rb") as file:
            if not is_recording(file.read(64)):
                return None
        return digest_file(path)
    except FileNotFoundError:
        return None  # the text reader reports what is wrong
    except OSError as error:
        raise UnreadableError(path, f"cannot be read: {error.strerror or error}") from error


def recogniser_for(options: TranscribeOptions, progress: Progress) -> Recogniser:
    """The recogniser that the options name; raises what ``engines.recogniser`` does."""
    return engines.recogniser(
        options.engine, model=options.model, device=options.device, progress=progress.said
    )


class _Pace:
    """Reports how much of a recording is done, the speed, and the time left."""

    def __init__(self, total_s: float, recogniser: Recogniser, progress: Callable[[str], None]) -> None:
        self._total_s = total_s
        self._recogniser = recogniser
        self._progress = progress
        self._since: tuple[float, float] | None = None

    def report(self, done_s: float) -> None:
        """Report that the first ``done_s`` seconds are done."""
        if self._since is None:  # what an earlier run did says nothing about today's speed
            self._since = (done_s, time.monotonic())
        from_s, start = self._since
        total_s = max(done_s, self._total_s)
        text = f"{to_clock(done_s)} of {to_clock(total_s)} transcribed"
        if done_s > from_s:
            speed = (done_s - from_s) / (time.monotonic() - start)
            text += f", {speed:.1f}x, {to_clock((total_s - done_s) / speed)} left"
        self._progress(f"{text} ({self._recogniser.device})")


def transcript_of(
    audio: Path,
    data_digest: str,
    *,
    recogniser: Recogniser,
    glossary: Glossary,
    options: TranscribeOptions,
    progress: Progress,
) -> Transcript:
    """The words of a recording whose SHA-256 is ``data_digest``.

    Raises ``InputError`` for a file without sound or speech, ``MissingError`` for a missing package,
    model or token.
    """
    file = engines.audio_file(audio)
    return transcribe(
        file,
        source_id=data_digest,
        recogniser=recogniser,
        simplified=engines.simplified,
        # A chunk depends on the engine and on where chunks are cut, not on later stages.
        checkpoints=CacheFolder(cache_dir() / "transcripts" / code_key(recogniser, chunks)[:12]),
        language=options.language,
        hot_words=lambda language: glossary_hot_words(glossary, language),
        diarizer=engines.diarizer(options.device) if options.diarize else None,
        progress=_Pace(file.duration_s, recogniser, progress.said).report,
    )


def read_recording(request: ReadRequest) -> ReadTalk:
    """The talk in a recording or film, transcribed.

    Raises what ``transcript_of`` raises, and ``InputError`` if it is neither English nor Chinese.
    """
    path = local_file(request.source)
    digest = media_digest(path)
    assert digest is not None
    request = replace(request, cache=replace(request.cache, source_id=digest))
    read = transcribed(request.cache, path, digest, request.glossary, request.options)
    return as_read(request, read, path, digest)


def transcribed(
    cache: Cache, audio: Path, data_digest: str, glossary: Glossary, options: Options
) -> Result[Ingested]:
    """The transcript of a recording, as the stage ``transcribe``; the source is the recording itself.

    Raises what ``read_recording`` raises.
    """
    chosen = replace(options.transcribe, language=options.ingest.language)
    recogniser = recogniser_for(chosen, cache.progress)
    hot_words = [glossary_hot_words(glossary, language) for language in ("en", "zh")]
    return cache.run(
        "transcribe",
        _transcribed,
        keyed(audio, [data_digest, audio.name]),
        data_digest,
        keyed(recogniser, [recogniser.engine, recogniser.model, code_key(recogniser)]),
        keyed(glossary, hot_words),
        keyed(chosen, [chosen.language, chosen.diarize]),
        options.ingest,
        keyed(cache.progress, None),
    )


def _transcribed(
    audio: Path,
    data_digest: str,
    recogniser: Recogniser,
    glossary: Glossary,
    chosen: TranscribeOptions,
    options: IngestOptions,
    progress: Progress,
) -> Ingested:
    """A recording's transcript in the form that other readers return."""
    transcript = transcript_of(
        audio, data_digest, recogniser=recogniser, glossary=glossary, options=chosen, progress=progress
    )
    tag = options.language or transcript.language
    if not is_chinese(tag) and primary(tag) != "en":
        raise InputError(
            audio,
            f"its language seems to be {tag!r}; studykit supports English and Chinese only",
            hint="If that is wrong, set it: --language en or --language zh.",
        )
    language = "zh" if is_chinese(tag) else "en"
    source = Source(
        id=transcript.source_id,
        kind="media",
        language=language,
        title=options.title or file_title(audio),
        url=options.url,
        duration_s=engines.audio_file(audio).duration_s or transcript.segments[-1].end_s,
        chapters=options.chapters,
    )
    return Ingested(source=source, transcript=replace(transcript, language=language))
