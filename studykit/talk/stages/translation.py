"""Translation of a talk: connects the engine, the store, the glossary and the aligner."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import numpy as np
from msgspec import Struct

from studykit import engines
from studykit.align import CachedEncoder, Encoder, align_sentences
from studykit.chat import Budget, cost
from studykit.edit import spaced
from studykit.errors import ConfigError
from studykit.glossary import Glossary
from studykit.languages import counted
from studykit.options import AlignOptions, Options, TranslateOptions
from studykit.store import Embeddings, Translations
from studykit.talk.cache import Cache
from studykit.talk.stages.translated import TranslatedSentence, Translation
from studykit.translate import (
    Shifted,
    SourceParagraph,
    Strays,
    TermBook,
    TranslationProgress,
    Translator,
    kept_texts,
    translate_paragraphs,
)
from studykit.types import Document, Language, Source, Usage

__all__ = ["Estimate", "estimate_translation", "shifted", "strays", "translate_document"]

_BEFORE, _AFTER = 2, 1
"""Sentences of context around a paragraph."""

_CLOSER = 0.05
"""Cosine by which a translation has to be closer to another sentence to be taken for that one's, or to two
sentences to be taken for both's; ``benchmarks/translate_shift.py`` counts what that finds."""

_TOKENS_PER_S = 40.0
"""Assumed speed of an engine that has not been used yet: typical of a hosted service."""


class Estimate(Struct, frozen=True, kw_only=True):
    """What a translation would cost. ``missing``: number of sentences still to translate."""

    engine: str
    sentences: int
    missing: int
    usage: Usage
    cost: float | None
    """In the user's currency; None if the price is unknown."""
    seconds: float

    @classmethod
    def nothing(cls, engine: str, sentences: int) -> Estimate:
        """The estimate if nothing is left to translate."""
        return cls(engine=engine, sentences=sentences, missing=0, usage=Usage(), cost=0.0, seconds=0.0)


def estimate_translation(
    doc: Document, source: Source, cache: Cache, glossary: Glossary, options: Options
) -> Estimate:
    """Estimate the cost of ``translate_document``; sends nothing."""
    engine, paragraphs, _ = _prepared(doc, source, glossary, options.translate)
    kept = Translations(cache.store)
    usage, missing = Usage(), 0
    for paragraph in paragraphs:
        if wanted := kept_texts(paragraph, engine, kept).wanted:
            usage += engine.estimate(paragraph.of(wanted))
            missing += len(wanted)
    price = options.translate.prices.get(engine.model)
    pace = (kept.tokens_per_s(engine.name) or _TOKENS_PER_S) * engine.parallel
    return Estimate(
        engine=engine.name,
        sentences=len(doc.sentences),
        missing=missing,
        usage=usage,
        cost=cost(usage, price) if price else None,
        seconds=usage.completion / pace,
    )


def translate_document(
    doc: Document, source: Source, cache: Cache, glossary: Glossary, options: Options
) -> Translation:
    """Translate into the other language, reusing earlier translations.

    Raises ``ConfigError`` for a budget without a price, ``BudgetError`` before a request could exceed the
    budget, and what the engine raises; finished paragraphs are kept in each case.
    """
    cache.progress.started("translate")
    start = time.perf_counter()
    chosen = options.translate
    engine, paragraphs, book = _prepared(doc, source, glossary, chosen)
    budget = Budget.of(engine.model, chosen.prices, chosen.budget)
    if chosen.budget is not None and not budget.price:
        raise ConfigError(
            "translate.prices",
            f"a budget needs the price of {engine.model!r}; in studykit.toml:\n"
            f'[translate.prices]\n"{engine.model}" = [IN, OUT]  # per million tokens',
        )
    encoder = CachedEncoder(engines.encoder(options.align.encoder), Embeddings(cache.store, source.id))
    made = translate_paragraphs(
        paragraphs,
        engine=engine,
        cache=Translations(cache.store),
        shifted=shifted(encoder, options.align),
        strays=strays(encoder),
        budget=budget,
        progress=lambda at: cache.progress.said(f"translate {_written(at)}"),
    )
    texts = [text for part in made for text in part.texts]
    cached = [flag for part in made for flag in part.cached]
    translation = Translation(
        source=book.source,
        target=book.target,
        engine=engine.name,
        sentences=_finished(doc, texts, cached, book, fix=chosen.fix),
        paragraphs=doc.paragraphs,
        spent=budget.spent if budget.price else None,
    )
    cache.report("translate", cached=translation.cached, start=start)
    return translation


def _prepared(
    doc: Document, source: Source, glossary: Glossary, options: TranslateOptions
) -> tuple[Translator, list[SourceParagraph], TermBook]:
    languages: tuple[Language, Language] = ("zh", "en") if doc.language == "zh" else ("en", "zh")
    book = TermBook(glossary, *languages)
    engine = engines.translator(options, book.target)
    return engine, list(_paragraphs(doc, source, book)), book


def _paragraphs(doc: Document, source: Source, book: TermBook) -> list[SourceParagraph]:
    texts = tuple(sent.text for sent in doc.sentences)
    paragraphs = []
    for para in doc.paragraphs:
        start, end = para.sentences.start, para.sentences.end
        paragraphs.append(
            SourceParagraph(
                source=book.source,
                target=book.target,
                sentences=texts[start:end],
                wanted=tuple(range(end - start)),
                terms=book.rows(texts[start:end]),
                title=source.title,
                part="" if para.chapter is None else source.chapters[para.chapter].title,
                before=texts[max(0, start - _BEFORE) : start],
                after=texts[end : end + _AFTER],
            )
        )
    return paragraphs


def _finished(
    doc: Document, texts: Sequence[str | None], cached: Sequence[bool], book: TermBook, *, fix: bool
) -> tuple[TranslatedSentence, ...]:
    sources = [sent.text for sent in doc.sentences]
    if book.target == "zh":
        texts = [text and spaced(engines.simplified(text)) for text in texts]
    if fix:
        texts = [text and book.fixed(said, text) for said, text in zip(sources, texts, strict=True)]
    shown = book.introduced(list(zip(sources, texts, strict=True)))
    return tuple(
        TranslatedSentence(
            index=i, source=said, text=shown[i], cached=cached[i], terms=book.check(said, texts[i])
        )
        for i, said in enumerate(sources)
    )


def shifted(encoder: Encoder, options: AlignOptions) -> Shifted:
    """A function that finds sentences which the aligner would not pair with their translations."""

    def found(source: Sequence[str], target: Sequence[str]) -> Collection[int]:
        if len(source) < 2:
            return ()
        beads = align_sentences(source, target, encoder=encoder, options=options)
        own = {
            bead.source.start
            for bead in beads
            if bead.kind == "1-1" and bead.source.start == bead.target.start
        }
        return set(range(len(source))) - own

    return found


def strays(encoder: Encoder) -> Strays:
    """A function that tells whether a translation is closer to another sentence, or to two, than to its own.

    Of vectors of ``encoder``, by cosine; a sentence without others around it has nothing to compare with.
    """

    def found(sentences: Sequence[str], index: int, text: str, besides: bool) -> bool:
        own = sentences[index]
        others = [sentence for i, sentence in enumerate(sentences) if i != index and sentence != own]
        ends = [i for i in (index - 1, index) if besides and 0 <= i < len(sentences) - 1]
        joined = [f"{sentences[i]} {sentences[i + 1]}" for i in ends]
        if not others:
            return False
        vectors = encoder.encode([text, own, *others, *joined])
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        near = vectors[1:] @ vectors[0]
        return bool(near[1:].max() > near[0] + _CLOSER)

    return found


def _written(progress: TranslationProgress) -> str:
    parts = [f"{progress.done}/{progress.total} sentences"]
    if progress.refused:
        parts.append(counted(progress.refused, "refusal"))
    if progress.spent is not None:
        parts.append(f"{progress.spent:.4f} spent")
    if progress.to_spend:
        parts.append(f"about {progress.to_spend:.4f} to come")
    if progress.left_s:
        parts.append(f"about {progress.left_s:.0f} s left")
    return ", ".join(parts)
