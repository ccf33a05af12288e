"""A service with OpenAI's interface on this machine: translates from a table, misbehaves on demand.

``chat_shapes`` lists in which forms it can answer.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

__all__ = ["USAGE", "Fault", "Service", "serving_chat"]

USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}

Fault = Callable[["Handler", dict[str, str]], bool]
"""Answers a request in its own way, or returns False to let it be translated."""


@dataclass
class Service:
    """What the service does, and what it was asked."""

    url: str = ""
    table: dict[str, str] = field(default_factory=dict)
    """Translations by sentence; others come from ``translate``."""
    translate: Callable[[str], str] = lambda text: f"译文「{text}」。"
    faults: list[Fault] = field(default_factory=list)
    """One for each request, in order; later requests are answered well."""
    rewrite: Callable[[dict[str, str]], dict[str, str]] = lambda answer: answer
    """Changes what is keyed how."""
    slow_s: float = 0.0
    thinks: int = 0
    """Tokens that it writes before it answers; with a lower limit there is no answer."""
    streams: bool = True
    """Whether it streams when asked to."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: Lock = field(default_factory=Lock)

    @property
    def sentences(self) -> list[str]:
        """All sentences that were asked for, in order."""
        return [text for said in self.asked for text in said["sentences"].values()]


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    service: Service
    body: dict[str, Any]

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        service = self.service
        self.body = body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = json.loads(body["messages"][1]["content"])
        with service.lock:
            service.asked.append({**asked, "body": body, "path": self.path})
            service.keys.append(self.headers.get("Authorization"))
            fault = service.faults.pop(0) if service.faults else None
            service.at_once += 1
            service.most_at_once = max(service.most_at_once, service.at_once)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):
                time.sleep(service.slow_s)
                limit = body.get("max_tokens", body.get("max_completion_tokens"))
                if limit is not None and limit < service.thinks:
                    usage = {"prompt_tokens": 100, "completion_tokens": limit}
                    message = {"content": "", "reasoning_content": "Hm. " * 9}
                    choice = {"index": 0, "message": message, "finish_reason": "length"}
                    self.send(200, {"choices": [choice], "usage": usage})
                elif not (fault and fault(self, asked["sentences"])):
                    translated = {
                        key: service.table.get(text) or service.translate(text)
                        for key, text in asked["sentences"].items()
                    }
                    self.say(json.dumps(service.rewrite(translated), ensure_ascii=False))
        finally:
            with service.lock:
                service.at_once -= 1

    def say(self, content: Any, *, finish: str = "stop", **more: Any) -> None:
        """Answer as a chat model; ``more`` is the rest of its message."""
        message = {"role": "assistant", "content": content, **more}
        if self.body.get("stream") and self.service.streams and isinstance(content, str) and not more:
            half = len(content) // 2
            pieces = [
                {"role": "assistant", "content": ""},
                {"content": content[:half]},
                {"content": content[half:]},
            ]
            self.stream([*pieces, {}], finish=finish)
        else:
            choice = {"index": 0, "message": message, "finish_reason": finish}
            self.send(200, {"choices": [choice], "usage": USAGE})

    def stream(self, deltas: list[dict[str, Any]], *, finish: str = "stop") -> None:
        """Answer by server-sent events, the last of ``deltas`` with the reason of the end."""
        chunks: list[dict[str, Any]] = [
            {
                "object": "chat.completion.chunk",
                "choices": [{"index": 0, "delta": delta, "finish_reason": None}],
            }
            for delta in deltas
        ]
        chunks[-1]["choices"][0]["finish_reason"] = finish
        if self.body.get("stream_options"):
            chunks.append({"object": "chat.completion.chunk", "choices": [], "usage": USAGE})
        lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks]
        self.events("".join([*lines, "data: [DONE]\n\n"]))

    def events(self, text: str) -> None:
        """Answer with these events, in chunks of HTTP that end where they like."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = text.encode()
        for at in range(0, len(data), 50):
            piece = data[at : at + 50]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def send(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
        """Answer with a document, or with bytes as they are."""
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def break_off(self, data: bytes) -> None:
        """Promise more than comes."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(data) + 1000))
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True


@contextmanager
def serving_chat(**settings: Any) -> Iterator[Service]:
    """The service at ``service.url`` while the block runs."""
    service = Service(**settings)
    handler = type("BoundHandler", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
