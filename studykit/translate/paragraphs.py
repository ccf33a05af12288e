"""Translates paragraph by paragraph: requests, checks, repeats where necessary, and stores.

A translation is accepted if it has the key of its sentence, is plausible (``answer.plausible``), is not a
copy of another sentence's, is no closer to another sentence near it (``Strays``), and is where the aligner,
which does not know the keys, would put it too.
Other sentences are requested again: first together, then one by one. A sentence that still fails has no
translation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from studykit.chat import Budget, Replied, replies
from studykit.fingerprint import digest
from studykit.translate.answer.reply import plausible
from studykit.translate.engine import Answer, SourceParagraph, Translator
from studykit.translate.useless import Usefulness
from studykit.types import Usage

__all__ = [
    "Kept",
    "Shifted",
    "Strays",
    "Translated",
    "TranslationCache",
    "TranslationProgress",
    "kept_texts",
    "paragraph_key",
    "translate_paragraphs",
]

Shifted = Callable[[Sequence[str], Sequence[str]], Collection[int]]
"""Given sentences and one translation of each: those that an aligner would pair differently."""

Strays = Callable[[Sequence[str], int, str, bool], bool]
"""Given sentences, the index of one and a translation of it: whether it says another one instead or, with
True, besides."""

_SHORT = 6
"""Shorter translations may well be identical: "Yes.", "Right."."""

Texts = tuple[str | None, ...]


class TranslationCache(Protocol):
    """A store of translated paragraphs."""

    def texts(self, key: str) -> Texts | None:
        """The translations stored under ``key``, None for sentences without one."""

    def keep(self, key: str, texts: Texts, *, engine: str, usage: Usage, seconds: float) -> None:
        """Store the translations of a paragraph, and their cost."""


class Translated(Struct, frozen=True, kw_only=True):
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
    refused: int = 0
    """Answers in which the model refused."""


class _Job(Struct):
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
    strays: Strays,
    budget: Budget,
    progress: Callable[[TranslationProgress], None],
) -> list[Translated]:
    """The translations of ``paragraphs``, from the cache where possible.

    Every paragraph is stored as soon as it arrives. Raises ``BudgetError`` before a request could exceed the
    budget, what the engine raises, and ``EngineError`` if nothing of several answers or of all of them can be
    used; pending requests are awaited and stored first.
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
    useful = Usefulness(engine.model)
    for attempt in range(engine.attempts):
        alone = attempt > 0 and attempt == engine.attempts - 1
        checks = _Checks(None if alone else shifted, strays)
        if engine.attempts == 1:
            checks = _Checks(None, None)
        for came in _asked(_chunks(jobs, engine.at_once, alone), engine, budget, useful):
            chunk, answers = came.job, came.replies
            taken = [
                _take(job, part, answer, checks) for (job, part), answer in zip(chunk, answers, strict=True)
            ]
            for (job, _), answer in zip(chunk, answers, strict=True):
                cache.keep(
                    job.key,
                    tuple(job.texts),
                    engine=engine.name,
                    usage=answer.usage,
                    seconds=came.seconds / len(chunk),
                )
            done = total - sum(len(job.missing) for job in jobs)
            for answer, number in zip(answers, taken, strict=True):
                if (answer.said or answer.cut) and not came.roomier:
                    useful.note(answer, taken=number, missing=1 - done / total)
            at = _progress(done, total, at_start, time.monotonic() - start, budget)
            progress(at._replace(refused=useful.refused))
    if total and not any(text is not None for job in jobs for text in job.texts):
        raise useful.nothing_came(total)
    return [Translated(texts=tuple(job.texts), cached=job.cached) for job in jobs]


def _progress(done: int, total: int, at_start: int, seconds: float, budget: Budget) -> TranslationProgress:
    left = (total - done) / (done - at_start) if done > at_start else None
    spent = budget.spent if budget.price else None
    return TranslationProgress(
        done=done,
        total=total,
        left_s=None if left is None else left * seconds,
        spent=spent,
        to_spend=None if left is None or spent is None else left * spent,
    )


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
    chunks: Iterator[Chunk], engine: Translator, budget: Budget, useful: Usefulness
) -> Iterator[Replied[Chunk, Answer]]:
    """Answers as they arrive; once they are of no use nothing more is sent."""

    def send(chunk: Chunk, most_tokens: int | None, cancelled: Callable[[], bool]) -> list[Answer]:
        return engine.translate([part for _, part in chunk], most_tokens=most_tokens, cancelled=cancelled)

    def expected(chunk: Chunk) -> list[Usage]:
        return [engine.estimate(part) for _, part in chunk]

    parallel = engine.parallel
    return replies(
        chunks, send, expected=expected, parallel=parallel, budget=budget, failed=lambda: useful.error
    )


class _Checks(NamedTuple):
    """What the aligner and the vectors of sentences have to say."""

    shifted: Shifted | None
    strays: Strays | None


def _take(job: _Job, part: SourceParagraph, answer: Answer, checks: _Checks) -> int:
    """Store the acceptable translations of an answer in the job; returns how many looked like some."""
    paragraph = job.paragraph
    fresh = [
        i
        for i in part.wanted
        if i in answer.sentences and plausible(paragraph.sentences[i], answer.sentences[i], paragraph.target)
    ]
    for i in fresh:
        job.texts[i] = answer.sentences[i]
    doubted = _copies(paragraph.sentences, job.texts)
    if checks.shifted:
        there = [i for i, text in enumerate(job.texts) if text is not None]
        sources = [paragraph.sentences[i] for i in there]
        doubted |= {there[k] for k in checks.shifted(sources, [job.texts[i] or "" for i in there])}
    if checks.strays:
        around = (*paragraph.before, *paragraph.sentences, *paragraph.after)
        first = len(paragraph.before)
        # Where a sentence is missing, two may have become one.
        joined = not checks.shifted or len(fresh) < len(part.wanted)
        doubted |= {i for i in fresh if checks.strays(around, first + i, job.texts[i] or "", joined)}
    for i in doubted & set(fresh):
        job.texts[i] = None
    return len(fresh)


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
