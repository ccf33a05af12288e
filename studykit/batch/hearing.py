"""Hears several recordings, one after the other or on several GPUs at once. Writes nothing.

A process keeps its model from one recording to the next. One that cannot be heard does not stop the others.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from studykit.batch.pool import Pool
from studykit.batch.task import in_one_line
from studykit.batch.worker import on_own_card, progress_of
from studykit.errors import InputError, MissingError, StudykitError
from studykit.formats import read_bytes
from studykit.glossary import Glossary, load_glossary
from studykit.options import Options
from studykit.talk.cache import Progress
from studykit.talk.read.heard import warnings_of
from studykit.talk.read.hearings import begin_again
from studykit.talk.read.recording import media_digest, recogniser_for, transcript_of
from studykit.transcribe import LeftOut, OtherLanguage
from studykit.types import Transcript

__all__ = ["Heard", "Recording", "hear", "hear_all", "hear_on"]

_TICK_S = 0.5
_DIED = "its process died, perhaps for lack of memory"


class Recording(Struct, frozen=True, kw_only=True):
    """A recording or film to be heard; ``number`` counts them."""

    number: int
    path: Path
    options: Options


class Heard(Struct, frozen=True, kw_only=True):
    """What came of a recording: a transcript or, in one line, why there is none."""

    recording: Recording
    transcript: Transcript | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str = ""


def hear(recording: Recording, progress: Progress) -> Heard:
    """Hear one recording.

    Raises ``InputError`` for a file that is no recording, and what ``transcript_of`` raises.
    """
    path, options = recording.path, recording.options
    digest = media_digest(path)
    if digest is None:
        read_bytes(path)  # says what is wrong with a file that cannot be read
        raise InputError(path, "not a recording or film of a known kind")
    if options.transcribe.hear_again:
        begin_again(digest)
    begin = time.perf_counter()
    told: list[LeftOut | OtherLanguage] = []
    transcript = transcript_of(
        path,
        digest,
        recogniser=recogniser_for(options.transcribe, progress),
        glossary=_glossary(options.glossary.paths),
        options=options.transcribe,
        progress=progress,
        told=told.append,
    )
    return Heard(
        recording=recording,
        transcript=transcript,
        warnings=warnings_of(transcript, told),
        seconds=round(time.perf_counter() - begin, 3),
    )


@lru_cache(maxsize=1)
def _glossary(paths: tuple[Path, ...]) -> Glossary:
    """Loaded once for all recordings of a process."""
    return load_glossary(paths)


def hear_all(recordings: Sequence[Recording], progress: Progress) -> Iterator[Heard]:
    """Hear the recordings in this process, in order.

    Raises ``MissingError`` for what all of them lack: a package, a model, a token.
    """
    for recording in recordings:
        progress.noted(f"{recording.path} ({recording.number} of {len(recordings)})")
        yield _outcome(recording, partial(hear, recording, progress))


def _outcome(recording: Recording, result: Callable[[], Heard]) -> Heard:
    """The result, or why there is none."""
    try:
        return result()
    except MissingError:
        raise
    except StudykitError as error:
        return Heard(recording=recording, error=str(error))
    except BrokenProcessPool:
        return Heard(recording=recording, error=f"{recording.path}: {_DIED}")
    except Exception as error:  # one recording never stops the others
        return Heard(
            recording=recording, error=f"{recording.path}: {type(error).__name__}: {in_one_line(error)}"
        )


def hear_on(
    gpus: Sequence[str],
    recordings: Sequence[Recording],
    running: Callable[[Mapping[str, str]], None] = lambda _: None,
) -> Iterator[Heard]:
    """Hear the recordings in one process for each of the GPUs, named as in ``CUDA_VISIBLE_DEVICES``.

    They come as they are done; ``running`` is told what is being done now, by path. After a process has
    died, whatever was being heard is heard again by itself. Raises as ``hear_all``.
    """
    waiting, suspects = deque(recordings), deque[Recording]()
    active: dict[Future[Heard], Recording] = {}
    pool = Pool(len(gpus), one_thread=False, gpus=gpus)
    alone = finished = False
    try:
        while waiting or suspects or active:
            while waiting and len(active) < pool.workers:
                recording = waiting.popleft()
                active[pool.submit(_heard, recording)] = recording
            if not active:
                alone, recording = True, suspects.popleft()
                active[pool.submit(_heard, recording)] = recording
            broken = False
            for future in wait(active, timeout=_TICK_S, return_when=FIRST_COMPLETED).done:
                if isinstance(future.exception(), BrokenProcessPool) and not alone:
                    broken = True
                else:
                    yield _outcome(active.pop(future), future.result)
            if broken:  # then no process is left, and nobody knows which recording it was
                suspects.extend(active.values())
                active.clear()
                pool.restart()
            said = pool.stages()
            running({str(item.path): said.get(item.number, "") for item in active.values()})
        finished = True
    finally:
        pool.stop(at_once=not finished)


def _heard(recording: Recording) -> Heard:
    """``hear`` in a process of its own."""
    options = replace(recording.options, transcribe=on_own_card(recording.options.transcribe))
    return hear(replace(recording, options=options), progress_of(recording.number))
