"""What answers on AnkiConnect's port may be anything."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from studykit.engines.programs import ankiconnect
from studykit.errors import EngineError

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that sends these bytes to everybody."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            try:
                while True:
                    with server.accept()[0] as caller:
                        caller.recv(65_536)
                        caller.sendall(request.param)
            except OSError:  # closed
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answering",
    [
        b"220 mail.example.org ESMTP\r\n",
        OK + b"\r\n" + b"[" * 200_000,
        OK + b"Content-Length: 9\r\n\r\n<html>",
        OK + b'\r\n{"result": 6}',
        OK + b"\r\n" + b'{"result": "' + b"x" * 3_000_000 + b'", "error": null}',
        b"",
    ],
    ids=["mail", "deep", "cut", "shape", "large", "nothing"],
    indirect=True,
)
def test_a_stranger_on_the_port_is_named(
    answering: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ankiconnect, "_LARGEST_BYTES", 1 << 20)
    with pytest.raises(EngineError) as caught:
        ankiconnect.push(tmp_path / "deck.apkg", "deck", url=answering)
    assert answering in str(caught.value)
