"""Reads recordings: transcribes them, then reads the transcript like a caption file.

A transcript is a cached result like any other. While it is being made, every recognised chunk is a file
in the cache, so that hours of work survive a kill, and ``studykit notes`` reuses what
``studykit transcribe`` has done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from studykit import engines
from studykit.errors import InputError, UnreadableError
from studykit.fingerprint import digest_file
from studykit.formats import is_recording
from studykit.glossary import Glossary
from studykit.ingest import Ingested, file_title, local_file
from studykit.languages import is_chinese, primary
from studykit.options import IngestOptions, Options, TranscribeOptions
from studykit.talk.cache import Cache, Progress, Result, keyed
from studykit.talk.codekey import code_key
from studykit.talk.read.base import ReadRequest, ReadTalk, as_read
from studykit.talk.read.film import FilmText, film_text
from studykit.talk.read.heard import warnings_of
from studykit.talk.read.hearings import begin_again, chunks_folder, hearing_of
from studykit.timecode import to_clock
from studykit.transcribe import (
    LeftOut,
    OtherLanguage,
    Recogniser,
    called_for,
    glossary_hot_words,
    transcribe,
)
from studykit.transcribe.chunks import chunks
from studykit.types import Source, Transcript

__all__ = [
    "media_digest",
    "read_recording",
    "recogniser_for",
    "transcribed",
    "transcript_of",
]


def media_digest(path: Path) -> str | None:
    """The SHA-256 of a recording or film, or None if the file is something else.

    Raises ``UnreadableError``.
    """
    try:
        with path.open("rb") as file:
            if not is_recording(file.read(64)):
                return None
        return digest_file(path)
    except (FileNotFoundError, IsADirectoryError):
        return None  # the text reader reports what is wrong
    except OSError as error:
        raise UnreadableError(path, f"cannot be read: {error.strerror or error}") from error


def recogniser_for(options: TranscribeOptions, progress: Progress) -> Recogniser:
    """The recogniser that the options name; raises what ``engines.recogniser`` does."""
    return engines.recogniser(
        options.engine,
        model=options.model,
        device=options.device,
        progress=progress.said,
        compute_type=None if options.compute_type == "auto" else options.compute_type,
        batch_size=options.batch_size,
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
    told: Callable[[LeftOut | OtherLanguage], None] = lambda _: None,
) -> Transcript:
    """The words of a recording whose SHA-256 is ``data_digest``.

    ``told`` gets the stretches that could not be heard or seem to be in another language.

    Raises ``InputError`` for a file without sound or speech, ``MissingError`` for a missing package,
    model or token.
    """
    file = engines.audio_file(audio)
    diarizer = None
    if options.diarize:
        diarizer = engines.diarizer(
            options.device, min_speakers=options.min_speakers, max_speakers=options.max_speakers
        )
    if recogniser.choice:
        progress.noted(f"transcribing by {recogniser.choice}")
    return transcribe(
        file,
        source_id=data_digest,
        recogniser=recogniser,
        simplified=engines.simplified,
        # A chunk depends on the engine and on where chunks are cut, not on later stages.
        checkpoints=chunks_folder(code_key(recogniser, chunks), hearing_of(data_digest)),
        language=options.language,
        hot_words=lambda language, heard: (
            glossary_hot_words(glossary, language)
            if options.hot_words and called_for(glossary, language, f"{file_title(audio)}. {heard}")
            else ""
        ),
        diarizer=diarizer,
        progress=_Pace(file.duration_s, recogniser, progress.said).report,
        told=told,
    )


def read_recording(request: ReadRequest) -> ReadTalk:
    """The talk in a recording or film: its captions, or else what is heard.

    Captions in one language that is not the talk's own are its translation. Raises what
    ``transcript_of`` raises, and ``InputError`` if it is neither English nor Chinese.
    """
    path = local_file(request.source)
    digest = media_digest(path)
    assert digest is not None
    request = replace(request, cache=replace(request.cache, source_id=digest))
    text = film_text(request, path) if request.options.fetch.transcribe != "always" else FilmText()
    if text.told:
        request.cache.progress.noted(text.told)
    if text.lead is None and request.options.fetch.transcribe == "never":
        raise InputError(
            path, "has no captions in its own language", hint="--transcribe auto transcribes the sound."
        )
    if text.lead is not None:
        read = Result.of(text.lead, Ingested)
    else:
        read = transcribed(request.cache, path, digest, request.glossary, request.options)
        if text.other is not None and text.other.language != read.value.source.language:
            read = Result.of(replace(read.value, other=text.other), Ingested)
    made = as_read(request, read, path, digest)
    return replace(made, warnings=(*(f"{path}: {warning}" for warning in text.warnings), *made.warnings))


def transcribed(
    cache: Cache, audio: Path, data_digest: str, glossary: Glossary, options: Options
) -> Result[Ingested]:
    """The transcript of a recording, as the stage ``transcribe``; the source is the recording itself.

    Raises what ``read_recording`` raises.
    """
    chosen = replace(options.transcribe, language=options.ingest.language)
    if chosen.hear_again:
        begin_again(data_digest)
    recogniser = recogniser_for(chosen, cache.progress)
    return cache.run(
        "transcribe",
        _transcribed,
        keyed(audio, [data_digest, audio.name, hearing_of(data_digest)]),
        data_digest,
        keyed(recogniser, [recogniser.engine, recogniser.model, code_key(recogniser)]),
        keyed(glossary, None),  # see CachedRecogniser.recognise
        keyed(
            chosen,
            [chosen.language, chosen.diarize, chosen.hot_words, chosen.min_speakers, chosen.max_speakers],
        ),
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
    told: list[LeftOut | OtherLanguage] = []
    transcript = transcript_of(
        audio,
        data_digest,
        recogniser=recogniser,
        glossary=glossary,
        options=chosen,
        progress=progress,
        told=told.append,
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
    return Ingested(
        source=source,
        transcript=replace(transcript, language=language),
        warnings=warnings_of(transcript, told),
    )
