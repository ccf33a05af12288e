"""Sends requests, several at a time; keeps each answer as it arrives, and minds the budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from studykit.assist.answer import read_answer
from studykit.assist.prompts import FEATURES
from studykit.assist.requests import Request
from studykit.chat import Budget, ChatModel, count_tokens
from studykit.chat.reply import first_words
from studykit.errors import BudgetError, EngineError
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answers to requests, None for those that could not be read."""

    answers: tuple[str | None, ...]
    unreadable: str = ""
    """The beginning of one that could not be read."""

    def failed(self, requests: Sequence[Request]) -> list[AssistFeature]:
        """The features of the requests without an answer."""
        return [one.feature for one, text in zip(requests, self.answers, strict=True) if text is None]


class _Reply(NamedTuple):
    text: str
    usage: Usage
    seconds: float


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
    readable = any(text is not None for text in answers)
    unreadable, in_vain = "", 0
    for attempt in range(_ATTEMPTS):
        waiting = [i for i, text in enumerate(answers) if text is None]
        for i, reply in _replies([(i, requests[i]) for i in waiting], chat, budget, attempt):
            is_last = attempt == _ATTEMPTS - 1
            if read_answer(reply.text, cut=is_last) is not None:
                answers[i] = reply.text
                readable = True
                kept.keep(
                    requests[i].key(chat.name),
                    reply.text,
                    engine=chat.name,
                    usage=reply.usage,
                    seconds=reply.seconds,
                )
            else:
                unreadable, in_vain = reply.text, in_vain + 1
                if not readable and in_vain >= _MOST_UNREADABLE:
                    raise _unreadable(chat, unreadable)
            progress(
                AskingProgress(
                    done=sum(text is not None for text in answers),
                    total=len(requests),
                    spent=budget.spent if budget.price else None,
                )
            )
    if requests and not readable:
        raise _unreadable(chat, unreadable)
    return Asked(answers=tuple(answers), unreadable=first_words(unreadable))


def _unreadable(chat: ChatModel, text: str) -> EngineError:
    return EngineError(
        chat.model,
        f"no answer could be read as JSON; the last one begins: {first_words(text) or '(nothing)'}",
        hint="A larger model, or one that follows instructions, may do.",
    )


def _replies(
    jobs: Sequence[tuple[int, Request]], chat: ChatModel, budget: Budget, attempt: int
) -> Iterator[tuple[int, _Reply]]:
    """Replies as they arrive. On an error, an interruption or an exhausted budget nothing more is sent, but
    pending requests are awaited, since they are paid for."""
    stop = threading.Event()
    running: dict[Future[_Reply], tuple[int, float]] = {}
    waiting = list(reversed(jobs))
    failure: BaseException | None = None
    with ThreadPoolExecutor(chat.parallel) as pool:
        try:
            while waiting or running:
                try:
                    while waiting and not failure and len(running) < chat.parallel:
                        i, request = waiting[-1]
                        amount = budget.most([request.expected])
                        if not budget.reserve(amount):
                            if not running:
                                failure = BudgetError(budget.spent, budget.budget or 0.0)
                            break  # pending requests may cost less than was reserved for them
                        waiting.pop()
                        limit = budget.most_tokens([request.expected])
                        future = pool.submit(_reply, request, chat, limit, attempt, stop)
                        running[future] = i, amount
                    if not running:
                        break
                    ready = wait(running, return_when=FIRST_COMPLETED).done
                except BaseException as error:
                    stop.set()
                    if failure:  # interrupted again: stop waiting
                        raise
                    failure = error
                    continue
                for future in ready:
                    i, amount = running.pop(future)
                    try:
                        reply = future.result()
                    except BaseException as error:
                        budget.settle(amount, Usage())
                        failure = failure or error
                        stop.set()
                        continue
                    budget.settle(amount, reply.usage)
                    yield i, reply
        finally:
            stop.set()  # also if the consumer is interrupted: no new attempts
    if failure:
        raise failure


def _reply(
    request: Request, chat: ChatModel, limit: int | None, attempt: int, stop: threading.Event
) -> _Reply:
    start = time.monotonic()
    enough = (2 + 2 * attempt) * request.expected.completion + 200
    done = chat.complete(
        request.conversation,
        most_tokens=enough if limit is None else limit,
        limited=limit is not None,
        cancelled=stop.is_set,
        schema=FEATURES[request.feature].schema,
    )
    usage = done.usage or Usage(prompt=request.expected.prompt, completion=count_tokens(done.text))
    return _Reply(done.text, usage, time.monotonic() - start)
