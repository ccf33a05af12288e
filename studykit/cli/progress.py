"""Progress on stderr: a bar over all stages on a terminal, otherwise one line for each."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from studykit.talk import StageReport

__all__ = ["StageProgress"]

_LINE_EVERY_S = 5.0
_WIDTH = 24


class StageProgress:
    """Shows progress, as a context manager; shows nothing if ``quiet``."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar = not quiet and sys.stderr.isatty()
        self._lines = not quiet and not self._bar
        self._last_line = 0.0
        self._done = 0
        self._total = 0
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cleared()

    def planned(self, stages: int) -> None:
        """Make the bar longer."""
        self._total = self._done + stages

    def started(self, stage: str) -> None:
        """Show the stage that starts."""
        self._stage = stage
        self._draw(stage)

    def finished(self, report: StageReport) -> None:
        """Show that a stage is done."""
        self._done += 1
        self._draw(report.stage)
        if self._lines:
            took = "cached" if report.cached else f"{report.seconds:.2f} s"
            click.echo(f"{report.stage}: {took}", err=True)

    def said(self, text: str) -> None:
        """Show the progress of a long stage: at once on a terminal, otherwise every few seconds."""
        self._draw(text)
        if self._lines and time.monotonic() - self._last_line >= _LINE_EVERY_S:
            self._last_line = time.monotonic()
            click.echo(text, err=True)

    def noted(self, text: str) -> None:
        """Show lines that stay."""
        self.cleared()
        if self._bar or self._lines:
            click.echo(text, err=True)

    def cleared(self) -> None:
        """Make room for other lines: the bar comes back with the next progress."""
        if self._bar:
            click.echo("\r\033[K", nl=False, err=True)

    def _draw(self, text: str) -> None:
        if not self._bar:
            return
        total = max(self._total, self._done)
        filled = _WIDTH * self._done // total if total else 0
        count = f"{self._done}/{total}" if self._total else f"{self._done}"
        bar = f"[{'#' * filled}{'-' * (_WIDTH - filled)}] {count}  {text}"
        width = max(20, shutil.get_terminal_size().columns - 1)
        click.echo(f"\r\033[K{bar[:width]}", nl=False, err=True)
