"""What ``studykit notes`` prints about what a language model wrote, or would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import counted, echo_json

if TYPE_CHECKING:
    from studykit.talk.assisting import AssistEstimate
    from studykit.types import Assistance, Notes

__all__ = ["assistance_json", "assistance_lines", "is_empty", "print_estimate"]


def print_estimate(estimates: Sequence[AssistEstimate], engine: str, *, as_json: bool) -> None:
    """What each feature would cost, and all together."""
    if as_json:
        echo_json({"engine": engine, "features": [_estimate_json(one) for one in estimates]})
        return
    rows: list[tuple[str, ...]] = [("", "requests", "tokens in", "tokens out", "cost", "time")]
    rows += [(one.feature, *_amounts([one])) for one in estimates]
    rows.append(("together", *_amounts(estimates)))
    click.echo(f"{engine}, to be sent (estimated):")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        click.echo(f"  {first.ljust(widths[0])}  {'  '.join(cells)}")
    if any(one.cost is None for one in estimates):
        click.echo("The cost is unknown: the model has no price in [translate.prices].")


def _amounts(estimates: Sequence[AssistEstimate]) -> tuple[str, ...]:
    """Requests, tokens in and out, cost and time, of all together."""
    from studykit.timecode import to_clock

    sides = (sum(getattr(one.usage, side) for one in estimates) for side in ("prompt", "completion"))
    costs = [one.cost for one in estimates if one.cost is not None]
    return (
        f"{sum(one.missing for one in estimates)} of {sum(one.requests for one in estimates)}",
        *(f"{tokens:,}" for tokens in sides),
        f"{sum(costs):.4f}" if len(costs) == len(estimates) else "?",
        to_clock(sum(one.seconds for one in estimates)),
    )


def _estimate_json(one: AssistEstimate) -> dict[str, Any]:
    return {
        "feature": one.feature,
        "requests": one.requests,
        "missing": one.missing,
        "tokens": {"prompt": one.usage.prompt, "completion": one.usage.completion},
        "cost": one.cost,
        "seconds": round(one.seconds, 1),
    }


def _texts(made: Assistance) -> int:
    """How many texts were proven."""
    headings = sum(part.heading is not None for part in made.parts)
    sentences = len(made.summary) + sum(len(part.summary) for part in made.parts)
    claims = sum(1 + len(claim.points) for claim in made.claims)
    others = len(made.items) + len(made.vetoes) + len(made.misread) + len(made.questions)
    return (made.title is not None) + (made.line is not None) + headings + sentences + claims + others


def is_empty(notes: Notes) -> bool:
    """Whether a model was asked and nothing of what it wrote could be proven."""
    return notes.assistance is not None and notes.assistance.is_empty


def assistance_lines(notes: Notes) -> Iterator[str]:
    """What a model wrote, and what was dropped, by reason."""
    made = notes.assistance
    if made is None:
        return
    yield f"{made.model} wrote {counted(_texts(made), 'text')} that the talk bears out ({made.written_on})"
    if made.dropped:
        from studykit.types import DROP_REASONS

        counts: Counter[str] = Counter()
        for one in made.dropped:
            counts[one.reason] += one.count
        told = (f"{DROP_REASONS[reason][0]} ({count})" for reason, count in counts.most_common())
        yield f"{counted(counts.total(), 'text')} dropped: {', '.join(told)}"


def assistance_json(notes: Notes) -> dict[str, Any]:
    """The same for scripts."""
    made = notes.assistance
    if made is None:
        return {}
    return {
        "assistance": {
            "model": made.model,
            "written_on": made.written_on,
            "texts": _texts(made),
            "dropped": [
                {"feature": one.feature, "reason": one.reason, "count": one.count} for one in made.dropped
            ],
        }
    }
