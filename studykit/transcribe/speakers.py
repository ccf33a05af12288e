"""Assigns words to speakers, from the turns that a diarizer found."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from studykit.languages import join_pieces
from studykit.transcribe.recogniser import Audio
from studykit.types import Segment, Word

__all__ = ["Diarizer", "SpeakerTurn", "with_speakers"]


class SpeakerTurn(NamedTuple):
    """One person speaking, in seconds of the recording; turns may overlap."""

    start_s: float
    end_s: float
    speaker: str


class Diarizer(Protocol):
    """Finds who speaks when; implemented in ``studykit.engines``."""

    @property
    def name(self) -> str:
        """Package, version and model."""

    def turns(self, audio: Audio) -> list[SpeakerTurn]:
        """All turns. Raises ``MissingError`` or ``EngineError``."""


def with_speakers(
    segments: Iterable[Segment], turns: Sequence[SpeakerTurn], language: str
) -> Iterator[Segment]:
    """Segments with their speakers, cut where the speaker changes between two words.

    A word belongs to whoever speaks longest during it, and to the speaker before it where nobody
    does. A segment without words goes whole to whoever speaks longest during it.
    """
    waiting = deque(sorted(turns))
    near: list[SpeakerTurn] = []

    def during(start_s: float | None, end_s: float | None) -> str | None:
        """Who speaks longest in between; called in order of time, so past turns can be dropped."""
        assert start_s is not None
        assert end_s is not None
        while waiting and waiting[0].start_s < end_s:
            near.append(waiting.popleft())
        near[:] = [turn for turn in near if turn.end_s > start_s]
        shares: dict[str, float] = {}
        for turn in near:
            share = min(turn.end_s, end_s) - max(turn.start_s, start_s)
            shares[turn.speaker] = shares.get(turn.speaker, 0.0) + share
        return max(shares, key=lambda who: shares[who], default=None)

    speaker: str | None = None
    for seg in segments:
        if not seg.words:
            speaker = during(seg.start_s, seg.end_s) or speaker
            yield replace(seg, speaker=speaker)
            continue
        spoken: list[tuple[str | None, Word]] = []
        for word in seg.words:
            speaker = during(word.start_s, word.end_s) or speaker
            spoken.append((speaker, word))
        groups = [(who, [word for _, word in run]) for who, run in groupby(spoken, key=lambda item: item[0])]
        for who, words in groups:
            whole = len(groups) == 1
            text = seg.text if whole else join_pieces((word.text for word in words), language)
            yield replace(
                seg,
                text=text,
                start_s=words[0].start_s,
                end_s=words[-1].end_s,
                words=tuple(words),
                speaker=who,
                original=seg.original if whole else None,
            )
