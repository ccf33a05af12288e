"""Reads recordings and films as samples, with PyAV, which has its own FFmpeg libraries.

Only the current block is held in memory, so a recording of any length can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from studykit.errors import InputError, MissingExtraError
from studykit.transcribe import SAMPLE_RATE, Samples

__all__ = ["AudioFile"]

_BLOCK = 10 * SAMPLE_RATE


class AudioFile:
    """The first sound track of a recording or film.

    Raises ``MissingExtraError`` without PyAV, ``InputError`` if the file has no sound or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _opened(path) as (container, stream):
            stated = container.duration / 1_000_000 if container.duration else 0.0
            own = float(stream.duration * stream.time_base) if stream.duration else 0.0
        self.duration_s: float = own or stated

    def blocks(self) -> Iterator[Samples]:
        """Mono samples, ten seconds at a time. Damaged packets are skipped."""
        waiting: list[Samples] = []
        length = 0
        for samples in self._frames():
            waiting.append(samples)
            length += len(samples)
            if length >= _BLOCK:
                yield np.concatenate(waiting)
                waiting, length = [], 0
        if length:
            yield np.concatenate(waiting)

    def _frames(self) -> Iterator[Samples]:
        import av

        with _opened(self.path) as (container, stream):
            resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except av.error.InvalidDataError:
                    continue
                for frame in frames:
                    frame.pts = None  # otherwise a jump in the file's time stamps would be an error
                    for part in resampler.resample(frame):
                        yield part.to_ndarray()[0]
            for part in resampler.resample(None):
                yield part.to_ndarray()[0]


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    try:
        import av
    except ImportError:
        raise MissingExtraError("av", "asr") from None
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        hint = "Is it a complete recording or film? Check with `ffprobe FILE`."
        raise InputError(path, f"cannot be read as sound: {error.strerror or error}", hint=hint) from error  # type: ignore[union-attr]
    with container:
        if not container.streams.audio:
            raise InputError(path, "there is no sound track in it")
        yield container, container.streams.audio[0]
