"""Translates paragraph by paragraph: requests, checks, repeats where necessary, and stores.

A translation is accepted if it has the key of its sentence, is plausible (``reply.plausible``), is not a
copy of another sentence's, and is where the aligner, which does not know the keys, would put it too.
Other sentences are requested again: first together, then one by one, so that nothing can be merged or
swapped. A sentence that still fails has no translation.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from studykit.chat import Budget
from studykit.errors import BudgetError
from studykit.fingerprint import digest
from studykit.translate.engine import Answer, SourceParagraph, Translator
from studykit.translate.reply import plausible
from studykit.types import Usage

__all__ = [
    "Kept",
    "Shifted",
    "Translated",
    "TranslationCache",
    "TranslationProgress",
    "kept_texts",
    "paragraph_key",
    "translate_paragraphs",
]

Shifted = Callable[[Sequence[str], Sequence[str]], Collection[int]]
"""Given sentences and one translation of each: those that an aligner would pair differently."""

_SHORT = 6
"""Shorter translations may well be identical: "Yes.", "Right."."""

Texts = tuple[str | None, ...]


class TranslationCache(Protocol):
    """A store of translated paragraphs."""

    def texts(self, key: str) -> Texts | None:
        """The translations stored under ``key``, None for sentences without one."""

    def keep(self, key: str, texts: Texts, *, engine: str, usage: Usage, seconds: float) -> None:
        """Store the translations of a paragraph, and their cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """The translations of a paragraph's sentences, and which of them come from the cache."""

    texts: Texts
    cached: tuple[bool, ...]


class TranslationProgress(NamedTuple):
    """Progress, counted in sentences."""

    done: int
    total: int
    left_s: float | None
    spent: float | None
    to_spend: float | None
    """In the user's currency, if the price is known."""


@dataclass(slots=True)
class _Job:
    paragraph: SourceParagraph
    key: str
    texts: list[str | None]
    cached: tuple[bool, ...]

    @property
    def missing(self) -> list[int]:
        return [i for i, text in enumerate(self.texts) if text is None and not self.cached[i]]


def paragraph_key(paragraph: SourceParagraph, engine: str) -> str:
    """The cache key of a paragraph: its text, its terms, and the engine with model and prompt.

    The context around it is not part of the key, so an edit affects only its own paragraph.
    """
    terms = [[row.source, row.target] for row in paragraph.terms]
    return digest("translation", paragraph.source, paragraph.target, paragraph.sentences, terms, engine)


class Kept(NamedTuple):
    """What the cache holds of a paragraph, and the sentences still to request."""

    texts: Texts
    wanted: tuple[int, ...]


def kept_texts(paragraph: SourceParagraph, engine: Translator, cache: TranslationCache) -> Kept:
    """What the cache holds of a paragraph.

    A sentence without translation is requested again, unless the engine would only repeat itself.
    """
    texts = cache.texts(paragraph_key(paragraph, engine.name))
    if texts is not None and engine.attempts == 1:
        return Kept(texts, ())
    texts = texts or (None,) * len(paragraph.sentences)
    return Kept(texts, tuple(i for i, text in enumerate(texts) if text is None))


def translate_paragraphs(
    paragraphs: Sequence[SourceParagraph],
    *,
    engine: Translator,
    cache: TranslationCache,
    shifted: Shifted,
    budget: Budget,
    progress: Callable[[TranslationProgress], None],
) -> list[Translated]:
    """The translations of ``paragraphs``, from the cache where possible.

    Every paragraph is stored as soon as it arrives. Raises ``BudgetError`` before a request could exceed the
    budget, and what the engine raises; pending requests are awaited and stored first.
    """
    jobs = []
    for paragraph in paragraphs:
        key = paragraph_key(paragraph, engine.name)
        kept = kept_texts(paragraph, engine, cache)
        cached = tuple(i not in kept.wanted for i in range(len(paragraph.sentences)))
        jobs.append(_Job(paragraph, key, list(kept.texts), cached))
    total = sum(len(job.texts) for job in jobs)
    at_start = sum(sum(job.cached) for job in jobs)
    start = time.monotonic()
    for attempt in range(engine.attempts):
        alone = attempt > 0 and attempt == engine.attempts - 1
        for chunk, answers, seconds in _asked(_chunks(jobs, engine.at_once, alone), engine, budget):
            for (job, part), answer in zip(chunk, answers, strict=True):
                _take(job, part, answer, None if alone or engine.attempts == 1 else shifted)
                cache.keep(
                    job.key,
                    tuple(job.texts),
                    engine=engine.name,
                    usage=answer.usage,
                    seconds=seconds / len(chunk),
                )
            done = total - sum(len(job.missing) for job in jobs)
            left = (total - done) / (done - at_start) if done > at_start else None
            spent = budget.spent if budget.price else None
            progress(
                TranslationProgress(
                    done=done,
                    total=total,
                    left_s=None if left is None else left * (time.monotonic() - start),
                    spent=spent,
                    to_spend=None if left is None or spent is None else left * spent,
                )
            )
    return [Translated(texts=tuple(job.texts), cached=job.cached) for job in jobs]


Chunk = list[tuple[_Job, SourceParagraph]]


def _chunks(jobs: Iterable[_Job], size: int, alone: bool) -> Iterator[Chunk]:
    """The missing sentences, grouped into requests; with ``alone``, one request per sentence."""
    parts = (
        (job, job.paragraph.of(wanted))
        for job in jobs
        if job.missing
        for wanted in ([[i] for i in job.missing] if alone else [job.missing])
    )
    chunk: Chunk = []
    for part in parts:
        chunk.append(part)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _asked(
    chunks: Iterator[Chunk], engine: Translator, budget: Budget
) -> Iterator[tuple[Chunk, list[Answer], float]]:
    """Answers as they arrive, with the seconds that they took; requests run in parallel.

    On an error, an interruption or an exhausted budget nothing more is sent, but pending requests are
    awaited, since they are paid for.
    """
    stop = threading.Event()
    running: dict[Future[tuple[list[Answer], float]], tuple[Chunk, float]] = {}
    failure: BaseException | None = None
    following = next(chunks, None)

    def ask(chunk: Chunk, most_tokens: int | None) -> tuple[list[Answer], float]:
        start = time.monotonic()
        paragraphs = [part for _, part in chunk]
        answers = engine.translate(paragraphs, most_tokens=most_tokens, cancelled=stop.is_set)
        return answers, time.monotonic() - start

    with ThreadPoolExecutor(engine.parallel) as pool:
        try:
            while True:
                try:
                    while following and not failure and len(running) < engine.parallel:
                        usages = [engine.estimate(part) for _, part in following]
                        amount = budget.most(usages)
                        if not budget.reserve(amount):
                            if not running:
                                failure = BudgetError(budget.spent, budget.budget or 0.0)
                            break  # pending requests may cost less than was reserved for them
                        future = pool.submit(ask, following, budget.most_tokens(usages))
                        running[future] = following, amount
                        following = next(chunks, None)
                    ready = wait(running, return_when=FIRST_COMPLETED).done if running else set()
                except BaseException as error:
                    stop.set()
                    if failure:  # interrupted again: stop waiting
                        raise
                    failure = error
                    continue
                if not running:
                    break
                for future in ready:
                    chunk, amount = running.pop(future)
                    try:
                        answers, seconds = future.result()
                    except BaseException as error:
                        budget.settle(amount, Usage())
                        failure = failure or error
                        stop.set()
                        continue
                    for answer in answers:
                        budget.settle(amount / len(answers), answer.usage)
                    yield chunk, answers, seconds
        finally:
            stop.set()  # also if the consumer is interrupted: no new attempts
    if failure:
        raise failure


def _take(job: _Job, part: SourceParagraph, answer: Answer, shifted: Shifted | None) -> None:
    """Store the acceptable translations of an answer in the job."""
    paragraph = job.paragraph
    fresh = [
        i
        for i in part.wanted
        if i in answer.sentences and plausible(paragraph.sentences[i], answer.sentences[i], paragraph.target)
    ]
    for i in fresh:
        job.texts[i] = answer.sentences[i]
    doubted = _copies(paragraph.sentences, job.texts)
    if shifted:
        there = [i for i, text in enumerate(job.texts) if text is not None]
        sources = [paragraph.sentences[i] for i in there]
        doubted |= {there[k] for k in shifted(sources, [job.texts[i] or "" for i in there])}
    for i in doubted & set(fresh):
        job.texts[i] = None


def _copies(sentences: Sequence[str], texts: Sequence[str | None]) -> set[int]:
    """Indices of sentences that share their translation with a different sentence."""
    first: dict[str, int] = {}
    copies: set[int] = set()
    for i, text in enumerate(texts):
        if text and len(text) > _SHORT:
            j = first.setdefault(text, i)
            if sentences[i].casefold() != sentences[j].casefold():
                copies |= {i, j}
    return copies
