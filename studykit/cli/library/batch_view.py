"""Shows a batch on stderr: a table that is drawn anew on a terminal, otherwise a line for each talk."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from studykit.timecode import to_clock

if TYPE_CHECKING:
    from studykit.store import BatchRecord

__all__ = ["BatchView"]

_MOST_ROWS = 20
_NAME_COLUMNS = 44


class BatchView:
    """What happens in a batch, as a context manager; shows nothing if ``quiet``."""

    def __init__(self, *, quiet: bool) -> None:
        self._live = not quiet and sys.stderr.isatty()
        self._lines = not quiet and not self._live
        self._total = 0
        self._ended: Counter[str] = Counter()
        self._rows = 0
        self._start = time.monotonic()
        self._did = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def added(self, record: BatchRecord, *, kept: bool) -> None:
        """Count a talk."""
        self._total += 1
        if kept:
            self._ended[record.status] += 1

    def ended(self, record: BatchRecord) -> None:
        """Show a line that stays."""
        self._ended[record.status] += 1
        self._did += 1
        told = f"{record.seconds:.1f} s" if record.status == "done" else record.error or ""
        count = f"[{sum(self._ended.values())}/{self._total}]"
        status = "left" if record.status == "waiting" else record.status
        self.noted(f"{count} {status}: {record.title}: {told}")

    def running(self, stages: Mapping[str, str]) -> None:
        """Draw the table."""
        if not self._live:
            return
        self._clear()
        width = max(20, shutil.get_terminal_size().columns - 1)
        rows = [self._summary()]
        rows += [f"  {name[:_NAME_COLUMNS]:{_NAME_COLUMNS}} {stage}" for name, stage in stages.items()]
        self._rows = min(len(rows), _MOST_ROWS)
        for row in rows[: self._rows]:
            click.echo(row[:width], err=True)

    def noted(self, text: str) -> None:
        """Show a line that stays."""
        if self._live:
            self._clear()
        if self._live or self._lines:
            click.echo(text, err=True)

    def _summary(self) -> str:
        ended = sum(self._ended.values())
        parts = [f"{ended}/{self._total} talks"]
        parts += [f"{self._ended['failed']} failed"] if self._ended["failed"] else []
        spent_s = time.monotonic() - self._start
        if self._did and ended < self._total:
            left_s = spent_s / self._did * (self._total - ended)
            parts.append(f"about {to_clock(left_s)} left")
        return ", ".join([*parts, to_clock(spent_s)])

    def _clear(self) -> None:
        if self._rows:
            click.echo(f"\033[{self._rows}A\033[J", nl=False, err=True)
            self._rows = 0
