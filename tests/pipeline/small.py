"""A small talk, made of documents at once, with the encoder for tests."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.fingerprint import digest_texts
from studykit.glossary import Glossary
from studykit.pipeline import Change, PipelineOptions, Reviewer, StageReport
from studykit.pipeline.finish import finish
from studykit.pipeline.locks import lost_warnings
from studykit.pipeline.stages import StageResult, Stages
from studykit.store import Store, add_origin, locks_of
from studykit.types import Document, Notes, Paragraph, Sentence, Source, Span

ENGLISH = (
    *("good morning all", "yes", "the first model is small", "it reads text", "yes", "then it guesses"),
    *("a second model is large", "it costs more", "yes", "so choose well", "thanks for coming"),
)
CHINESE = (
    *("GOOD MORNING ALL", "YES", "THE FIRST MODEL IS SMALL IT READS TEXT", "YES", "THEN IT GUESSES"),
    *("A SECOND MODEL", "IS LARGE", "IT COSTS MORE", "YES", "SO CHOOSE WELL", "THANKS FOR COMING"),
)
ORIGIN = "/talks/small.vtt"


class Silent:
    """Progress that nobody watches."""

    def started(self, stage: str) -> None:
        """Nothing to say."""

    def finished(self, report: StageReport) -> None:
        """Nothing to say."""

    def said(self, text: str) -> None:
        """Nothing to say."""


def document(language: str, texts: Sequence[str]) -> Document:
    sentences = tuple(
        Sentence(index=i, text=text, raw=text, start_s=5.0 * i, end_s=5.0 * i + 4)
        if language == "en"
        else Sentence(index=i, text=text, raw=text)
        for i, text in enumerate(texts)
    )
    ends = [*range(4, len(texts), 4), len(texts)]
    return Document(
        id=digest_texts(language, texts),
        language=language,
        sentences=sentences,
        paragraphs=tuple(
            Paragraph(index=i, sentences=Span(start=start, end=end))
            for i, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True))
        ),
    )


def make(
    store: Store,
    english: Sequence[str] = ENGLISH,
    chinese: Sequence[str] = CHINESE,
    *,
    origin: str = ORIGIN,
) -> tuple[Notes, tuple[str, ...], list[str]]:
    """As ``make_notes`` from the documents on: notes, warnings, the stages that ran."""
    source = Source(id=digest_texts("en", english), kind="captions", language="en", title="A small talk")
    stages = Stages(store=store, source_id=source.id, progress=Silent())
    docs = {
        language: StageResult.of(document(language, texts), Document)
        for language, texts in (("en", english), ("zh", chinese))
    }
    done = finish(
        stages,
        source=source,
        timing="captions",
        docs=docs,
        locks=locks_of(store, add_origin(store, source.id, origin)),
        glossary=Glossary([]),
        options=PipelineOptions(),
    )
    stages.save(done.notes, list(docs.values()))
    ran = [report.stage for report in stages.reports if not report.cached]
    return done.notes.value, lost_warnings(done.lost), ran


def reviewer(store: Store, notes: Notes) -> Reviewer:
    return Reviewer(
        store, notes.source.id, glossary=Glossary([]), options=PipelineOptions(), progress=Silent()
    )


def kinds(made: Notes | Change) -> list[tuple[list[int], list[int], bool]]:
    """The beads: sentences from 0 on both sides, locked or not."""
    notes = made.notes if isinstance(made, Change) else made
    assert notes.alignment
    return [(list(bead.source), list(bead.target), bead.locked) for bead in notes.alignment.beads]
