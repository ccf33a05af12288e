"""HTTP requests that end in time, whatever the server sends.

The timeout of a socket starts again with every byte that comes. Here a request is cut off as a whole: its
handshake, header, chunks and the body of an error too. What counts as a sign of life is said by the caller:
a line of a stream, not a byte. Redirects are not followed, since they would send keys elsewhere.
"""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from typing import Any, Literal

__all__ = ["Deadline", "Pulse", "deadline_opener"]

_CURRENT = threading.local()


class Pulse:
    """When a service last gave a sign of life to any of several requests."""

    def __init__(self) -> None:
        self.last = float("-inf")


class Deadline:
    """The end of what a thread does on its connections.

    ``silence_s`` after the last sign of life, and ``whole_s`` after the beginning. Until a request has had
    a sign of its own, those in ``pulse`` count: it may be waiting behind others.
    """

    def __init__(self, silence_s: float, whole_s: float, pulse: Pulse | None = None) -> None:
        self.passed: Literal["", "silence", "whole"] = ""
        """Which limit was passed, if one was."""
        self._silence_s = silence_s
        self._pulse = pulse or Pulse()
        self._start = time.monotonic()
        self._end = self._start + whole_s
        self._heard: float | None = None
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._over = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Cut off the connections that this thread opens within, once the time is over."""
        _CURRENT.deadline = self
        watcher = threading.Thread(target=self._wait, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()
            _CURRENT.deadline = None
            with self._lock:
                for own in self._sockets:
                    own.close()

    def heard(self) -> None:
        """Note a sign of life."""
        self._heard = self._pulse.last = time.monotonic()

    def watch(self, opened: socket.socket) -> None:
        """Cut off this connection too."""
        with self._lock:
            self._sockets.append(opened.dup())  # TLS takes the original away from its object
        if self.passed:
            self._cut()

    def _wait(self) -> None:
        while not self._over.is_set():
            last = max(self._start, self._pulse.last) if self._heard is None else self._heard
            due = min(last + self._silence_s, self._end)
            left = due - time.monotonic()
            if left <= 0:
                self.passed = "whole" if due == self._end else "silence"
                self._cut()
                return
            self._over.wait(left)

    def _cut(self) -> None:
        with self._lock:
            for own in self._sockets:
                with suppress(OSError):  # closed by the other side
                    own.shutdown(socket.SHUT_RDWR)


def deadline_opener() -> urllib.request.OpenerDirector:
    """An opener for use within ``Deadline.running``."""
    return urllib.request.build_opener(_NoRedirect, _Http, _Https)


class _Watched(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        current: Deadline | None = getattr(_CURRENT, "deadline", None)
        if current:
            current.watch(self.sock)


class _WatchedTls(HTTPSConnection, _Watched):
    """``HTTPSConnection.connect`` calls ``_Watched.connect`` before its handshake."""


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_Watched, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_WatchedTls, req)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Return None, which makes a redirect an error."""
