"""Recordings: from sound to what a caption file would have given.

A transcript is a stage's result like any other; while it is being made, every chunk that was heard
is a file in the cache, so that hours of work survive a kill, and a transcript made by ``studykit
transcribe`` costs ``studykit notes`` nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from studykit import engines
from studykit.errors import InputError, UnreadableError
from studykit.files import write_whole
from studykit.fingerprint import code_digest, digest_file
from studykit.formats import is_recording
from studykit.glossary import Glossary
from studykit.ingest import Ingested, IngestOptions, file_title
from studykit.languages import is_chinese, primary
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import Progress, StageResult, Stages
from studykit.resources import cache_dir
from studykit.timecode import to_clock
from studykit.transcribe import Recogniser, TranscribeOptions, hot_words, transcribe
from studykit.types import Source, Transcript

__all__ = ["CacheFolder", "media_digest", "recogniser_for", "transcribed", "transcript_of"]

_CODE = (
    "transcribe",
    "languages",
    "engines/speech",
    "engines/opencc",
    "engines/devices",
)


_HEARING = ("transcribe/chunks", "transcribe/recogniser", "engines/speech")
"""What the content of a chunk depends on."""


class CacheFolder:
    """Checkpoints as files under a folder, each written whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, /) -> bytes | None:
        """What was stored under ``key``, a digest."""
        path = self._path(key)
        return path.read_bytes() if path.is_file() else None

    def __setitem__(self, key: str, value: bytes, /) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, value.decode())

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def media_digest(path: Path) -> str | None:
    """The SHA-256 of a recording or film, None when the file is something else.

    Raises ``UnreadableError``.
    """
    try:
        with path.open("rb") as file:
            if not is_recording(file.read(64)):
                return None
        return digest_file(path)
    except FileNotFoundError:
        return None  # whoever reads it as text says what is wrong
    except OSError as error:
        raise UnreadableError(path, f"cannot be read: {error.strerror or error}") from error


def recogniser_for(options: TranscribeOptions, progress: Progress) -> Recogniser:
    """The recogniser that the options name; raises what ``engines.recogniser`` does."""
    return engines.recogniser(options.engine, model=options.model, device=options.device, said=progress.said)


class _Pace:
    """Tells how much of a recording is done, how fast that goes and how long it will take."""

    def __init__(self, total_s: float, recogniser: Recogniser, said: Callable[[str], None]) -> None:
        self._total_s = total_s
        self._recogniser = recogniser
        self._said = said
        self._since: tuple[float, float] | None = None

    def heard(self, done_s: float) -> None:
        """The first ``done_s`` seconds are done."""
        if self._since is None:  # what was heard by an earlier run has not been fast now
            self._since = (done_s, time.monotonic())
        from_s, start = self._since
        total_s = max(done_s, self._total_s)
        text = f"{to_clock(done_s)} of {to_clock(total_s)} heard"
        if done_s > from_s:
            speed = (done_s - from_s) / (time.monotonic() - start)
            text += f", {speed:.1f}x, {to_clock((total_s - done_s) / speed)} left"
        self._said(f"{text} ({self._recogniser.device})")


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

    Raises ``InputError`` for a file without sound or speech, ``MissingError`` for a package, model
    or token that is not there.
    """
    file = engines.audio_file(audio)
    return transcribe(
        file,
        source_id=data_digest,
        recogniser=recogniser,
        simplified=engines.simplified,
        checkpoints=CacheFolder(cache_dir() / "transcripts" / code_digest(*_HEARING)[:12]),
        language=options.language,
        expected=lambda language: hot_words(glossary, language),
        diarizer=engines.diarizer(options.device) if options.diarize else None,
        heard=_Pace(file.duration_s, recogniser, progress.said).heard,
    )


def transcribed(
    stages: Stages, audio: Path, data_digest: str, glossary: Glossary, options: PipelineOptions
) -> StageResult[Ingested]:
    """What was said in a recording, as the stage ``transcribe``; the source is the recording itself.

    The times are those of the sound. Raises what ``transcript_of`` does, and ``InputError`` when the
    talk is neither English nor Chinese.
    """
    chosen = options.transcribe
    recogniser = recogniser_for(chosen, stages.progress)

    def compute() -> Ingested:
        transcript = transcript_of(
            audio,
            data_digest,
            recogniser=recogniser,
            glossary=glossary,
            options=chosen,
            progress=stages.progress,
        )
        return _ingested(transcript, audio, options.ingest, engines.audio_file(audio).duration_s)

    return stages.run(
        "transcribe",
        Ingested,
        inputs=[
            data_digest,
            audio.name,
            recogniser.engine,
            recogniser.model,
            [hot_words(glossary, language) for language in ("en", "zh")],
            [chosen.language, chosen.diarize],
            msgspec.to_builtins(options.ingest),
        ],
        code=_CODE,
        compute=compute,
    )


def _ingested(transcript: Transcript, audio: Path, options: IngestOptions, duration_s: float) -> Ingested:
    """A recording's transcript as every other way in gives it."""
    tag = options.language or transcript.language
    if not is_chinese(tag) and primary(tag) != "en":
        raise InputError(
            audio,
            f"its language seems to be {tag!r}; studykit makes notes of English and Chinese",
            hint="If that is wrong, give --language en or --language zh.",
        )
    language = "zh" if is_chinese(tag) else "en"
    source = Source(
        id=transcript.source_id,
        kind="media",
        language=language,
        title=options.title or file_title(audio),
        url=options.url,
        duration_s=duration_s or transcript.segments[-1].end_s,
        chapters=options.chapters,
    )
    return Ingested(source=source, transcript=replace(transcript, language=language))
