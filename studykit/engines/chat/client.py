"""Asks any service that has OpenAI's ``/v1/chat/completions``: hosted, vLLM, Ollama, llama.cpp.

Uses the standard library only. A refused or failed request is repeated after growing delays (exponential
backoff with jitter, Brooker 2015) or when the service says so (``Retry-After``, RFC 9110, section
10.2.3). Answers are limited in size and time; redirects are not followed, since they would send the key
elsewhere.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from email.message import Message as Headers
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import Any

from studykit.chat import Completion, Message
from studykit.engines.programs.deadline import Deadline, deadline_opener
from studykit.errors import ConfigError, EngineError, MissingError
from studykit.languages import counted
from studykit.options import TranslateOptions
from studykit.types import Usage

__all__ = ["OpenAIChat"]

_LARGEST_BYTES = 4_000_000
_AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_LONGEST_WAIT_S = 120.0
_MOST_TOKENS = 10**9
_ERROR_CHARS = 300


class OpenAIChat:
    """``model`` at the service in ``options``. Raises ``ConfigError`` for an invalid address."""

    def __init__(self, model: str, options: TranslateOptions) -> None:
        if not options.base_url.startswith(("http://", "https://")):
            raise ConfigError(
                "translate.base_url", f"{options.base_url!r} must begin with http:// or https://"
            )
        self._model = model
        self._options = options
        self._url = options.base_url.rstrip("/") + "/chat/completions"
        self._optional = {"temperature", "max_tokens"}
        self._opener = deadline_opener()
        self._pacer = _Pacer(options.requests_per_minute)
        self._reached = False

    @property
    def name(self) -> str:
        """Address and model."""
        return f"openai {self._options.base_url.rstrip('/')} {self._model}"

    @property
    def model(self) -> str:
        """The service's name of the model."""
        return self._model

    @property
    def parallel(self) -> int:
        """As many as the user allows."""
        return self._options.parallel

    def complete(
        self,
        conversation: Sequence[Message],
        *,
        most_tokens: int,
        limited: bool,
        cancelled: Callable[[], bool],
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """The model's answer, empty if it has no text.

        Raises ``EngineError`` with the service's own message if it refuses, or after the last attempt.
        """
        for attempt in range(self._options.retries + 1):
            self._pacer.wait(cancelled)
            if cancelled():
                break
            sent = frozenset(self._optional)
            deadline = Deadline(self._options.timeout_s)
            try:
                with deadline.running():
                    body = self._send(conversation, most_tokens if limited else None, sent)
                self._reached = True
                return _read(body)
            except _RefusedError as error:
                text = self._redacted(error.text)
                problem = f"{self._url} answered {error.code} {error.reason}: {text}"
                if error.code == 400 and self._drop(text, sent):
                    return self.complete(
                        conversation,
                        most_tokens=most_tokens,
                        limited=limited,
                        cancelled=cancelled,
                        schema=schema,
                    )
                if error.code not in _AGAIN:
                    raise EngineError("openai", problem) from error
                wait_s = _retry_after_s(error.headers)
            except (OSError, HTTPException, ValueError) as error:
                reason = getattr(error, "reason", None) or error
                if isinstance(reason, socket.gaierror):
                    host = urllib.parse.urlsplit(self._url).netloc
                    raise MissingError(
                        f"a connection to {host} ({reason.strerror})",
                        "connect this machine to the network, or set another service in translate.base_url",
                    ) from error
                if isinstance(reason, ConnectionRefusedError) and not self._reached:
                    raise EngineError(
                        "openai", f"{self._url}: connection refused; is the service running?"
                    ) from error
                if deadline.passed:
                    reason = f"no whole answer within {self._options.timeout_s:g} s (translate.timeout_s)"
                problem, wait_s = f"{self._url}: {reason}", None
            if attempt < self._options.retries:
                _pause(_backoff_s(attempt) if wait_s is None else min(wait_s, _LONGEST_WAIT_S), cancelled)
        else:
            raise EngineError(
                "openai", f"{problem}\nGave up after {counted(self._options.retries + 1, 'attempt')}."
            )
        raise EngineError("openai", "stopped")

    def _send(
        self, conversation: Sequence[Message], most_tokens: int | None, optional: frozenset[str]
    ) -> bytes:
        body: dict[str, Any] = {"model": self._model, "messages": list(conversation), "stream": False}
        if "temperature" in optional:
            body["temperature"] = 0
        if most_tokens is not None:
            limit = "max_tokens" if "max_tokens" in optional else "max_completion_tokens"
            body[limit] = most_tokens
        request = urllib.request.Request(
            self._url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        if self._options.api_key:
            request.add_header("Authorization", f"Bearer {self._options.api_key}")
        try:
            with self._opener.open(request, timeout=self._options.timeout_s) as response:
                return _body(response)
        except urllib.error.HTTPError as error:
            raise _RefusedError(error) from error

    def _redacted(self, text: str) -> str:
        """``text`` without the key, which some services repeat."""
        key = self._options.api_key
        return text.replace(key, "[API key]") if key else text

    def _drop(self, error_text: str, sent: frozenset[str]) -> bool:
        """Drop optional fields that the service rejects; some models take no temperature."""
        named = {name for name in sent if name in error_text}
        self._optional -= named
        return bool(named)


class _RefusedError(Exception):
    """An answer with an error status; ``text`` is read while its deadline runs."""

    def __init__(self, error: urllib.error.HTTPError) -> None:
        super().__init__(str(error))
        self.code, self.reason, self.headers = error.code, error.reason, error.headers
        with error:  # its connection stays open otherwise
            self.text = _error_text(error)


class _Pacer:
    """Limits the rate of requests."""

    def __init__(self, per_minute: float | None) -> None:
        self._gap_s = 60 / per_minute if per_minute else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, cancelled: Callable[[], bool]) -> None:
        with self._lock:
            mine = max(self._next, time.monotonic())
            self._next = mine + self._gap_s
        _pause(mine - time.monotonic(), cancelled)


def _pause(seconds: float, cancelled: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not cancelled():
        time.sleep(min(left, 0.1))


def _backoff_s(attempt: int) -> float:
    return random.uniform(0.5, 1.0) * min(2.0**attempt, 30.0)


def _retry_after_s(headers: Headers) -> float | None:
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


def _body(response: HTTPResponse) -> bytes:
    """The whole body; raises ``ValueError`` if it is too long or incomplete."""
    data = bytearray()
    while chunk := response.read1(65_536):
        data += chunk
        if len(data) > _LARGEST_BYTES:
            raise ValueError("the answer is too long")
    missing = response.length
    if missing:
        raise ValueError(f"the answer is incomplete, {missing} bytes are missing")
    return bytes(data)


def _error_text(error: urllib.error.HTTPError) -> str:
    """The service's error message, on one line."""
    try:
        text = error.read(20_000).decode("utf-8", "replace")
    except (OSError, HTTPException):
        return ""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        text = str(json.loads(text)["error"]["message"])
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_ERROR_CHARS]


def _read(body: bytes) -> Completion:
    """Text and tokens; raises ``ValueError`` if it is not a completion."""
    try:
        answer = json.loads(body)
        content = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError, RecursionError) as error:
        raise ValueError("the answer is not a chat completion") from error
    return Completion(content if isinstance(content, str) else "", _usage(answer.get("usage")))


def _counts(*tokens: int) -> bool:
    """Whether a service can have meant these numbers of tokens."""
    return all(0 <= number <= _MOST_TOKENS for number in tokens)


def _usage(counted: Any) -> Usage | None:
    """The tokens that a service counted, if it reports them."""
    if not isinstance(counted, dict):
        return None
    prompt, completion = counted.get("prompt_tokens"), counted.get("completion_tokens")
    if isinstance(prompt, int) and isinstance(completion, int) and _counts(prompt, completion):
        return Usage(prompt=prompt, completion=completion)
    return None
