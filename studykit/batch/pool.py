"""Pools of processes that are started anew, not forked, with one thread each for numerical libraries."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from studykit.batch.board import Board
from studykit.batch.worker import start
from studykit.store import now

__all__ = ["Pool"]

T = TypeVar("T")
R = TypeVar("R")

_THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    "NUMEXPR_NUM_THREADS",
)


class Pool:
    """``workers`` processes, started when they are needed.

    With ``gpus``, there is one process for each. ``one_thread``: whether numerical libraries get one
    thread a process.
    """

    def __init__(self, workers: int, *, one_thread: bool, gpus: Sequence[str] = ()) -> None:
        self.workers = len(gpus) or workers
        self._one_thread = one_thread
        self._gpus = tuple(gpus)
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._board = Board(self._context, self.workers)
        self._executor = ProcessPoolExecutor(
            self.workers, mp_context=self._context, initializer=start, initargs=(self._board, self._gpus)
        )

    @property
    def as_of(self) -> str:
        """What is stored from now on, the processes do not know when they begin."""
        return now()

    def submit(self, work: Callable[[T], R], task: T) -> Future[R]:
        """Do ``work`` in one of the processes."""
        with self._environment():  # a process that this starts inherits it
            try:
                return self._executor.submit(work, task)
            except BrokenProcessPool:  # one died while it had nothing to do
                self.restart()
                return self._executor.submit(work, task)

    def stages(self) -> dict[int, str]:
        """What the processes are doing, by number of the task."""
        return self._board.read()

    def restart(self) -> None:
        """Begin with new processes after one has died, which breaks the pool."""
        self._board.stop()
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._start()

    def stop(self, *, at_once: bool) -> None:
        """End the processes; ``at_once``: also in the middle of a task."""
        if at_once:
            self._board.stop()
        self._executor.shutdown(wait=True, cancel_futures=True)

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = {name: os.environ.get(name) for name in _THREADS}
        if self._one_thread:
            os.environ.update(dict.fromkeys(_THREADS, "1"))
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
