"""Beads as lines for people and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from studykit.talk.review.reviewer import ReviewedBead
    from studykit.types import Notes, Sentence

__all__ = ["bead_json", "bead_lines", "counts", "headline", "neighbour", "with_context"]


def neighbour(beads: Sequence[ReviewedBead], bead: ReviewedBead, step: int) -> ReviewedBead | None:
    """The bead ``step`` places after this one, or before it if negative."""
    at = bead.number - 1 + step
    return beads[at] if 0 <= at < len(beads) else None


def _doubtful(bead: ReviewedBead, below: float) -> bool:
    return not bead.bead.locked and bead.bead.score < below


def counts(notes: Notes, beads: Sequence[ReviewedBead], below: float) -> dict[str, Any]:
    """The talk and its numbers of beads; those with a score ``below`` are doubtful."""
    return {
        "talk": notes.source.id,
        "title": notes.source.title,
        "total": len(beads),
        "doubtful": sum(_doubtful(bead, below) for bead in beads),
        "locked": sum(bead.bead.locked for bead in beads),
    }


def bead_json(bead: ReviewedBead | None, below: float) -> dict[str, Any] | None:
    """A bead as ``studykit review --json`` gives it."""
    if bead is None:
        return None

    def side(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
        return [{"number": sent.index + 1, "text": sent.text} for sent in sentences]

    return {
        "number": bead.number,
        "score": bead.bead.score,
        "kind": bead.bead.kind,
        "locked": bead.bead.locked,
        "doubtful": _doubtful(bead, below),
        "paragraph": bead.paragraph,
        "start_s": bead.start_s,
        "end_s": bead.end_s,
        "english": side(bead.english),
        "chinese": side(bead.chinese),
    }


def headline(notes: Notes, beads: Sequence[ReviewedBead], below: float) -> str:
    """One line with the talk and its counts."""
    count = counts(notes, beads, below)
    return (
        click.style(notes.source.title, bold=True)
        + f": {count['total']} beads, {count['doubtful']} doubtful, {count['locked']} locked"
    )


def bead_lines(bead: ReviewedBead, below: float) -> Iterator[str]:
    """A title line and the sentences of a bead."""
    yield _title(bead, below)
    yield from _texts(bead)


def with_context(beads: Sequence[ReviewedBead], bead: ReviewedBead, below: float) -> Iterator[str]:
    """A bead between its neighbours, which are dimmed."""
    yield _title(bead, below)
    for step in (-1, 0, 1):
        near = neighbour(beads, bead, step)
        if near:
            yield from (_texts(near) if step == 0 else (click.style(line, dim=True) for line in _texts(near)))


def _title(bead: ReviewedBead, below: float) -> str:
    from studykit.timecode import to_clock

    sure = "locked" if bead.bead.locked else f"score {bead.bead.score:.2f}"
    place = f", {to_clock(bead.start_s)}" if bead.start_s is not None else ""
    doubt = "? " if _doubtful(bead, below) else ""
    about = f"{sure}, {bead.bead.kind}, paragraph {bead.paragraph}{place}"
    return click.style(f"{doubt}Bead {bead.number}", bold=True) + f" ({about})"


def _texts(bead: ReviewedBead) -> Iterator[str]:
    number = f"{bead.number:>5}"
    for language, sentences in (("en", bead.english), ("zh", bead.chinese)):
        for sent in sentences:
            yield f"{number}  {language} {sent.index + 1:>4}  {sent.text}"
            number = " " * 5
        if not sentences:
            yield f"{number}  {language}    -"
            number = " " * 5
