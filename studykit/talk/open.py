"""The entry point: opens a talk from any source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from studykit import engines
from studykit.formats import read_known_words
from studykit.glossary import Glossary, load_glossary
from studykit.languages import without_controls
from studykit.lexicon import known_key
from studykit.options import IngestOptions, Options
from studykit.store import IN_MEMORY, Stated, Store, TalkSource, stated_of, talk_of
from studykit.talk.cache import SILENT, Cache, Progress
from studykit.talk.read import ReadRequest, read_source
from studykit.talk.talk import Talk
from studykit.types import Source

__all__ = ["open_talk"]


def open_talk(
    source: Path | str,
    *,
    translation: Path | str | None = None,
    store: Store | None = None,
    glossary: Glossary | None = None,
    options: Options | Mapping[str, object] | None = None,
    translating: bool = False,
    encoding: bool = False,
    progress: Progress = SILENT,
) -> Talk:
    """Open a talk: a caption, transcript or text file, a recording, a link, notes made elsewhere, or a
    talk in ``store``, by its id or title.

    ``translation`` is a file with the talk in the other language; with ``translating``, a talk
    that has none is translated by the engine in ``options``. ``options`` may also be a mapping of settings
    by key. Results are kept in ``store``, if given. ``glossary`` defaults to the built-in one plus that of
    the options. With ``encoding``, which says that vectors of sentences will be needed, another thread
    unpacks the encoder while the source is read, the first time that a machine uses it.

    >>> talk = open_talk("examples/lecture.en.vtt", translation="examples/lecture.zh.txt")
    >>> talk.texts.english.sentences[0].text
    'Okay, can everybody hear me at the back?'

    The source is read at once; everything else is computed on first use. Raises ``InputError`` for a source
    that cannot be used, and ``MissingError`` or ``EngineError`` if a link or recording cannot be read.
    """
    chosen = options if isinstance(options, Options) else Options().updated(options or {})
    if translating:
        engines.check_translation_engine(chosen.translate.engine)
    glossary = glossary or load_glossary(chosen.glossary.paths)
    cache = Cache(store=store or Store(IN_MEMORY), source_id="", progress=progress)
    ahead = partial(engines.encoder_ahead, chosen.align.encoder)
    request = ReadRequest(
        source=str(source),
        translation=Path(translation) if translation is not None else None,
        cache=replace(cache, computing=ahead) if encoding else cache,
        glossary=glossary,
        options=chosen,
        translating=translating,
    )
    read = read_source(request)
    known = read.talk_id or talk_of(
        cache.store,
        TalkSource(digest=read.digest, origin=read.origin),
        (sent.raw for sent in read.lead.value.sentences),
        title=read.source.title,
        language=read.lead.value.language,
        imported=read.source.kind == "notes",
    )
    chosen = _with_stated(chosen, stated_of(cache.store, known)) if known else chosen
    return Talk(
        replace(read, source=_as_stated(read.source, chosen.ingest)),
        id=known or read.source.id,
        cache=cache,
        glossary=glossary,
        options=chosen,
        translating=translating,
        known=_known_words(chosen),
    )


def _known_words(options: Options) -> frozenset[str]:
    return frozenset(known_key(word) for path in options.vocabulary.known for word in read_known_words(path))


def _with_stated(options: Options, before: Stated) -> Options:
    """The options with what the user said of this talk an earlier time and does not say now."""
    now = options.ingest
    return options.updated(
        {"ingest.title": now.title or before.title, "ingest.url": now.url or before.url},
    )


def _as_stated(source: Source, stated: IngestOptions) -> Source:
    """The source with what the user said, and without marks in its titles that turn text around."""
    return replace(
        source,
        title=without_controls(stated.title or source.title) or source.title,
        url=stated.url or source.url,
        chapters=tuple(
            replace(chapter, title=without_controls(chapter.title)) for chapter in source.chapters
        ),
    )
