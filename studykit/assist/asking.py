"""Sends requests; keeps each answer as it arrives, and asks again where one cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from studykit.assist.answer import read_answer
from studykit.assist.prompts import FEATURES
from studykit.assist.requests import Request
from studykit.chat import Budget, ChatModel, Replied, count_tokens, replies
from studykit.chat.reply import first_words
from studykit.errors import EngineError
from studykit.types import AssistFeature, Usage

__all__ = ["Asked", "AskingProgress", "KeptAnswers", "ask"]

_ATTEMPTS = 2
_MOST_UNREADABLE = 3
"""Unreadable answers without a readable one, after which nothing more is sent."""


class KeptAnswers(Protocol):
    """A store of answers by key."""

    def answer(self, key: str) -> str | None:
        """The answer kept under ``key``."""

    def keep(self, key: str, answer: str, *, engine: str, usage: Usage, seconds: float) -> None:
        """Keep an answer, and what it cost."""


class AskingProgress(NamedTuple):
    """Progress, counted in requests."""

    done: int
    total: int
    spent: float | None
    """In the user's currency, if the price is known."""


class Asked(Struct, frozen=True, kw_only=True):
    """The answers to requests, None for those that could not be read."""

    answers: tuple[str | None, ...]
    unreadable: str = ""
    """The beginning of one that could not be read."""

    def failed(self, requests: Sequence[Request]) -> list[AssistFeature]:
        """The features of the requests without an answer."""
        return [one.feature for one, text in zip(requests, self.answers, strict=True) if text is None]


def ask(
    requests: Sequence[Request],
    *,
    chat: ChatModel,
    kept: KeptAnswers,
    budget: Budget,
    progress: Callable[[AskingProgress], None] = lambda _: None,
) -> Asked:
    """The answers to all requests; those that are kept cost nothing.

    Raises ``BudgetError`` before a request could exceed the budget, ``EngineError`` if none of the first
    answers can be read, and what the model raises. What has been answered is kept in each case.
    """
    answers = [kept.answer(request.key(chat.name)) for request in requests]
    reading = _Reading(chat.model, any(text is not None for text in answers))
    attempt = 0
    while attempt < _ATTEMPTS and None in answers:
        waiting = [i for i, text in enumerate(answers) if text is None]
        more_room = False
        for came in _replies([(i, requests[i]) for i in waiting], chat, budget, attempt, reading):
            (i, request), (reply,) = came.job, came.replies
            more_room |= came.roomier
            is_last = attempt == _ATTEMPTS - 1 and not came.roomier
            if reading.is_readable(reply.text, cut=is_last, counts=not came.roomier):
                answers[i] = reply.text
                kept.keep(
                    request.key(chat.name),
                    reply.text,
                    engine=chat.name,
                    usage=reply.usage,
                    seconds=came.seconds,
                )
            progress(
                AskingProgress(
                    done=sum(text is not None for text in answers),
                    total=len(requests),
                    spent=budget.spent if budget.price else None,
                )
            )
        attempt += not more_room
    if requests and not reading.any:
        raise reading.failure()
    return Asked(answers=tuple(answers), unreadable=first_words(reading.unreadable))


class _Reading:
    """Reads answers of ``model``; ``error`` says why nothing more should be sent."""

    def __init__(self, model: str, any: bool) -> None:
        self._model = model
        self._in_vain = 0
        self.any = any
        """Whether one could be read."""
        self.unreadable = ""
        """The last one that could not."""
        self.error: EngineError | None = None

    def is_readable(self, text: str, *, cut: bool, counts: bool) -> bool:
        """Whether an answer can be read; ``counts``: whether it says something about the model if not."""
        if read_answer(text, cut=cut) is not None:
            self.any = True
            return True
        self.unreadable = text
        self._in_vain += counts
        if not self.any and self._in_vain >= _MOST_UNREADABLE:
            self.error = self.failure()
        return False

    def failure(self) -> EngineError:
        """The error for a run without a readable answer."""
        return EngineError(
            self._model,
            f"no answer could be read as JSON; the last one begins: "
            f"{first_words(self.unreadable) or '(nothing)'}",
            hint="A larger model, or one that follows instructions, may do.",
        )


class _Reply(NamedTuple):
    text: str
    usage: Usage
    cut: bool


_Job = tuple[int, Request]


def _replies(
    jobs: Sequence[_Job], chat: ChatModel, budget: Budget, attempt: int, reading: _Reading
) -> Iterator[Replied[_Job, _Reply]]:
    def send(job: _Job, most_tokens: int | None, cancelled: Callable[[], bool]) -> list[_Reply]:
        return [_reply(job[1], chat, most_tokens, attempt, cancelled)]

    return replies(
        jobs,
        send,
        expected=lambda job: [job[1].expected],
        parallel=chat.parallel,
        budget=budget,
        failed=lambda: reading.error,
    )


def _reply(
    request: Request, chat: ChatModel, limit: int | None, attempt: int, cancelled: Callable[[], bool]
) -> _Reply:
    enough = (2 + 2 * attempt) * request.expected.completion + 200
    done = chat.complete(
        request.conversation,
        most_tokens=enough if limit is None else limit,
        limited=limit is not None,
        cancelled=cancelled,
        schema=FEATURES[request.feature].schema,
    )
    usage = done.usage or Usage(prompt=request.expected.prompt, completion=count_tokens(done.text))
    return _Reply(done.text, usage, done.cut)
