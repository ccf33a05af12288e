"""Edits of beads: each action says which new beads replace which old ones.

Beads and sentences are numbered from 1 here, as users see them. Nothing is looked up or stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from studykit.errors import InputError
from studykit.types import Bead, Span

__all__ = ["Edit", "lock", "merge", "move", "pair", "split", "unlock"]

Beads = Sequence[Bead]
Side = Literal["en", "zh"]


class Edit(Struct, frozen=True, kw_only=True):
    """``made`` will be locked; locks within the region of ``taken`` beads and ``made`` are removed."""

    action: str
    taken: tuple[Bead, ...]
    made: tuple[Bead, ...]


def merge(beads: Beads, first: int, second: int) -> Edit:
    """Merge two neighbouring beads. Raises ``InputError`` if they are not neighbours."""
    first, second = sorted((first, second))
    a, b = _bead(beads, first), _bead(beads, second)
    if second != first + 1:
        raise InputError(
            f"beads {first} and {second}",
            f"not neighbours; bead {first} can be merged with {_neighbours(beads, first)}",
        )
    made = _locked(_cover(a.source, b.source), _cover(a.target, b.target))
    return Edit(action=f"merge {first} {second}", taken=(a, b), made=(made,))


def split(beads: Beads, number: int, source: int | None, target: int | None) -> Edit:
    """Split a bead after ``source`` English and ``target`` Chinese sentences.

    A count may be None if its side is empty. Raises ``InputError`` for a count that exceeds its side,
    or if one half would be empty.
    """
    bead = _bead(beads, number)
    counts = []
    for name, count, span in (("English", source, bead.source), ("Chinese", target, bead.target)):
        if count is None and len(span):
            raise InputError(
                f"bead {number}", f"after how many of its {_count(len(span), name)} should it be split?"
            )
        if not 0 <= (count or 0) <= len(span):
            raise InputError(f"bead {number}", f"has {_count(len(span), name)}, not {count}")
        counts.append(count or 0)
    k, j = counts
    cut_source, cut_target = bead.source.start + k, bead.target.start + j
    if k + j in {0, len(bead.source) + len(bead.target)}:
        raise InputError(f"bead {number}", f"one half of this {bead.kind} bead would be empty")
    return Edit(
        action=f"split {number} --source {k} --target {j}",
        taken=(bead,),
        made=(
            _locked(
                Span(start=bead.source.start, end=cut_source), Span(start=bead.target.start, end=cut_target)
            ),
            _locked(Span(start=cut_source, end=bead.source.end), Span(start=cut_target, end=bead.target.end)),
        ),
    )


def move(beads: Beads, number: int, which: Literal["first", "last"], side: Side) -> Edit:
    """Move a bead's first sentence of a side to the previous bead, or its last to the next.

    Raises ``InputError`` if there is no such sentence or bead.
    """
    bead = _bead(beads, number)
    neighbour = number - 1 if which == "first" else number + 1
    span = bead.source if side == "en" else bead.target
    if not len(span):
        raise InputError(f"bead {number}", f"has no {_language(side)} sentence to move")
    if not 1 <= neighbour <= len(beads):
        raise InputError(f"bead {number}", f"there is no bead {'before' if which == 'first' else 'after'} it")
    before, after = (beads[neighbour - 1], bead) if which == "first" else (bead, beads[neighbour - 1])
    step = 1 if which == "first" else -1
    made = []
    for one, is_first in ((before, True), (after, False)):
        spans = {"en": one.source, "zh": one.target}
        old = spans[side]
        spans[side] = (
            Span(start=old.start, end=old.end + step)
            if is_first
            else Span(start=old.start + step, end=old.end)
        )
        if len(spans["en"]) + len(spans["zh"]):
            made.append(_locked(spans["en"], spans["zh"]))
    return Edit(action=f"move {number} {which} {side}", taken=(before, after), made=tuple(made))


def pair(beads: Beads, english: tuple[int, int] | None, chinese: tuple[int, int] | None) -> Edit:
    """Make one bead of these English and Chinese sentences; ranges are inclusive, None is no sentence.

    Sentences set to have no counterpart form a bead of their own: what was aligned to them goes to the
    bead that follows or, if they are the last of their bead, to the one before. Raises ``InputError``
    for ranges that the texts do not have.
    """
    last = beads[-1] if beads else None
    source = _range(english, last.source.end if last else 0, "English")
    target = _range(chinese, last.target.end if last else 0, "Chinese")
    if source is None and target is None:
        raise InputError("set", "at least one side needs a sentence")
    if source is None and target is not None:
        source = _gap(target, [(bead.target, bead.source) for bead in beads])
    if target is None and source is not None:
        target = _gap(source, [(bead.source, bead.target) for bead in beads])
    assert source is not None
    assert target is not None
    made = _locked(source, target)
    return Edit(action=f"set {_written(english)} {_written(chinese)}", taken=(), made=(made,))


def lock(beads: Beads, number: int) -> Edit:
    """Lock a bead as it is. Raises ``InputError`` if it is already locked."""
    bead = _bead(beads, number)
    if bead.locked:
        raise InputError(f"bead {number}", "is already locked")
    return Edit(action=f"lock {number}", taken=(), made=(_locked(bead.source, bead.target),))


def unlock(beads: Beads, number: int) -> Edit:
    """Unlock a bead, leaving it to the aligner. Raises ``InputError`` if it is not locked."""
    bead = _bead(beads, number)
    if not bead.locked:
        numbers = [str(i) for i, other in enumerate(beads, 1) if other.locked]
        raise InputError(f"bead {number}", f"is not locked; locked beads: {', '.join(numbers) or 'none'}")
    return Edit(action=f"unlock {number}", taken=(bead,), made=())


def _bead(beads: Beads, number: int) -> Bead:
    if not 1 <= number <= len(beads):
        raise InputError(f"bead {number}", f"no such bead; beads are numbered from 1 to {len(beads)}")
    return beads[number - 1]


def _neighbours(beads: Beads, number: int) -> str:
    return " or ".join(str(i) for i in (number - 1, number + 1) if 1 <= i <= len(beads)) or "none"


def _locked(source: Span, target: Span) -> Bead:
    return Bead(source=source, target=target, score=1.0, locked=True)


def _cover(a: Span, b: Span) -> Span:
    return Span(start=a.start, end=b.end)


def _language(side: Side) -> str:
    return "English" if side == "en" else "Chinese"


def _count(number: int, name: str) -> str:
    return f"{number} {name} sentence{'' if number == 1 else 's'}"


def _range(numbers: tuple[int, int] | None, count: int, name: str) -> Span | None:
    if numbers is None:
        return None
    first, last = numbers
    if not 1 <= first <= last <= count:
        raise InputError(
            f"{name} {_written(numbers)}",
            f"no such sentences; {name} sentences are numbered from 1 to {count}",
        )
    return Span(start=first - 1, end=last)


def _gap(span: Span, sides: Sequence[tuple[Span, Span]]) -> Span:
    """The empty span on the other side that marks the place of sentences without counterpart."""
    holder, other = next(pair for pair in sides if span.start in pair[0])
    ends_bead = span.end >= holder.end and span.start > holder.start
    at = other.end if ends_bead else other.start
    return Span(start=at, end=at)


def _written(numbers: tuple[int, int] | None) -> str:
    if numbers is None:
        return "-"
    return str(numbers[0]) if numbers[0] == numbers[1] else f"{numbers[0]}-{numbers[1]}"
