"""Asks any service with OpenAI's ``/v1/chat/completions``: hosted, vLLM, Ollama, llama.cpp.

Uses the standard library only. A failed request is repeated after growing delays (exponential backoff with
jitter, Brooker 2015) or when the service says so (``Retry-After``, RFC 9110, section 10.2.3). Answers are
streamed, and limited in size and time; what a service refuses is left out of later requests.
"""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from email.message import Message as Headers
from http.client import HTTPException
from typing import Any

from msgspec.structs import replace

from studykit.chat import Completion, Message, count_tokens
from studykit.chat.reply import REFUSED
from studykit.engines.chat.answer import NO_ANSWER, AnsweredError, read_answer
from studykit.engines.chat.deadline import Deadline, Pulse, deadline_opener
from studykit.engines.chat.pace import LONGEST_WAIT_S, Pacer, backoff_s, pause, retry_after_s
from studykit.engines.chat.request import Asked, Taken, body
from studykit.engines.chat.secret import redactor
from studykit.errors import ConfigError, EngineError, MissingServiceError
from studykit.languages import counted
from studykit.options import TranslateOptions
from studykit.types import Usage

__all__ = ["OpenAIChat"]

_AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_SPENT = ("insufficient_quota", "insufficient balance", "billing")
_FILTERS = ("content_filter", "content_policy", "responsibleaipolicy", "data_inspection_failed", "moderation")
"""In the text of a refusal that concerns what was said, not the request."""
_ERROR_BYTES, _ERROR_CHARS = 20_000, 300
_SECRET_CHARS = 16
"""Shorter keys are placeholders such as "ollama", which a talk may say."""
_ENDLESS = 20
"""Characters of an answer for each token expected, at which it counts as endless."""
_LEAST_CHARS = 4000
_ROOM = 4
"""An answer that a service's own limit cut is asked for again with so many times the expected tokens."""
_ROOM_TO_THINK = 4096
_CHECK_ADDRESS = "Check the address: most --base-url end in /v1."


class OpenAIChat:
    """``model`` at the service in ``options``. Raises ``ConfigError`` for an invalid address or key."""

    def __init__(self, model: str, options: TranslateOptions) -> None:
        _require_address(options.base_url)
        options = replace(options, api_key=_plain_key(options.api_key))
        self._model = model
        self._options = options
        self._url = options.base_url.rstrip("/") + "/chat/completions"
        self._taken = Taken()
        self._opener = deadline_opener()
        self._pacer = Pacer(options.requests_per_minute)
        self._pulse = Pulse()
        self._reached = False
        self._own_limit = False
        """Whether the service cuts answers unless a limit is sent."""
        self._redacted = redactor(options.api_key)
        self._redacted_answer = redactor(options.api_key, shortest=_SECRET_CHARS)

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
        """The model's answer, empty if it has no text; ``[refused]`` and why if there is none for that.

        The tokens are estimated where the service reports none. Raises ``EngineError`` with the service's own
        message if it refuses the request, or after the last attempt.
        """
        longest = max(_ENDLESS * most_tokens, _LEAST_CHARS)
        roomy = _ROOM * most_tokens + _ROOM_TO_THINK
        allowed = most_tokens if limited else roomy if self._own_limit else None
        done = self._answered(Asked(conversation, allowed, schema, longest), cancelled)
        if done.cut and allowed is None and len(done.text) <= longest:
            self._own_limit = True
            again = self._answered(Asked(conversation, roomy, schema, longest), cancelled)
            done = again._replace(usage=(done.usage or Usage()) + (again.usage or Usage()))
        return done

    def _answered(self, asked: Asked, cancelled: Callable[[], bool]) -> Completion:
        """The answer of the first attempt that succeeds."""
        attempt, silent, bare = 0, 0, False
        problem = ""
        while True:
            self._pacer.wait(cancelled)
            if cancelled():
                raise EngineError("openai", "stopped")
            sent = self._taken.sent(asked) if not bare else self._taken.bare(asked)
            deadline = Deadline(self._options.timeout_s, self._options.longest_answer_s, self._pulse)
            wait_s: float | None = None
            try:
                with deadline.running():
                    done = self._send(asked, sent, deadline)
                if bare:
                    self._taken.keep_bare(asked)
                self._reached = True
                return self._completed(asked, done)
            except _RefusedError as error:
                if error.filtered:
                    return Completion(f"{REFUSED} {error.text}", Usage())
                if self._taken.learn(error.code, error.text, sent):
                    continue
                if bare and error.code not in _AGAIN:
                    raise EngineError("openai", problem) from None
                problem = f"{self._url} answered {error}"
                if self._taken.may_be_bare(error.code, sent) and not bare:
                    bare = True
                    continue
                if error.code not in _AGAIN or error.spent:
                    raise EngineError("openai", problem, hint=self._hint(error.code)) from None
                wait_s = retry_after_s(error.headers)
            except (OSError, HTTPException, ValueError) as error:
                problem = self._problem(error, deadline)
                silent += deadline.passed == "silence"
            if attempt == self._options.retries or deadline.passed == "whole" or silent > 1:
                tried = counted(attempt + 1, "attempt")
                hint = "" if self._reached or NO_ANSWER not in problem else _CHECK_ADDRESS
                raise EngineError("openai", f"{problem}\nGave up after {tried}.", hint=hint)
            pause(backoff_s(attempt) if wait_s is None else min(wait_s, LONGEST_WAIT_S), cancelled)
            attempt += 1

    def _send(self, asked: Asked, sent: frozenset[str], deadline: Deadline) -> Completion:
        document = json.dumps(body(self._model, asked, sent)).encode()
        request = urllib.request.Request(
            self._url, data=document, headers={"Content-Type": "application/json"}
        )
        if self._options.api_key:
            request.add_header("Authorization", f"Bearer {self._options.api_key}")
        try:
            with self._opener.open(request, timeout=self._options.timeout_s + 1) as response:
                return read_answer(response, longest_chars=asked.longest_chars, heard=deadline.heard)
        except urllib.error.HTTPError as error:
            with error:  # its connection stays open otherwise
                text = _error_text(error)
            raise _RefusedError(error.code, error.reason, self._told(text), error.headers) from None
        except AnsweredError as error:
            raise _RefusedError(error.code, "in its answer", self._told(error.text), Headers()) from None

    def _completed(self, asked: Asked, done: Completion) -> Completion:
        usage = done.usage or Usage()
        if not usage.prompt:
            prompt = sum(count_tokens(message["content"]) + 4 for message in asked.conversation)
            usage = Usage(prompt=prompt, completion=usage.completion)
        full = asked.most_tokens is not None and usage.completion >= asked.most_tokens
        return Completion(self._redacted_answer(done.text), usage, done.cut or full)

    def _problem(self, error: Exception, deadline: Deadline) -> str:
        """What went wrong with a connection; raises what no further attempt can mend."""
        reason = getattr(error, "reason", None) or error
        if isinstance(reason, socket.gaierror):
            host = urllib.parse.urlsplit(self._url).netloc
            raise MissingServiceError(host, reason.strerror or str(reason), "--base-url URL") from error
        if isinstance(reason, ConnectionRefusedError) and not self._reached:
            raise EngineError(
                "openai",
                f"{self._url}: connection refused; is the service running?",
                hint="Start it, or give another address: --base-url URL",
            ) from error
        if deadline.passed == "whole":
            said = f"no whole answer within {self._options.longest_answer_s:g} s (translate.longest_answer_s)"
        elif deadline.passed or isinstance(reason, TimeoutError):
            said = (
                f"nothing came for {self._options.timeout_s:g} s (translate.timeout_s); "
                "a larger value gives a slow model more time"
            )
        else:
            said = self._told(str(reason))
        return f"{self._url}: {said}"

    def _hint(self, status: int) -> str:
        """What the user can do about a refusal with this status."""
        if status in {401, 403}:
            sent = "Check the key" if self._options.api_key else "No key was sent; set one"
            return f"{sent}: translate.api_key in the settings, or STUDYKIT_API_KEY."
        if status == 404:
            return f"Check the name of the model. {_CHECK_ADDRESS}"
        return ""

    def _told(self, text: str) -> str:
        """What a service said, on one line, without the key, which some services repeat."""
        line = self._redacted(text)
        line = " ".join("".join(char if char.isprintable() else " " for char in line).split())
        return self._redacted(line)[:_ERROR_CHARS]


def _require_address(url: str) -> None:
    """Raise ``ConfigError`` unless ``url`` is the address of a service, without a password in it."""
    if not url.startswith(("http://", "https://")):
        raise ConfigError("translate.base_url", f"{url!r} must begin with http:// or https://")
    if "@" in url.partition("//")[2].partition("/")[0]:
        raise ConfigError(
            "translate.base_url", "must have no name or password in it; a key goes into STUDYKIT_API_KEY"
        )


def _plain_key(key: str | None) -> str | None:
    """The key without white space around it, such as a line's end from a file.

    Raises ``ConfigError``, which does not repeat it, for a key that no header can carry.
    """
    plain = (key or "").strip()
    if not (plain.isascii() and plain.isprintable()):
        raise ConfigError("translate.api_key", "must be letters, digits and marks of ASCII on one line")
    return plain or None


class _RefusedError(Exception):
    """A request that the service refused; ``text`` is its message."""

    def __init__(self, code: int, reason: str, text: str, headers: Headers) -> None:
        super().__init__(f"{code} {reason}: {text}")
        self.code, self.text, self.headers = code, text, headers
        said = text.casefold()
        self.spent = any(word in said for word in _SPENT)
        self.filtered = code in {400, 403, 422} and any(word in said for word in _FILTERS)


def _error_text(error: urllib.error.HTTPError) -> str:
    """The service's error message, with its code if it has one."""
    try:
        text = error.read(_ERROR_BYTES).decode("utf-8", "replace")
    except (OSError, HTTPException):
        return ""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        document = json.loads(text)
        told = document.get("error") or document
        if isinstance(told, str):
            return told
        text = str(told["message"])
        if isinstance(code := told.get("code"), str) and code not in text:
            text += f" ({code})"
    return text
