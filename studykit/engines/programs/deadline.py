"""HTTP requests that end in time, whatever the server sends.

The timeout of a socket starts again with every byte that comes. Here a request is cut off as a whole: its
handshake, header, chunks and the body of an error too. Redirects are not followed, since they would send
keys elsewhere.
"""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from typing import Any

__all__ = ["Deadline", "deadline_opener"]

_CURRENT = threading.local()


class Deadline:
    """The end of what a thread does on its connections."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    @contextmanager
    def running(self) -> Iterator[None]:
        """Cut off the connections that this thread opens within, once the time is over."""
        _CURRENT.deadline = self
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()
            _CURRENT.deadline = None
            with self._lock:
                for own in self._sockets:
                    own.close()

    def watch(self, opened: socket.socket) -> None:
        """Cut off this connection too."""
        with self._lock:
            self._sockets.append(opened.dup())  # TLS takes the original away from its object
        if self.passed:
            self._cut()

    def _cut(self) -> None:
        self.passed = True
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
