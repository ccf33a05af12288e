"""Locks to beads and back: where in the current text is what a person once locked?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from msgspec import Struct

from studykit.languages import join_pieces
from studykit.store import Lock, LockSide
from studykit.types import Bead, Sentence, Span

__all__ = ["Placed", "as_read", "follows", "lock_of", "lost_warnings", "place", "quoted"]

_SHOWN = 3

Lines = Sequence[str]


class Placed(Struct, frozen=True, kw_only=True):
    """``beads`` in the order of the text, each with its lock, and the locks that no longer apply."""

    beads: tuple[tuple[Bead, Lock], ...]
    lost: tuple[Lock, ...]


def as_read(sentences: Sequence[Sentence], language: str) -> list[str]:
    """The form in which locks store sentences: as read, independent of corrections and edits."""
    return [join_pieces([sent.raw], language) for sent in sentences]


def lock_of(bead: Bead, english: Lines, chinese: Lines) -> Lock:
    """A bead in a form that can be found again in other versions of the text."""
    return Lock(source=_side(bead.source, english), target=_side(bead.target, chinese))


def _side(span: Span, texts: Lines) -> LockSide:
    return LockSide(
        sentences=tuple(texts[span.start : span.end]),
        position=_position(span.start, texts),
        before=texts[span.start - 1] if span.start else None,
        after=texts[span.end] if span.end < len(texts) else None,
    )


def _position(start: int, texts: Lines) -> float:
    return start / max(len(texts), 1)


def place(locks: Sequence[Lock], english: Lines, chinese: Lines) -> Placed:
    """Find locks, given oldest first, in the current sentences.

    A lock applies where its sentences occur, consecutive and word for word. If there are several such
    places, the one with the same neighbours is chosen, then the one nearest to its old position. Locks
    never overlap or cross: one that contradicts a newer lock does not apply.
    """
    found: list[tuple[Bead, Lock]] = []
    lost: list[Lock] = []
    for lock in reversed(locks):
        for source, target in _ranked(_places(lock.source, english), _places(lock.target, chinese)):
            bead = Bead(source=source, target=target, score=1.0, locked=True)
            if all(follows(bead, other) or follows(other, bead) for other, _ in found):
                found.append((bead, lock))
                break
        else:
            lost.append(lock)
    found.sort(key=lambda pair: (pair[0].source.end, pair[0].target.end))
    return Placed(beads=tuple(found), lost=tuple(reversed(lost)))


_Place = tuple[int, float, Span]
"""Number of different neighbours, distance from the old place, and the span; smaller is likelier."""


def _ranked(sources: Iterable[_Place], targets: Iterable[_Place]) -> Iterator[tuple[Span, Span]]:
    """Pairs of places, likeliest first."""

    def rank(places: tuple[_Place, _Place]) -> tuple[float, ...]:
        (differ, far, source), (also_differ, as_far, target) = places
        return differ + also_differ, far + as_far, source.start, target.start

    ours, theirs = list(sources), list(targets)
    if ours and theirs:
        # Nearly always right, and avoids sorting all pairs of a sentence that recurs often.
        yield min(ours, key=_likely)[2], min(theirs, key=_likely)[2]
        yield from ((one[2], other[2]) for one, other in sorted(product(ours, theirs), key=rank))


def _likely(place: _Place) -> tuple[int, float, int]:
    return place[0], place[1], place[2].start


def _places(side: LockSide, texts: Lines) -> Iterator[_Place]:
    """The places where a side fits.

    An empty side can only be found by its neighbours: one of them must be there.
    """
    length = len(side.sentences)
    for start in range(len(texts) - length + 1):
        end = start + length
        if tuple(texts[start:end]) == side.sentences:
            others = (side.before != (texts[start - 1] if start else None)) + (
                side.after != (texts[end] if end < len(texts) else None)
            )
            if length or others < 2:
                yield others, abs(_position(start, texts) - side.position), Span(start=start, end=end)


def follows(bead: Bead, other: Bead) -> bool:
    """Whether a bead can stand after another one: neither side overlaps or crosses."""
    return bead.source.start >= other.source.end and bead.target.start >= other.target.end


def quoted(lock: Lock) -> str:
    """A lock for a message: the beginnings of both sides."""
    sides = (" ".join(lock.source.sentences), "".join(lock.target.sentences))
    return " = ".join(f"“{_short(side)}”" if side else "nothing" for side in sides)


def _short(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def lost_warnings(lost: Sequence[Lock]) -> tuple[str, ...]:
    """Warnings about locks that do not apply; the first few one by one, the rest as a number."""
    warnings = [
        f"a locked pair does not apply (text changed, or contradicted by a newer lock): {quoted(lock)}"
        for lock in lost[:_SHOWN]
    ]
    if len(lost) > _SHOWN:
        warnings.append(
            f"locked pairs that do not apply: {len(lost) - _SHOWN} more; `studykit review` lists them all"
        )
    return tuple(warnings)
