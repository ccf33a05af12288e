"""Reads what a service sends: one document, or a stream of server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from typing import Any

from studykit.chat import Completion
from studykit.engines.chat.parts import Collected

__all__ = ["NO_ANSWER", "AnsweredError", "completion_of", "read_answer"]

_LARGEST_BYTES = 4_000_000
_LARGEST_STREAM_BYTES = 64_000_000
"""A stream takes some 200 bytes for each token."""
_LONGEST_LINE_BYTES = 1_000_000
_SHOWN_BYTES = 20_000  # shortened where the key is taken out
NO_ANSWER = "the answer is not a chat completion"
_STREAM_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
_PASSING = ("rate", "overload", "timeout", "server", "unavailable", "busy")
"""Words in the kind of an error that passes."""


class AnsweredError(Exception):
    """An error that a service sends in place of an answer, or in the middle of one."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def read_answer(response: HTTPResponse, *, longest_chars: int, heard: Callable[[], None]) -> Completion:
    """The model's answer; ``heard`` is called for every line of a stream.

    A streamed answer that grows beyond ``longest_chars`` is cut there. Raises ``ValueError`` if what comes is
    no answer, incomplete or too long, and ``AnsweredError``.
    """
    framed = response.chunked or response.length is not None
    first = b""
    while not first.strip():
        first = _line(response)
        if not first:
            raise ValueError("the answer is empty")
    if not first.lstrip(b"\xef\xbb\xbf \t").startswith(_STREAM_STARTS):
        return completion_of(first + _rest(response))
    collected = Collected()
    ended = False
    for document in _events(first, response, heard):
        if document is None:
            ended = True
            break
        _add(collected, document)
        if collected.chars > longest_chars:
            return collected.completion(cut=True)
    missing = response.length if not ended else 0
    if missing or not (ended or collected.finish or (framed and collected.chars)):
        raise ValueError("the answer is incomplete: the stream broke off")
    return collected.completion()


def completion_of(data: bytes) -> Completion:
    """The answer in one document. Raises ``ValueError`` if it is none, and ``AnsweredError``."""
    if len(data) > _LARGEST_BYTES:
        raise ValueError("the answer is too long")
    collected = Collected()
    try:
        _add(collected, json.loads(data))
    except (ValueError, RecursionError):
        collected.choices = 0
    if not collected.choices:
        raise ValueError(f"{NO_ANSWER}: {data[:_SHOWN_BYTES].decode('utf-8', 'replace')}")
    return collected.completion()


def _add(collected: Collected, document: Any) -> None:
    if not isinstance(document, dict):
        raise ValueError(NO_ANSWER)
    told = document.get("error") or (document if document.get("object") == "error" else None)
    if told:
        said = told if isinstance(told, dict) else {"message": told}
        raise AnsweredError(_code(said), str(said.get("message") or said))
    try:
        collected.add(document)
    except RecursionError as error:
        raise ValueError(NO_ANSWER) from error


def _code(error: dict[str, Any]) -> int:
    """The status that an error in a document stands for."""
    for name in ("code", "status", "status_code"):
        if isinstance(code := error.get(name), int) and 400 <= code < 600:
            return code
    kind = f"{error.get('code') or ''} {error.get('type') or ''}".strip().casefold()
    return 503 if not kind or any(word in kind for word in _PASSING) else 400


def _events(first: bytes, response: HTTPResponse, heard: Callable[[], None]) -> Iterator[Any | None]:
    """The documents of a stream; None for its end."""
    gathered, size, line = b"", 0, first
    while line:
        size += len(line)
        if size > _LARGEST_STREAM_BYTES:
            raise ValueError("the answer is too long")
        if line.endswith(b"\n"):
            heard()
        name, _, data = line.lstrip(b"\xef\xbb\xbf").strip().partition(b":")
        if name == b"data":
            gathered += data.strip()
            if gathered == b"[DONE]":
                yield None
                return
            try:
                document = json.loads(gathered)
            except RecursionError as error:
                raise ValueError(NO_ANSWER) from error
            except ValueError:
                gathered += b"\n"  # an event of several lines
            else:
                gathered = b""
                yield document
        elif not line.strip() and gathered.strip():
            raise ValueError(NO_ANSWER)
        line = _line(response)
    if gathered.strip():
        raise ValueError("the answer is incomplete: the stream broke off")


def _line(response: HTTPResponse) -> bytes:
    line = response.readline(_LONGEST_LINE_BYTES + 1)
    if len(line) > _LONGEST_LINE_BYTES:
        return line + _rest(response)  # no stream has such lines; a document may
    return line


def _rest(response: HTTPResponse) -> bytes:
    """The rest of the body; raises ``ValueError`` if it is too long or incomplete."""
    data = bytearray()
    while chunk := response.read1(65_536):
        data += chunk
        if len(data) > _LARGEST_BYTES:
            raise ValueError("the answer is too long")
    if response.length:
        raise ValueError(f"the answer is incomplete, {response.length} bytes are missing")
    return bytes(data)
