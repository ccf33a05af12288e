"""Work shared among child processes, each forked for a few items: it has them in memory as its parent does.

A child sends back what it made and ends. It writes nothing, and must not touch an open database, which a
process cannot share with its parent. What a child fails to make is made here, so errors are those of the
work itself, with nothing in between.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import islice
from typing import Generic, NoReturn, TypeVar

__all__ = ["in_children"]

T = TypeVar("T")
R = TypeVar("R")

_MOST = 8
"""Processes at once, also on machines with more cores: whoever starts them does the rest alone."""
_PIECE_BYTES = 1 << 20


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
    running: deque[_Child[T, R]] = deque()
    processes = _processes()
    try:
        for batch in batches:
            if processes < 2:
                yield from map(make, batch)
                continue
            running.append(_Child(make, batch))
            while sum(child.runs for child in running) >= processes:
                _receive(running)
            while running and not running[0].runs:
                yield from running.popleft().results()
        while running:
            while running[0].runs:
                _receive(running)
            yield from running.popleft().results()
    finally:
        for child in running:
            child.end()


class _Child(Generic[T, R]):
    """A process that makes some items, and what it has sent so far."""

    def __init__(self, make: Callable[[T], R], items: Sequence[T]) -> None:
        self._make, self._items = make, items
        self._received: list[bytes] = []
        self.runs, self._failed = True, False
        self.pipe, writes = os.pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # a child must not take it for its parent's
        try:
            self._process = os.fork()
            if not self._process:
                os.close(self.pipe)  # or nobody would notice that the parent is gone
                _work(writes, make, items)
        except OSError:  # no room for one more process
            os.close(self.pipe)
            self.runs, self._failed = False, True
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            os.close(writes)

    def receive(self) -> None:
        """Take what is there; with nothing more to come, the process has ended."""
        piece = os.read(self.pipe, _PIECE_BYTES)
        self._received.append(piece)
        if not piece:
            self._close()

    def results(self) -> list[R]:
        """What it made, after its end."""
        if self._failed:
            return list(map(self._make, self._items))
        made: list[R] = pickle.loads(b"".join(self._received))
        return made

    def end(self) -> None:
        """Stop it if it still runs."""
        if self.runs:
            os.kill(self._process, signal.SIGKILL)
            self._close()

    def _close(self) -> None:
        self.runs = False
        os.close(self.pipe)
        _, status = os.waitpid(self._process, 0)
        self._failed = status != 0


def _work(pipe: int, make: Callable[[T], R], items: Sequence[T]) -> NoReturn:
    """What a child does. It ends without the clean-up that its parent will do, whatever happens."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends at once; its parent says so
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        made = pickle.dumps([make(item) for item in items], protocol=pickle.HIGHEST_PROTOCOL)
        with os.fdopen(pipe, "wb") as out:  # a parent that is gone is an error like any other
            out.write(made)
        code = 0
    finally:
        os._exit(code)


def _receive(children: Iterable[_Child[T, R]]) -> None:
    """Wait until one of the children has sent something."""
    by_pipe = {child.pipe: child for child in children if child.runs}
    poll = select.poll()
    for pipe in by_pipe:
        poll.register(pipe, select.POLLIN)
    for pipe, _ in poll.poll():
        by_pipe[pipe].receive()


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
