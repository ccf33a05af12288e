"""Several conversations at a time, within a budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from studykit.chat.cost import Budget
from studykit.errors import BudgetError
from studykit.types import Usage

__all__ = ["Replied", "replies"]


class _Reply(Protocol):
    @property
    def usage(self) -> Usage:
        """The tokens used."""

    @property
    def cut(self) -> bool:
        """Whether it ends where the allowed number of tokens did."""


J = TypeVar("J")
R = TypeVar("R", bound=_Reply)


class Replied(Struct, Generic[J, R], frozen=True):
    """What came of a job: one reply or, where a model is asked for several things at once, several."""

    job: J
    replies: Sequence[R]
    seconds: float
    roomier: bool
    """Whether a reply was cut, and later ones may be longer."""


_Send = Callable[[J, int | None, Callable[[], bool]], Sequence[R]]


def replies(
    jobs: Iterable[J],
    send: _Send[J, R],
    *,
    expected: Callable[[J], list[Usage]],
    parallel: int,
    budget: Budget,
    failed: Callable[[], BaseException | None] = lambda: None,
) -> Iterator[Replied[J, R]]:
    """Replies as they arrive; ``send`` gets a job, the most tokens of a reply, and whether to give up.

    On an error, an interruption, an exhausted budget (``BudgetError``) or once ``failed`` says so nothing
    more is sent, but pending requests are awaited and yielded, since they are paid for; then it is raised.
    """
    stop = threading.Event()
    running: dict[Future[tuple[Sequence[R], float]], tuple[J, float, int]] = {}
    failure: BaseException | None = None
    waiting = iter(jobs)
    following = next(waiting, None)

    with ThreadPoolExecutor(parallel) as pool:
        try:
            while True:
                try:
                    failure = failure or failed()
                    while following is not None and not failure and len(running) < parallel:
                        usages = expected(following)
                        amount = budget.most(usages)
                        if not budget.reserve(amount):
                            if not running:
                                failure = BudgetError(budget.spent, budget.budget or 0.0)
                            break  # pending requests may cost less than was reserved for them
                        future = pool.submit(_timed, send, following, budget.most_tokens(usages), stop)
                        running[future] = following, amount, budget.room
                        following = next(waiting, None)
                    ready = wait(running, return_when=FIRST_COMPLETED).done if running else set()
                except BaseException as error:
                    stop.set()
                    if failure:  # interrupted again: stop waiting
                        raise
                    failure = error
                    continue
                if not running:
                    break
                for future in ready:
                    job, amount, had = running.pop(future)
                    try:
                        came, seconds = future.result()
                    except BaseException as error:
                        budget.settle(amount, Usage())
                        failure = failure or error
                        stop.set()
                        continue
                    budget.settle(amount, sum((reply.usage for reply in came), Usage()))
                    roomier = any(reply.cut for reply in came) and budget.make_room(had)
                    yield Replied(job, came, seconds, roomier)
        finally:
            stop.set()  # also if the consumer is interrupted: no new attempts
    if failure:
        raise failure


def _timed(
    send: _Send[J, R], job: J, most_tokens: int | None, stop: threading.Event
) -> tuple[Sequence[R], float]:
    start = time.monotonic()
    return send(job, most_tokens, stop.is_set), time.monotonic() - start
