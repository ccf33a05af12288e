"""Work shared among child processes, each forked for a few items: it has them in memory as its parent does.

A child sends back what it made and ends. It writes nothing, and must not touch an open database, which a
process cannot share with its parent. What a child fails to make is made here, so errors are those of the
work itself, with nothing in between.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["in_children"]

T = TypeVar("T")
R = TypeVar("R")

_MOST = 8
"""Processes at once, also on machines with more cores: whoever starts them does the rest alone."""


def in_children(make: Callable[[T], R], items: Iterable[T], *, at_once: int) -> Generator[R, None, None]:
    """What ``make`` returns for each item, in order; ``at_once`` items go to a child together.

    The first ``at_once`` are made here, and so are all where there is one core, where a process has other
    threads, or where it cannot be forked safely. What is loaded on first use is thus loaded before the first
    fork. Items are asked for when there is somebody to make them. Raises what ``make`` raises; children that
    still run are then ended.
    """
    left = iter(items)
    batches = iter(lambda: list(islice(left, at_once)), [])
    yield from map(make, next(batches, []))
    processes = _processes()
    running: deque[_Child[T, R]] = deque()
    try:
        for batch in batches:
            if processes < 2:
                yield from map(make, batch)
                continue
            running.append(_Child(make, batch))
            if len(running) >= processes:
                yield from running.popleft().results()
        while running:
            yield from running.popleft().results()
    finally:
        for child in running:
            child.end()


class _Child(Generic[T, R]):
    """A process that makes some items."""

    def __init__(self, make: Callable[[T], R], items: Sequence[T]) -> None:
        from multiprocessing import get_context  # noqa: PLC0415  few commands need it

        self._make, self._items = make, items
        context = get_context("fork")  # arguments are handed on as they are
        self._pipe, writes = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(self._pipe, writes, make, items), daemon=True)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # a child must not take it for its parent's
        try:
            with suppress(OSError):  # no room for one more process: nothing will come from the pipe
                self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            writes.close()

    def results(self) -> list[R]:
        """What it made, after its end; made here if it failed."""
        try:
            made: list[R] | None = self._pipe.recv()
        except EOFError:
            made = None
        self.end()
        return list(map(self._make, self._items)) if made is None else made

    def end(self) -> None:
        """Stop it if it still runs."""
        self._pipe.close()
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()


def _work(reads: Connection, pipe: Connection, make: Callable[[T], R], items: Sequence[T]) -> None:
    """What a child does."""
    reads.close()  # else it would not notice that its parent is gone
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends at once; its parent says so
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    try:
        pipe.send([make(item) for item in items])
    except Exception:
        raise SystemExit(1) from None  # its parent will meet the same error, and tell


def _processes() -> int:
    """How many children may run at once; 1: none."""
    if sys.platform != "linux":  # Windows has no fork, and libraries of macOS may not survive one
        return 1
    try:
        alone = len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names alone
    except OSError:
        return 1
    # A lock that another thread holds would stay locked in a child forever.
    return min(len(os.sched_getaffinity(0)), _MOST) if alone else 1
