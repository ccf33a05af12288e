"""The chat engine against a service on this machine that misbehaves."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest

from studykit import engines
from studykit.chat import Completion
from studykit.engines.chat import OpenAIChat, client
from studykit.errors import ConfigError, EngineError, MissingError
from studykit.options import TranslateOptions
from studykit.types import Usage
from tests.chat_server import Fault, Handler, Service, serving_chat

SAID = [{"role": "system", "content": "s"}, {"role": "user", "content": '{"sentences": {"1": "Hello."}}'}]


@pytest.fixture
def service() -> Iterator[Service]:
    with serving_chat(table={"Hello.": "你好。"}) as service:
        yield service


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the engine would have waited each time; it does not."""
    waited: list[float] = []
    monkeypatch.setattr(client, "_pause", lambda seconds, _: waited.append(seconds))
    return waited


def ask(service: Service, *, limited: bool = False, **options: Any) -> Completion:
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url, **options))
    return chat.complete(SAID, most_tokens=99, limited=limited, cancelled=lambda: False)


def status(code: int, message: str = "no", headers: dict[str, str] | None = None) -> Fault:
    def fault(handler: Handler, _: dict[str, str]) -> bool:
        handler.send(code, {"error": {"message": message}}, headers)
        return True

    return fault


def sent(data: bytes) -> Fault:
    def fault(handler: Handler, _: dict[str, str]) -> bool:
        handler.send(200, data)
        return True

    return fault


def broken(handler: Handler, _: dict[str, str]) -> bool:
    handler.break_off(b'{"choices": [{"message"')
    return True


def hung_up(handler: Handler, _: dict[str, str]) -> bool:
    handler.close_connection = True
    return True


def test_a_question_and_its_answer(service: Service) -> None:
    made = ask(service, api_key="secret")
    assert made == Completion('{"1": "你好。"}', Usage(prompt=100, completion=50))
    assert service.keys == ["Bearer secret"]
    assert service.asked[0]["path"] == "/v1/chat/completions"
    body = service.asked[0]["body"]
    assert (body["model"], body["temperature"], body["stream"]) == ("m", 0, False)
    assert "max_tokens" not in body


def test_no_key_no_header_and_a_limit_when_there_is_a_budget(service: Service) -> None:
    ask(service, limited=True)
    assert service.keys == [None]
    assert service.asked[0]["body"]["max_tokens"] == 99


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503), status(429), broken, hung_up, sent(b"<html>"), sent(b'{"choices": []}')],
)
def test_what_passes_is_tried_again(service: Service, fault: Fault, waits: list[float]) -> None:
    service.faults = [fault, fault]
    assert ask(service).text == '{"1": "你好。"}'
    assert len(service.asked) == 3
    first, second = [wait for wait in waits if wait > 0.1]
    assert 0.5 <= first <= 1 <= second <= 2


@pytest.mark.parametrize(("value", "seconds"), [("7", 7), ("0", 0), ("9999", 120), ("soon", None)])
def test_retry_after_is_heeded(
    service: Service, value: str, seconds: float | None, waits: list[float]
) -> None:
    service.faults = [status(429, headers={"Retry-After": value})]
    ask(service)
    if seconds is None:
        assert any(0.5 <= wait <= 1 for wait in waits)
    else:
        assert seconds in waits


def test_retry_after_may_be_a_date(service: Service, waits: list[float]) -> None:
    service.faults = [status(503, headers={"Retry-After": formatdate(time.time() + 60, usegmt=True)})]
    ask(service)
    assert any(50 < wait <= 60 for wait in waits)


def test_it_gives_up_with_the_services_own_words(service: Service) -> None:
    service.faults = [status(500, "the\x1b[31m cat\nis out")] * 3
    with pytest.raises(EngineError, match=r"answered 500 .*the \[31m cat is out\nGave up after 3") as caught:
        ask(service, retries=2)
    assert service.url in str(caught.value)


@pytest.mark.parametrize("code", [400, 401, 404, 302])
def test_what_will_not_pass_is_told_at_once(service: Service, code: int) -> None:
    service.faults = [status(code, "Incorrect API key", {"Location": "http://127.0.0.1:9/steal"})] * 2
    with pytest.raises(EngineError, match=f"answered {code} .*Incorrect API key"):
        ask(service, api_key="secret")
    assert len(service.asked) == 1


def test_a_model_that_takes_no_temperature_gets_none(service: Service) -> None:
    service.faults = [
        status(400, "Unsupported value: 'temperature' does not support 0"),
        status(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    ]
    assert ask(service, limited=True, retries=0).text
    last = service.asked[-1]["body"]
    assert "temperature" not in last
    assert "max_tokens" not in last
    assert last["max_completion_tokens"] == 99


def test_an_answer_without_end_or_without_hurry(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_LARGEST_BYTES", 1000)
    service.faults = [sent(b" " * 2000)]
    with pytest.raises(EngineError, match="too long"):
        ask(service, retries=0)
    service.slow_s = 0.4
    with pytest.raises(EngineError, match=r"timed out|translate\.timeout_s"):
        ask(service, retries=0, timeout_s=0.1)


@pytest.mark.parametrize(
    ("answer", "text", "usage"),
    [
        ({"choices": [{"message": {"content": None}}]}, "", None),
        ({"choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": "1"}}, "x", None),
        ({"choices": [{"message": {"content": "x"}}], "usage": [1]}, "x", None),
        (
            {
                "choices": [{"message": {"content": "x"}}],
                "usage": {"prompt_tokens": 10**30, "completion_tokens": 1},
            },
            "x",
            None,
        ),
    ],
)
def test_odd_answers(service: Service, answer: Any, text: str, usage: Usage | None) -> None:
    service.faults = [sent(json.dumps(answer).encode())]
    assert ask(service) == Completion(text, usage)


def test_requests_go_at_the_pace_that_is_allowed(service: Service, waits: list[float]) -> None:
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url, requests_per_minute=60))
    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            pool.submit(chat.complete, SAID, most_tokens=9, limited=False, cancelled=lambda: False)
    assert [round(wait) for wait in sorted(waits)] == [0, 1, 2]


def test_once_cancelled_nothing_is_sent_again(service: Service) -> None:
    service.faults = [status(500)] * 9
    stopped = threading.Event()
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url))

    def cancelled() -> bool:
        if service.asked:
            stopped.set()
        return stopped.is_set()

    with pytest.raises(EngineError, match="stopped"):
        chat.complete(SAID, most_tokens=9, limited=False, cancelled=cancelled)
    assert len(service.asked) == 1


def test_nobody_there() -> None:
    options = TranslateOptions(base_url="http://127.0.0.1:1/v1", engine="openai:m")
    chat = OpenAIChat("m", options)
    with pytest.raises(EngineError, match="is the service running"):
        chat.complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False)
    chat = OpenAIChat("m", replace(options, base_url="http://no-such-host.invalid/v1"))
    with pytest.raises(MissingError, match=r"connection to no-such-host\.invalid"):
        chat.complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False)


@pytest.mark.parametrize(
    ("engine", "url", "message"),
    [
        ("openai", "http://x/v1", "needs a model"),
        ("openai:m", "file:///etc/passwd", "must begin with http"),
        ("gpt", "http://x/v1", "'gpt' is unknown; choose captions, openai:MODEL"),
    ],
)
def test_wrong_names_are_refused(engine: str, url: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        engines.translator(TranslateOptions(engine=engine, base_url=url), "zh")


def test_the_name_says_model_and_address_but_not_the_key() -> None:
    options = TranslateOptions(engine="openai:m", base_url="http://x/v1", api_key="secret")
    name = engines.translator(options, "zh").name
    assert name.startswith("openai http://x/v1 m prompt ")
    assert "secret" not in name + repr(options)


def test_two_requests_learn_at_the_same_time_that_a_field_is_not_taken(service: Service) -> None:
    both = threading.Barrier(2)

    def refuse(handler: Handler, _: dict[str, str]) -> bool:
        both.wait(10)
        handler.send(400, {"error": {"message": "temperature is not supported"}})
        return True

    service.faults = [refuse, refuse]
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url))
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(chat.complete, SAID, most_tokens=9, limited=False, cancelled=lambda: False)
            for _ in range(2)
        ]
    assert all(future.result().text for future in asked)


HEADERS = "HTTP/1.1 {} X\r\nContent-Type: application/json\r\n"
DRIPS = {
    "header": (HEADERS.format(200) + "X-Slow: ", "a"),
    "chunk": (HEADERS.format(200) + "Transfer-Encoding: chunked\r\n\r\n1;", "x"),
    "body": (HEADERS.format(200) + "Content-Length: 99999\r\n\r\n", " "),
    "error": (HEADERS.format(500) + "Content-Length: 99999\r\n\r\n", " "),
}


@pytest.fixture
def dripping(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that begins an answer, then sends a byte every 20 ms for as long as somebody listens."""
    start, byte = DRIPS[request.param]
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            with suppress(OSError), server.accept()[0] as caller:
                caller.recv(65_536)
                caller.sendall(start.encode())
                while True:
                    caller.sendall(byte.encode())
                    time.sleep(0.02)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        server.close()
        thread.join()


@pytest.mark.parametrize("dripping", DRIPS, indirect=True)
def test_a_server_that_drips_is_cut_off(dripping: str) -> None:
    chat = OpenAIChat("m", TranslateOptions(base_url=dripping, retries=0, timeout_s=0.3))
    with pytest.raises(EngineError, match=r"translate\.timeout_s|answered 500"):
        chat.complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False)


def test_a_key_that_the_service_repeats_is_not_printed(service: Service) -> None:
    service.faults = [status(401, "Incorrect API key provided: sk-secret. Find yours at …")]
    with pytest.raises(EngineError) as caught:
        ask(service, api_key="sk-secret")
    assert "sk-secret" not in str(caught.value)
    assert "[API key]" in str(caught.value)
