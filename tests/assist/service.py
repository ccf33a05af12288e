"""A service on this machine that writes about the example as a good model would, and counts tokens."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from studykit.assist.prompts import FEATURES
from studykit.chat import count_tokens
from studykit.types import AssistFeature

__all__ = ["WritingService", "good_answer", "serving_answers"]


def feature_of(system: str) -> AssistFeature:
    """Which feature a request asks for: its form stands in the instruction."""
    return next(name for name, feature in FEATURES.items() if feature.form in system)


def wanted_count(system: str) -> int:
    """How many texts a request asks for, where it says so."""
    found = re.search(r"(?:about|up to) (\d+)", system)
    return int(found[1]) if found else 0


def shown_sentences(document: Mapping[str, Any]) -> set[int]:
    """The numbers of the sentences that a document shows."""
    return {
        int(number)
        for part in document["parts"]
        for paragraph in part["paragraphs"]
        for number in paragraph["sentences"]
    }


def good_answer(answers: Mapping[str, Any], feature: AssistFeature, document: Mapping[str, Any]) -> Any:
    """Those of the answers that belong to what the document shows."""
    shown = shown_sentences(document)

    def about(statement: Mapping[str, Any]) -> bool:
        return any(quote["sentence"] in shown for quote in statement["evidence"])

    def placed(key: str) -> list[Any]:
        return [one for one in answers[key] if one["sentence"] in shown]

    if feature == "overview":
        return answers["overview"]
    if feature == "parts":
        parts = {part["part"] for part in document["parts"]}
        return {"parts": [part for part in answers["parts"] if part["part"] in parts]}
    if feature == "claims":
        return {"claims": [claim for claim in answers["claims"] if about(claim)]}
    if feature == "questions":
        return {"questions": [one for one in answers["questions"] if about(one["answer"])]}
    if feature == "misread":
        return {"misread": placed("misread")}
    return {"items": placed("items"), "missed": placed("missed"), "wrong": placed("wrong")}


@dataclass
class WritingService:
    """What the service says, and what it was asked and has counted."""

    answer: Callable[[AssistFeature, dict[str, Any]], Any]
    url: str = ""
    fail_after: int | None = None
    """After so many answers the service is down."""
    slow_s: float = 0.0
    asked: list[tuple[AssistFeature, dict[str, Any]]] = field(default_factory=list)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    lock: Lock = field(default_factory=Lock)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: WritingService

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        service = self.service
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages: Sequence[Mapping[str, str]] = body["messages"]
        feature, document = feature_of(messages[0]["content"]), json.loads(messages[1]["content"])
        document["count"] = wanted_count(messages[0]["content"])
        with service.lock:
            if service.fail_after is not None and len(service.asked) >= service.fail_after:
                self._send(401, {"error": {"message": "no more"}})
                return
            service.asked.append((feature, document))
            made = service.answer(feature, document)
            text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)
            prompt = sum(count_tokens(message["content"]) + 4 for message in messages)
            usage = {"prompt_tokens": prompt, "completion_tokens": count_tokens(text)}
            service.prompt_tokens += usage["prompt_tokens"]
            service.completion_tokens += usage["completion_tokens"]
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        time.sleep(service.slow_s)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(200, {"choices": [choice], "usage": usage})

    def _send(self, status: int, document: Any) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving_answers(
    answer: Callable[[AssistFeature, dict[str, Any]], Any], **settings: Any
) -> Iterator[WritingService]:
    """The service at ``service.url`` while the block runs."""
    service = WritingService(answer=answer, **settings)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"service": service}))
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
