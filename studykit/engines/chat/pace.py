"""When to send a request, and when to send it again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from email.message import Message as Headers
from email.utils import parsedate_to_datetime

__all__ = ["LONGEST_WAIT_S", "Pacer", "backoff_s", "pause", "retry_after_s"]

LONGEST_WAIT_S = 120.0


class Pacer:
    """Limits the rate of requests."""

    def __init__(self, per_minute: float | None) -> None:
        self._gap_s = 60 / per_minute if per_minute else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, cancelled: Callable[[], bool]) -> None:
        """Wait for the time of the next request."""
        with self._lock:
            mine = max(self._next, time.monotonic())
            self._next = mine + self._gap_s
        pause(mine - time.monotonic(), cancelled)


def pause(seconds: float, cancelled: Callable[[], bool]) -> None:
    """Sleep, until ``cancelled`` says otherwise."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not cancelled():
        time.sleep(min(left, 0.1))


def backoff_s(attempt: int) -> float:
    """How long to wait after a failed attempt, counted from 0."""
    return random.uniform(0.5, 1.0) * min(2.0**attempt, 30.0)


def retry_after_s(headers: Headers) -> float | None:
    """``Retry-After``, seconds or a date."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
