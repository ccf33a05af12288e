"""Cuts a recording into chunks at quiet places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import Struct

from studykit.transcribe.recogniser import SAMPLE_RATE, Samples

__all__ = ["Chunk", "chunks"]

_SEARCH_S = 20.0
"""The cut lies within the last 20 s of a chunk; speakers pause more often than that."""

_FRAME_S = 0.02
_PAUSE_S = 0.3
"""Length of the stretch that must be quiet: longer than the closure of a stop consonant."""


class Chunk(Struct, frozen=True, kw_only=True):
    """Samples that begin at sample ``start`` of the recording."""

    start: int
    samples: Samples

    @property
    def end(self) -> int:
        """The sample after the last one."""
        return self.start + len(self.samples)


def chunks(blocks: Iterable[Samples], chunk_s: float) -> Iterator[Chunk]:
    """Cut a recording into chunks of at most ``chunk_s`` seconds; together they cover all of it.

    The cuts depend on the samples and ``chunk_s`` alone, not on the size of the blocks.
    Raises ``ValueError`` unless ``chunk_s`` is above 20 s, the stretch searched for a cut.
    """
    if chunk_s <= _SEARCH_S:
        raise ValueError(f"chunk_s must be above {_SEARCH_S} s, not {chunk_s} s")
    size = round(chunk_s * SAMPLE_RATE)
    start = 0
    waiting: list[Samples] = []
    length = 0
    for block in blocks:
        waiting.append(block)
        length += len(block)
        while length >= size:
            rest = np.concatenate(waiting)
            cut = _quietest(rest[:size])
            yield Chunk(start=start, samples=rest[:cut])
            start += cut
            waiting, length = [rest[cut:]], length - cut
    if length:
        yield Chunk(start=start, samples=np.concatenate(waiting))


def _quietest(samples: Samples) -> int:
    """The middle of the quietest stretch of ``_PAUSE_S`` near the end."""
    frame = round(_FRAME_S * SAMPLE_RATE)
    frames = round(_SEARCH_S / _FRAME_S)
    tail = samples[-frames * frame :].astype(np.float64).reshape(frames, frame)
    energy = np.square(tail).mean(axis=1)
    width = round(_PAUSE_S / _FRAME_S)
    smooth = np.convolve(energy, np.ones(width), mode="valid")
    middle = int(smooth.argmin()) * frame + width * frame // 2
    return len(samples) - frames * frame + middle
