"""Forms in which real services and models answer, each with what has to come of it.

``SHAPES`` is a table: how a shape sends the right translations of what was asked, and what the client and the
translation have to make of one such answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from tests.chat_server import USAGE, Handler

__all__ = ["SHAPES", "Shape"]

Texts = dict[str, str]
"""Right translations by key, counted from 1."""
Said = Callable[[Texts], str]
Sent = Callable[[Handler, Texts], None]
Outcome = Literal["all", "part", "none", "refused"]


@dataclass(frozen=True)
class Shape:
    """One form of an answer."""

    name: str
    send: Sent
    outcome: Outcome = "all"
    """What is found: every sentence, some of them, none, or a refusal that is known as one."""
    requests: int = 1
    """How many are needed for one answer, with this shape for the first and a plain answer for later ones."""
    cut: bool = False


def dumped(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


def content(name: str, said: Said, outcome: Outcome = "all") -> Shape:
    """What a model writes, in a message like any other."""
    return Shape(name, lambda handler, texts: handler.say(said(texts)), outcome)


def message(name: str, fields: Callable[[Texts], dict[str, Any]], outcome: Outcome = "all") -> Shape:
    """A message with other fields than content alone, not streamed."""

    def send(handler: Handler, texts: Texts) -> None:
        choice = {"index": 0, "message": {"role": "assistant", **fields(texts)}, "finish_reason": "stop"}
        handler.send(200, {"choices": [choice], "usage": USAGE})

    return Shape(name, send, outcome)


def streamed(name: str, deltas: Callable[[Texts], list[dict[str, Any]]]) -> Shape:
    """A stream of these pieces."""
    return Shape(name, lambda handler, texts: handler.stream(deltas(texts)))


def events(name: str, text: Callable[[Texts], str], outcome: Outcome = "all", requests: int = 1) -> Shape:
    """A stream, byte for byte."""
    return Shape(name, lambda handler, texts: handler.events(text(texts)), outcome, requests)


def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
    return dumped({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def error(name: str, status: int, document: Any, outcome: Outcome = "all", requests: int = 2) -> Shape:
    """An error; later requests are answered well."""
    return Shape(name, lambda handler, _: handler.send(status, document), outcome, requests)


def refusing(name: str, *parts: str) -> Shape:
    """A service that refuses requests with these fields, one after the other."""

    def send(handler: Handler, texts: Texts) -> None:
        for part in parts:
            if part in dumped(handler.body):
                handler.send(400, {"error": {"message": f"Unsupported parameter: '{part}'"}})
                handler.service.faults.insert(0, lambda again, _: send(again, texts) is None)
                return
        handler.say(dumped(texts))

    return Shape(name, send, requests=len(parts) + 1)


def unnamed_refusal(handler: Handler, texts: Texts) -> None:
    if {"temperature", "stream_options", "response_format"} & handler.body.keys():
        handler.send(422, {"detail": "Extra inputs are not permitted"})
        handler.service.faults.insert(0, lambda again, _: unnamed_refusal(again, texts) is None)
    else:
        handler.say(dumped(texts))


def finished(handler: Handler, text: str, finish: str, **more: Any) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **more}, "finish_reason": finish}
    handler.send(200, {"choices": [choice], "usage": USAGE})


def zero_based(texts: Texts, word: str = "") -> str:
    return dumped({f"{word}{int(key) - 1}": text for key, text in texts.items()})


def shifted(texts: Texts) -> Texts:
    """Every sentence with the next one's translation, and none for the last."""
    keys = list(texts)
    return {key: texts[following] for key, following in pairwise(keys)}


def call(texts: Texts) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": "answer", "arguments": dumped(texts)}}


NOTE = "注：人名和产品名 [1] 保留了英文，其余 {均} 译出。"

SHAPES = [
    content("plain", dumped),
    content("indented", lambda texts: json.dumps(texts, ensure_ascii=False, indent=2)),
    content("escaped", json.dumps),
    content("fence", lambda texts: f"```json\n{dumped(texts)}\n```"),
    content("fence on one line", lambda texts: f"```{dumped(texts)}```"),
    content("text before", lambda texts: f"Here is the translation:\n{dumped(texts)}"),
    content(
        "text before a fence, note after", lambda texts: f"好的：\n```json\n{dumped(texts)}\n```\n{NOTE}"
    ),
    content("byte order mark", lambda texts: f"\ufeff{dumped(texts)}"),
    content("wrapped as we ask", lambda texts: dumped({"sentences": texts})),
    content("wrapped", lambda texts: dumped({"translations": texts, "notes": "none"})),
    content(
        "list of id and translation",
        lambda texts: dumped([{"id": int(key), "translation": text} for key, text in texts.items()]),
    ),
    content(
        "wrapped list of key and text",
        lambda texts: dumped({"result": [{"key": key, "text": text} for key, text in texts.items()]}),
    ),
    content("values by language", lambda texts: dumped({key: {"zh": text} for key, text in texts.items()})),
    content(
        "values in both languages",
        lambda texts: dumped({key: {"en": "Some English.", "zh": text} for key, text in texts.items()}),
    ),
    content("keys s1", lambda texts: dumped({f"s{key}": text for key, text in texts.items()})),
    content(
        "keys sentence 1", lambda texts: dumped({f"Sentence {key}": text for key, text in texts.items()})
    ),
    content("keys from 0", zero_based),
    content("keys from s0", lambda texts: zero_based(texts, "s")),
    content("an object a line", lambda texts: "\n".join(dumped({key: text}) for key, text in texts.items())),
    content("JSON as a JSON string", lambda texts: dumped(dumped(texts))),
    content("thinking", lambda texts: f'<think>First {{"1": "不"}}?</think>\n{dumped(texts)}'),
    content("lone end of thinking", lambda texts: f'Maybe {{"1": "不是这个"}}.\n</think>\n\n{dumped(texts)}'),
    content(
        "harmony channels",
        lambda texts: f"<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>{dumped(texts)}",
    ),
    content("numbered lines", lambda texts: "\n".join(f"{key}. {text}" for key, text in texts.items())),
    content(
        "bold numbers between remarks",
        lambda texts: "\n".join(
            ["Sure:", "", *(f"**{key}.** {text}" for key, text in texts.items()), "", NOTE]
        ),
    ),
    content("trailing comma", lambda texts: dumped(texts)[:-1] + ",\n}"),
    content("missing comma", lambda texts: dumped(texts).replace('", "', '"\n"')),
    content("raw newline in a string", lambda texts: dumped(texts).replace("。", "\n。")),
    content("bare quotes in a string", lambda texts: dumped(texts).replace("编号", '"编号"')),
    content("Python's quotes", repr),
    content(
        "Chinese marks for JSON",
        lambda texts: "{" + "，".join(f"“{key}”：“{text}”" for key, text in texts.items()) + "}",
    ),
    content("comments", lambda texts: dumped(texts).replace('", "', '", // done\n"')),
    content("no braces", lambda texts: dumped(texts)[1:-1]),
    content(
        "numbers, bold, labels, notes",
        lambda texts: dumped({key: f"{key}. 译文：**{text}**（注：直译）" for key, text in texts.items()}),
    ),
    content(
        "the question, then the answer",
        lambda texts: dumped({"title": "T", "sentences": dict.fromkeys(texts, "English.")}) + dumped(texts),
    ),
    message("content in parts", lambda texts: {"content": [{"type": "text", "text": dumped(texts)}]}),
    message(
        "thinking in parts",
        lambda texts: {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": 'Hm, {"1": "不"}'}]},
                {"type": "text", "text": dumped(texts)},
            ]
        },
    ),
    message("reasoning_content", lambda texts: {"reasoning_content": "Hm.", "content": dumped(texts)}),
    message(
        "all in reasoning_content",
        lambda texts: {"reasoning_content": f"Hm.\n</think>{dumped(texts)}", "content": None},
    ),
    message("tool call", lambda texts: {"content": None, "tool_calls": [call(texts)]}),
    message(
        "tool call with an object and a remark",
        lambda texts: {
            "content": "I use the tool.",
            "tool_calls": [{"function": {"name": "answer", "arguments": texts}}],
        },
    ),
    message("function call", lambda texts: {"function_call": {"name": "a", "arguments": dumped(texts)}}),
    streamed(
        "stream of thoughts and text",
        lambda texts: [
            {"role": "assistant", "content": None},
            {"reasoning_content": 'Hm, {"1": '},
            {"reasoning_content": '"不"}'},
            *({"content": char} for char in dumped(texts)),
        ],
    ),
    streamed(
        "stream of a tool call",
        lambda texts: [
            {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "answer", "arguments": ""}}]},
            *({"tool_calls": [{"index": 0, "function": {"arguments": char}}]} for char in dumped(texts)),
        ],
    ),
    events(
        "stream without its end mark", lambda texts: f"data: {chunk({'content': dumped(texts)}, 'stop')}\n\n"
    ),
    events(
        "stream with comments, CR LF and no spaces",
        lambda texts: (
            f": KEEP-ALIVE\r\n\r\nevent: message\r\ndata:{chunk({'content': dumped(texts)})}\r\n\r\n"
            f": KEEP-ALIVE\r\n\r\ndata:{chunk({}, 'stop')}\r\n\r\ndata:[DONE]\r\n\r\n"
        ),
    ),
    events(
        "stream without empty lines",
        lambda texts: f"data: {chunk({'content': dumped(texts)})}\ndata: {chunk({}, 'stop')}\ndata: [DONE]\n",
    ),
    events(
        "stream that ends in an error",
        lambda texts: (
            f'data: {chunk({"content": dumped(texts)[:9]})}\n\ndata: {{"error": {{"message": "overloaded",'
            ' "type": "overloaded_error"}}\n\n'
        ),
        requests=2,
    ),
    events("stream that breaks off", lambda texts: f"data: {chunk({'content': 'x'})[:30]}", requests=2),
    Shape(
        "document though a stream was asked for",
        lambda handler, texts: finished(handler, dumped(texts), "stop"),
    ),
    refusing("no streams", '"stream": true'),
    refusing("no schemas", "json_schema"),
    refusing("no form of the answer", "response_format", "response_format"),
    refusing("no temperature, no schemas, no usage", "temperature", "json_schema", "stream_options"),
    Shape("refuses without naming what", unnamed_refusal, requests=2),
    error("too many requests", 429, {"error": {"message": "slow down"}}),
    error("error in an answer", 200, {"error": {"message": "Provider returned error", "code": 502}}),
    error("empty choices", 200, {"choices": []}),
    error("a page", 200, b"<html><body>Open WebUI</body></html>"),
    message("refusal", lambda _: {"content": None, "refusal": "I can't help with that."}, "refused"),
    content("refusal in words", lambda _: "I'm sorry, but I can't translate this.", "refused"),
    content("refusal in Chinese", lambda _: "抱歉，我无法翻译这段内容。", "refused"),
    Shape("filtered", lambda handler, _: finished(handler, "", "content_filter"), "refused"),
    error(
        "filtered as an error",
        400,
        {"error": {"message": "The response was filtered", "code": "content_filter"}},
        "refused",
        requests=1,
    ),
    Shape(
        "cut in the middle",
        lambda handler, texts: finished(handler, dumped(texts)[:-8], "length"),
        "part",
        cut=True,
    ),
    Shape(
        "cut while thinking",
        lambda handler, texts: finished(handler, "", "length", reasoning_content=dumped(texts)),
        "none",
        cut=True,
    ),
    message("nothing", lambda _: {"content": None}, "none"),
    content("a list without numbers", lambda texts: dumped(list(texts.values())), "none"),
    content("one key too many", lambda texts: dumped({"0": "题目", **texts}), "none"),
    content("small talk", lambda _: "Could you send me the text that I should translate?", "none"),
    content("the prompt's words", lambda _: '{"KEY": "TRANSLATION"}', "none"),
    content("every neighbour's translation", lambda texts: dumped(shifted(texts)), "part"),
]
