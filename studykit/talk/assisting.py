"""What a language model writes about a talk: asked for part by part, kept, and proven."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from studykit import engines
from studykit.errors import BudgetError, ConfigError
from studykit.glossary import Glossary
from studykit.languages import counted
from studykit.options import Options
from studykit.store import Answers
from studykit.talk import stages
from studykit.talk.cache import Cache, keyed
from studykit.types import Assistance, AssistFeature, Notes, Occurrence, Usage

if TYPE_CHECKING:
    from studykit.annotate import Tagger
    from studykit.assist import Asked, AskingProgress, Request
    from studykit.chat import ChatModel

__all__ = ["AssistEstimate", "Assisting", "kept_assistance"]

_TOKENS_PER_S = 40.0
"""Assumed speed of a model that has not been used yet: typical of a hosted service."""


class AssistEstimate(Struct, frozen=True, kw_only=True):
    """What one feature would cost; ``missing`` requests are still to be sent."""

    feature: AssistFeature
    requests: int
    missing: int
    usage: Usage
    cost: float | None
    """In the user's currency; None if the price is unknown."""
    seconds: float


class Assisting:
    """Lets the model of the options write about a talk; ``tagger`` is the talk's own."""

    def __init__(self, cache: Cache, glossary: Glossary, options: Options, tagger: Tagger) -> None:
        self._cache = cache
        self._glossary = glossary
        self._options = options
        self._tagger = tagger
        self.warnings: list[str] = []
        self.spent: float | None = None
        """What it cost in this run; None without a price."""

    @cached_property
    def _chat(self) -> ChatModel:
        name = self._options.assist.engine
        if name is None:
            raise ConfigError("assist.engine", "no language model is named; --assist openai:MODEL does")
        return engines.chat_model(name, self._options.translate)

    @cached_property
    def _answers(self) -> Answers:
        return Answers(self._cache.store)

    def _requests(self, notes: Notes) -> list[Request]:
        from studykit.assist import requests_for

        options = self._options.assist
        return requests_for(notes, options.features, options.context)

    def estimate(self, notes: Notes) -> tuple[AssistEstimate, ...]:
        """What each feature would cost; sends nothing. Raises ``ConfigError``."""
        from studykit.chat import cost

        requests, chat = self._requests(notes), self._chat
        price = self._options.translate.prices.get(chat.model)
        pace = (self._answers.tokens_per_s(chat.name) or _TOKENS_PER_S) * chat.parallel
        made = []
        for feature in dict.fromkeys(request.feature for request in requests):
            own = [request for request in requests if request.feature == feature]
            missing = [one for one in own if self._answers.answer(one.key(chat.name)) is None]
            usage = sum((one.expected for one in missing), Usage())
            made.append(
                AssistEstimate(
                    feature=feature,
                    requests=len(own),
                    missing=len(missing),
                    usage=usage,
                    cost=cost(usage, price) if price else None,
                    seconds=usage.completion / pace,
                )
            )
        return tuple(made)

    def assistance(self, notes: Notes) -> Assistance:
        """Everything that the model writes and that can be proven.

        Raises ``ConfigError`` for a budget without a price, ``BudgetError`` before a request could exceed the
        budget, ``EngineError`` if no answer can be read, and what the engine raises; answers are kept in each
        case.
        """
        requests, chat = self._requests(notes), self._chat
        asked = self._asked(requests, chat)
        keys = [request.key(chat.name) for request in requests]
        shown = {entry.id for term in notes.terms if (entry := self._glossary.get(term.entry_id))}
        made = self._cache.run(
            "prove",
            stages.prove,
            notes,
            keyed(requests, keys),
            asked.answers,
            keyed(self._glossary, [self._glossary.forms_digest, sorted(shown)]),
            engines.encoder(self._options.align.encoder),
            self._tagger,
            chat.model,
            self._answers.last_on(keys) or "",
        )
        if unread := asked.failed(requests):
            self.warnings.append(
                f"{counted(len(unread), 'answer')} of {chat.model} could not be read "
                f"({', '.join(dict.fromkeys(unread))}); one begins: {asked.unreadable}"
            )
        return made.value

    def _asked(self, requests: list[Request], chat: ChatModel) -> Asked:
        from studykit.assist import ask
        from studykit.chat import Budget

        options = self._options
        budget = Budget.of(chat.model, options.translate.prices, options.assist.budget)
        if options.assist.budget is not None and not budget.price:
            raise ConfigError(
                "translate.prices",
                f"a budget needs the price of {chat.model!r}; in studykit.toml:\n"
                f'[translate.prices]\n"{chat.model}" = [IN, OUT]  # per million tokens',
            )
        self._cache.progress.started("assist")
        start = time.perf_counter()
        known = all(self._answers.answer(one.key(chat.name)) is not None for one in requests)
        try:
            asked = ask(
                requests,
                chat=chat,
                kept=self._answers,
                budget=budget,
                progress=lambda at: self._cache.progress.said(f"assist {_written(at)}"),
            )
        except BudgetError as error:
            raise BudgetError(error.spent, error.budget, hint=self._finished(requests, chat)) from None
        self.spent = budget.spent if budget.price else None
        self._cache.report("assist", cached=known, start=start)
        return asked

    def _finished(self, requests: list[Request], chat: ChatModel) -> str:
        """How to get notes with the features whose requests are all answered; empty if there are none."""
        features = dict.fromkeys(request.feature for request in requests)
        for request in requests:
            if self._answers.answer(request.key(chat.name)) is None:
                features.pop(request.feature, None)
        return f"Notes with what there is: --assist-features {','.join(features)}" if features else ""


def _written(progress: AskingProgress) -> str:
    spent = "" if progress.spent is None else f", {progress.spent:.4f} spent"
    return f"{progress.done}/{progress.total} answers{spent}"


def kept_assistance(notes: Notes, before: Notes) -> Assistance | None:
    """What a model wrote about ``before``, as far as it holds for ``notes``; None if nothing does.

    The sentences of the talk and the parts have to be the same. A sense or misreading also needs its
    translation, whatever is paired with what, and a sense of the word list that the item is still listed.
    """
    made, language = before.assistance, notes.source.language
    if made is None or language != before.source.language:
        return None
    if notes.sentences(language) != before.sentences(language) or _ends(notes) != _ends(before):
        return None
    listed = {(item.head, item.kind) for item in notes.vocabulary}
    kept = replace(
        made,
        items=tuple(
            item
            for item in made.items
            if _is_same(item.occurrence, notes, before)
            and (not item.listed or (item.head, item.kind) in listed)
        ),
        misread=tuple(one for one in made.misread if _is_same(one.occurrence, notes, before)),
    )
    return None if kept.is_empty else kept


def _ends(notes: Notes) -> list[int]:
    """Where the parts end, in sentences."""
    language = notes.source.language
    return [notes.paragraphs[part.paragraphs.end - 1].span(language).end for part in notes.parts]


def _is_same(at: Occurrence, notes: Notes, before: Notes) -> bool:
    """Whether the sentence there and its translation are the same."""
    if (notes.english, notes.chinese) == (before.english, before.chinese):
        return True
    return _passage(at, notes) == _passage(at, before)


def _passage(at: Occurrence, notes: Notes) -> list[str]:
    own = notes.sentences(at.language)
    if at.sentence >= len(own):
        return []
    others = notes.sentences("zh" if at.language == "en" else "en")
    return [own[at.sentence].text, *(others[i].text for i in notes.counterparts(at.language, at.sentence))]
