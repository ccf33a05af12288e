"""What is broken in a file of captions: collected while it is read, told by line, refused if it is too much.

One bad caption never stops a file. Its times are repaired, or it lies between its neighbours, or it is
left out; all of that is told. A file in which most captions are bad is something else than it seems.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct, field

from studykit.errors import FormatError
from studykit.languages import counted

__all__ = ["Damage", "between_neighbours"]

_TOLD = 3
_SHOWN_CHARS = 60

Times = tuple[float | None, float | None]


class Damage(Struct):
    """The broken captions of one file, by line. ``lost`` and ``skipped`` keep what stands there."""

    repaired: list[int] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    """Captions whose times cannot be read."""
    skipped: list[tuple[int, str]] = field(default_factory=list)
    """Captions of which nothing can be read."""

    def warnings(self, path: Path, captions: int, what: str = "times") -> tuple[str, ...]:
        """What was done about it; ``what`` was repaired.

        Raises ``FormatError`` with the first three lines if more than half of ``captions`` are bad.
        """
        bad = sorted([*self.lost, *self.skipped])
        if 2 * len(bad) > captions:
            problem = "cannot be read" if self.skipped else "have no times that can be read"
            shown = "\n".join(f"  line {line}: {text[:_SHOWN_CHARS]}" for line, text in bad[:_TOLD])
            raise FormatError(
                path, f"{len(bad)} of {counted(captions, 'caption')} {problem}", line=bad[0][0], hint=shown
            )
        told = (
            (f"{counted(len(self.repaired), 'damaged line')} of {what} repaired", self.repaired),
            (
                f"{counted(len(self.lost), 'caption')} without times that can be read; "
                "placed between the neighbours",
                [line for line, _ in self.lost],
            ),
            (
                f"left out {counted(len(self.skipped), 'caption')} that cannot be read",
                [line for line, _ in self.skipped],
            ),
        )
        return tuple(f"{text} ({_places(lines)})" for text, lines in told if lines)


def _places(lines: Iterable[int]) -> str:
    lines = list(dict.fromkeys(lines))  # some files are one line
    more = f" and {len(lines) - _TOLD} more" if len(lines) > _TOLD else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines[:_TOLD]))}{more}"


def between_neighbours(times_s: Sequence[Times | None], lengths_s: Sequence[float]) -> list[Times]:
    """Start and end of every caption, in seconds; where None, they share the time between the neighbours.

    ``lengths_s`` is how long each caption takes to say, which counts where no caption follows.
    """
    placed: list[Times] = []
    low_s = 0.0
    for lost, group in groupby(range(len(times_s)), key=lambda i: times_s[i] is None):
        run = list(group)
        if not lost:
            for i in run:
                known = times_s[i] or (None, None)
                placed.append(known)
                low_s = next((time_s for time_s in reversed(known) if time_s is not None), low_s)
            continue
        following = times_s[run[-1] + 1] if run[-1] + 1 < len(times_s) else None
        after_s = following[0] if following else None
        high_s = low_s + sum(lengths_s[i] for i in run) if after_s is None else max(low_s, after_s)
        step_s = (high_s - low_s) / len(run)
        placed += [
            (round(low_s + step_s * k, 3), round(low_s + step_s * (k + 1), 3)) for k in range(len(run))
        ]
        low_s = high_s
    return placed
