"""Shows the running processes' stages to the process that started them, without a lock.

Each process writes into a row of its own. A process that is killed while it writes leaves a garbled text
for a moment, never a lock that others wait for.
"""

from __future__ import annotations

from multiprocessing.context import SpawnContext
from typing import Any

from msgspec import Struct, field

from studykit.talk import StageReport

__all__ = ["Board", "BoardProgress"]

_ROW_BYTES = 120


class Board:
    """Rows of shared memory: a task's number and what is being done."""

    def __init__(self, context: SpawnContext, rows: int) -> None:
        self._memory: Any = context.RawArray("c", rows * _ROW_BYTES)
        self._taken: Any = context.Value("i", 0)
        self._stopped: Any = context.Value("b", 0, lock=False)
        self._rows = rows

    @property
    def stopped(self) -> bool:
        """Whether the processes should end at once."""
        return bool(self._stopped.value)

    def stop(self) -> None:
        """Ask the processes to end at once."""
        self._stopped.value = 1

    def take_row(self) -> int:
        """A row for a new process. After a process has died, rows are used again in turn."""
        with self._taken.get_lock():
            row = int(self._taken.value) % self._rows
            self._taken.value += 1
        return row

    def write(self, row: int, number: int, text: str) -> None:
        """Say what the process with this row does."""
        data = f"{number} {text}".encode()[: _ROW_BYTES - 1].ljust(_ROW_BYTES, b"\0")
        self._memory[row * _ROW_BYTES : (row + 1) * _ROW_BYTES] = data

    def read(self) -> dict[int, str]:
        """What is being done, by number of the task."""
        said = {}
        for row in range(self._rows):
            data = bytes(self._memory[row * _ROW_BYTES : (row + 1) * _ROW_BYTES])
            number, _, text = data.rstrip(b"\0").decode("utf-8", "ignore").partition(" ")
            if number.isdecimal():
                said[int(number)] = text
        return said


class BoardProgress(Struct):
    """The progress of one task, shown on a board; remembers the last stage and the seconds of each."""

    board: Board | None
    row: int
    number: int
    stage: str = ""
    stages: dict[str, float] = field(default_factory=dict)

    def planned(self, stages: int) -> None:
        """Not shown."""

    def started(self, stage: str) -> None:
        """Show the stage."""
        self.stage = stage
        self.said(stage)

    def finished(self, report: StageReport) -> None:
        """Add up the seconds of the stage."""
        if not report.cached:
            self.stages[report.stage] = round(self.stages.get(report.stage, 0.0) + report.seconds, 3)

    def said(self, text: str) -> None:
        """Show how far a long stage is."""
        if self.board:
            self.board.write(self.row, self.number, text)

    def noted(self, text: str) -> None:
        """Not shown: it is for a person who waits for this talk alone."""
