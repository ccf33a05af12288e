"""A small talk, made of documents at once, with the encoder for tests."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.fingerprint import digest_texts
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.store import Store, TalkSource, talk_of
from studykit.talk import SILENT, Talk, make_notes
from studykit.talk.cache import Cache, Result
from studykit.talk.read import ReadTalk
from studykit.talk.review.reviewer import Change, Reviewer
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


def talk(
    store: Store,
    english: Sequence[str] = ENGLISH,
    chinese: Sequence[str] = CHINESE,
    *,
    origin: str = ORIGIN,
    title: str = "A small talk",
) -> Talk:
    """As ``open_talk`` gives it once the documents are there."""
    docs = [document(language, texts) for language, texts in (("en", english), ("zh", chinese))]
    digest = digest_texts("en", english)
    source = TalkSource(digest=digest, origin=origin)
    known = talk_of(store, source, english, title=title, language="en", imported=False)
    return Talk(
        ReadTalk(
            source=Source(id=digest, kind="captions", language="en", title=title),
            timing="captions",
            format="test",
            digest=digest,
            origin=origin,
            lead=Result.of(docs[0]),
            other=Result.of(docs[1]),
            proofread=True,
        ),
        id=known or digest,
        cache=Cache(store=store, source_id=digest, progress=SILENT),
        glossary=Glossary([]),
        options=Options(),
    )


def make(
    store: Store,
    english: Sequence[str] = ENGLISH,
    chinese: Sequence[str] = CHINESE,
    *,
    origin: str = ORIGIN,
    title: str = "A small talk",
) -> tuple[Notes, tuple[str, ...], list[str]]:
    """The notes of the small talk, warnings, and the stages that ran."""
    result = make_notes(talk(store, english, chinese, origin=origin, title=title))
    return result.notes, result.warnings, [report.stage for report in result.stages if not report.cached]


def reviewer(store: Store, notes: Notes, options: Options | None = None) -> Reviewer:
    return Reviewer(
        store, notes.source.id, glossary=Glossary([]), options=options or Options(), progress=SILENT
    )


def kinds(made: Notes | Change) -> list[tuple[list[int], list[int], bool]]:
    """The beads: sentences from 0 on both sides, locked or not."""
    notes = made.notes if isinstance(made, Change) else made
    assert notes.alignment
    return [(list(bead.source), list(bead.target), bead.locked) for bead in notes.alignment.beads]
