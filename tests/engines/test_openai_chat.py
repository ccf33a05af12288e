"""The chat engine against a service on this machine that misbehaves."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from studykit import engines
from studykit.chat import Completion
from studykit.engines.chat import OpenAIChat, answer, client, pace
from studykit.engines.chat.secret import redactor
from studykit.errors import ConfigError, EngineError, MissingError
from studykit.options import TranslateOptions
from studykit.types import Usage
from tests.chat_server import Fault, Handler, Service, serving_chat

KEY = "sk-Pr0j/+secret=="
WRITTEN = [
    KEY,
    "".join(f"\\u{ord(char):04x}" for char in KEY),
    KEY.replace("/", "\\/"),
    quote(KEY, safe=""),
    quote(quote(KEY, safe=""), safe=""),
    "".join(f"&#{ord(char)};" for char in KEY),
    "".join(f"&#x{ord(char):X};" for char in KEY),
    "".join(f"%{ord(char):02X}" for char in KEY),
    base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    base64.urlsafe_b64encode(f"u:{KEY}".encode()).decode(),
]
SAID = [{"role": "system", "content": "s"}, {"role": "user", "content": '{"sentences": {"1": "Hello."}}'}]


@pytest.fixture
def service() -> Iterator[Service]:
    with serving_chat(table={"Hello.": "你好。"}) as service:
        yield service


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the engine would have waited each time; it does not."""
    waited: list[float] = []
    for module in (client, pace):
        monkeypatch.setattr(module, "pause", lambda seconds, _: waited.append(seconds))
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
    assert (body["model"], body["temperature"], body["stream"]) == ("m", 0, True)
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


@pytest.mark.parametrize("code", [401, 404, 302])
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
    monkeypatch.setattr(answer, "_LARGEST_BYTES", 1000)
    service.faults = [sent(b'{"x": ' + b" " * 2000)]
    with pytest.raises(EngineError, match="too long"):
        ask(service, retries=0)
    service.slow_s = 0.4
    with pytest.raises(EngineError, match=r"nothing came for 0\.1 s \(translate\.timeout_s\)"):
        ask(service, retries=0, timeout_s=0.1)
    assert len(service.asked) == 2
    with pytest.raises(EngineError, match="Gave up after 2 attempts"):
        ask(service, retries=5, timeout_s=0.1)


@pytest.mark.parametrize(
    "usage",
    [{}, {"usage": {"prompt_tokens": "1"}}, {"usage": [1]}]
    + [{"usage": {"prompt_tokens": wrong, "completion_tokens": 1}} for wrong in (10**30, -1)],
)
def test_tokens_that_a_service_does_not_tell_are_estimated(service: Service, usage: dict[str, Any]) -> None:
    message = {"content": "四个汉字", "reasoning_content": "想了一想"}
    service.faults = [sent(json.dumps({"choices": [{"message": message}], **usage}).encode())]
    done = ask(service)
    assert done.text == "四个汉字"
    assert done.usage
    assert done.usage.completion == 8
    assert done.usage.prompt > 10


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
    with pytest.raises(EngineError, match=r"is the service running\?\n.*--base-url URL"):
        chat.complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False)
    chat = OpenAIChat("m", replace(options, base_url="http://no-such-host.invalid/v1"))
    with pytest.raises(MissingError, match=r"connection to no-such-host\.invalid") as caught:
        chat.complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False)
    assert "What you can do:\n  connect" in str(caught.value)
    assert "install" not in str(caught.value)


@pytest.mark.parametrize(
    ("engine", "url", "message"),
    [
        ("openai", "http://x/v1", "needs a model"),
        ("openai:m", "file:///etc/passwd", "must begin with http"),
        ("openai:m", "http://me:hush@x/v1", "^translate.base_url: must have no name or password in it"),
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
    "stream": (HEADERS.format(200) + "\r\ndata: ", "x"),
    "stream of comments": (HEADERS.format(200) + "\r\n: hold on\n", ": wait\n"),
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
    options = TranslateOptions(base_url=dripping, retries=0, timeout_s=0.3, longest_answer_s=0.6)
    with pytest.raises(EngineError, match=r"translate\.(timeout|longest_answer)_s|answered 500"):
        OpenAIChat("m", options).complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False)


def slowly(handler: Handler, _: dict[str, str]) -> bool:
    """Answer by a stream that takes a second, with something every tenth of it."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()
    for piece in ["", "", "", "", "", "", '{"1": ', '"你', '好。"', "}"]:
        time.sleep(0.1)
        choice = {"index": 0, "delta": {"content": piece}}
        handler.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
    handler.wfile.write(b"data: [DONE]\n\n")
    handler.close_connection = True
    return True


def test_a_slow_model_is_not_a_dead_one(service: Service) -> None:
    service.faults = [slowly, slowly]
    assert ask(service, timeout_s=0.6, retries=0).text == '{"1": "你好。"}'
    with pytest.raises(EngineError, match=r"no whole answer within 0\.4 s \(translate\.longest_answer_s\)"):
        ask(service, timeout_s=0.6, longest_answer_s=0.4)


def test_a_request_that_waits_behind_another_is_not_cut_off(service: Service) -> None:
    one_at_a_time = threading.Lock()

    def queued(handler: Handler, sentences: dict[str, str]) -> bool:
        with one_at_a_time:
            return slowly(handler, sentences)

    service.faults = [queued, queued]
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url, timeout_s=0.8, retries=0))
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(chat.complete, SAID, most_tokens=9, limited=False, cancelled=lambda: False)
            for _ in range(2)
        ]
    assert all(future.result().text for future in asked)


def test_an_answer_without_end_is_read_no_further(service: Service) -> None:
    def endless(handler: Handler, _: dict[str, str]) -> bool:
        handler.stream([{"content": "循环"}] * 20_000)
        return True

    service.faults = [endless]
    done = ask(service)
    assert done.cut
    assert 4000 < len(done.text) < 4100
    assert len(service.asked) == 1


def test_a_service_that_cuts_answers_short_by_itself_is_given_a_limit(service: Service) -> None:
    def cut(handler: Handler, _: dict[str, str]) -> bool:
        handler.say('{"1": "你', finish="length")
        return True

    service.faults = [cut]
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url))
    for _ in range(2):
        assert (
            chat.complete(SAID, most_tokens=99, limited=False, cancelled=lambda: False).text
            == '{"1": "你好。"}'
        )
    assert [said["body"].get("max_tokens") for said in service.asked] == [None, 4492, 4492]
    service.faults = [cut]
    assert ask(service, limited=True).cut
    assert len(service.asked) == 4


def test_a_schema_is_sent_and_left_out_where_it_is_refused(service: Service) -> None:
    chat = OpenAIChat("m", TranslateOptions(base_url=service.url))
    schema = {"type": "object", "properties": {"1": {"type": "string"}}}

    def asked() -> str | None:
        done = chat.complete(SAID, most_tokens=9, limited=False, cancelled=lambda: False, schema=schema)
        assert done.text == '{"1": "你好。"}'
        return service.asked[-1]["body"].get("response_format", {}).get("type")

    assert asked() == "json_schema"
    assert service.asked[0]["body"]["response_format"]["json_schema"]["schema"] == schema
    service.faults = [status(400, "This response_format type is unavailable now")]
    assert asked() == "json_object"
    service.faults = [status(500, "failed to parse grammar")] * 2
    with pytest.raises(EngineError, match="stopped"):
        chat.complete(
            SAID, most_tokens=9, limited=False, cancelled=lambda: len(service.asked) > 3, schema=schema
        )
    assert asked() == "json_object"
    service.faults = [status(422, "response_format: extra fields not permitted")]
    assert asked() is None
    assert asked() is None
    assert len(service.asked) == 9


def test_a_refusal_that_names_nothing_is_told_if_it_is_of_something_else(service: Service) -> None:
    service.faults = [status(400, "This model's maximum context length is 4096 tokens"), status(400, "no")]
    with pytest.raises(EngineError, match="maximum context length"):
        ask(service)
    assert len(service.asked) == 2
    assert service.asked[1]["body"].keys() == {"model", "messages", "stream"}


def test_a_bare_request_learns_too_and_a_passing_error_teaches_nothing(service: Service) -> None:
    service.faults = [status(400, "bad"), status(400, "Use 'max_completion_tokens' instead of 'max_tokens'.")]
    assert ask(service, limited=True).text
    assert service.asked[-1]["body"]["max_completion_tokens"] == 99
    service.faults = [status(500, "upstream: stream closed, temperature too high")]
    assert ask(service).text
    assert service.asked[-1]["body"]["stream"]


def test_a_key_with_a_lines_end_is_sent_without_and_never_printed(service: Service) -> None:
    ask(service, api_key=f" {KEY}\r\n")
    assert service.keys == [f"Bearer {KEY}"]
    for key in (f"{KEY}\r{KEY}", f"{KEY}钥匙"):
        with pytest.raises(ConfigError) as caught:
            ask(service, api_key=key)
        assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "key", "hint"),
    [(401, KEY, "Check the key"), (401, None, "No key was sent"), (404, KEY, "end in /v1")],
)
def test_a_refusal_says_what_to_do(service: Service, code: int, key: str | None, hint: str) -> None:
    service.faults = [status(code)] * 2
    with pytest.raises(EngineError, match=hint):
        ask(service, api_key=key)


def test_a_page_in_place_of_an_answer_points_to_the_address(service: Service) -> None:
    service.faults = [sent(b"<html>It works!</html>")] * 2
    with pytest.raises(EngineError, match=r"It works!.*\n.*\nCheck the address"):
        ask(service, retries=1)


def test_money_that_is_spent_is_not_waited_for(service: Service) -> None:
    service.faults = [status(429, "You exceeded your current quota (insufficient_quota)")] * 2
    with pytest.raises(EngineError, match="exceeded your current quota"):
        ask(service)
    assert len(service.asked) == 1


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("padding", ["", "x" * 290])
def test_a_key_that_the_service_repeats_is_not_printed(service: Service, written: str, padding: str) -> None:
    """Also where the message is shortened in the middle of it."""
    said = f"{padding}Incorrect API key provided: {written}. Find yours at …"
    for fault in (
        status(401, said),
        sent(json.dumps({"error": {"message": said, "code": 401}}).encode()),
        sent(said.encode()),
        lambda handler, _: handler.wfile.write(f"HTTP/1.1 {written}\r\n\r\n".encode()) is None,
    ):
        service.faults = [fault]
        with pytest.raises(EngineError) as caught:
            ask(service, api_key=KEY, retries=0)
        told = "".join(traceback.format_exception(caught.value))
        middle = len(written) // 2
        assert not any(part in str(caught.value) for part in (KEY[:9], written[middle - 4 : middle + 5]))
        assert KEY not in told.replace("ask(service, api_key=KEY", "")


@pytest.mark.parametrize("text", ["\\" * 200_000, "&#0" + "0" * 200_000, "&#x" * 70_000, "sk-" * 70_000])
def test_a_key_is_looked_for_in_time(text: str) -> None:
    """The time of each place in the text has a bound."""
    assert redactor(KEY)(text) == text


def test_a_key_in_an_answer_is_taken_out_but_a_placeholder_is_a_word(service: Service) -> None:
    service.table = {"Hello.": f"密钥是 {KEY}，用 ollama。"}
    assert ask(service, api_key=KEY).text == '{"1": "密钥是 [API key]，用 ollama。"}'
    assert "用 ollama" in ask(service, api_key="ollama").text
