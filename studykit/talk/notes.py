"""The notes of a talk: computed and stored."""

from __future__ import annotations

import time

from msgspec import Struct
from msgspec.structs import replace

from studykit.ingest import CaptionTrack
from studykit.ingest.names import is_untitled
from studykit.store import Stated, Store, TalkSource, add_source, keep_stated, lost_decisions
from studykit.talk.assisting import kept_assistance
from studykit.talk.cache import Result, StageReport
from studykit.talk.review.placing import lost_warnings
from studykit.talk.talk import Talk
from studykit.types import Notes, Texts

__all__ = ["Draft", "NotesResult", "draft_notes", "keep_draft", "make_notes", "stages_ahead"]


class NotesResult(Struct, frozen=True, kw_only=True):
    """Stored notes, their key, and how they were made."""

    notes: Notes
    key: str
    format: str
    """The format that the source was read as."""
    restored_chars: int
    """Number of characters of the source that had lost bytes and were restored."""
    stages: tuple[StageReport, ...]
    warnings: tuple[str, ...]
    captions: tuple[CaptionTrack, ...] = ()
    """The caption tracks read, if the source is a link."""


class Draft(Struct, frozen=True, kw_only=True):
    """Notes that are computed but not stored, with all that is stored beside them."""

    notes: Notes
    key: str
    """The digest of the notes."""
    texts: Texts
    stated: Stated
    source: TalkSource
    stages: tuple[StageReport, ...]
    warnings: tuple[str, ...]
    spent: float | None
    """See ``Talk.spent``."""


def make_notes(talk: Talk) -> NotesResult:
    """Make the notes of a talk and store them, replacing older ones. Raises what engines raise."""
    draft = draft_notes(talk)
    cache = talk.cache
    cache.progress.started("store")
    start = time.perf_counter()
    with cache.store.transaction():
        changed = keep_draft(cache.store, draft)
    cache.report("store", cached=not changed, start=start)
    return NotesResult(
        notes=draft.notes,
        key=draft.key,
        format=talk.read.format,
        restored_chars=talk.read.restored_chars,
        stages=tuple(cache.reports),
        warnings=draft.warnings,
        captions=talk.read.captions,
    )


def draft_notes(talk: Talk) -> Draft:
    """Compute the notes of a talk without storing them. Raises what engines raise."""
    _warn_of_lost_translation(talk)
    talk.cache.progress.planned(stages_ahead(talk))
    notes, stated = _with_assistance(talk), talk.options.ingest
    lost = lost_decisions(talk.cache.store, talk.id, talk.texts)
    return Draft(
        notes=notes,
        key=Result.of(notes).digest,
        texts=talk.texts,
        stated=Stated(title=stated.title, url=stated.url),
        source=TalkSource(digest=talk.read.digest, origin=talk.read.origin),
        stages=tuple(talk.cache.reports),
        warnings=(*talk.warnings, *lost_warnings(talk.lost_locks), *_lost_decisions(len(lost))),
        spent=talk.spent,
    )


def keep_draft(store: Store, draft: Draft) -> bool:
    """Store a draft, inside a transaction of the caller's; returns whether the notes have changed."""
    talk_id = draft.notes.source.id
    changed = store.notes_key(talk_id) != draft.key
    if changed:
        store.write(draft.notes, key=draft.key, documents=draft.texts)
    keep_stated(store, talk_id, draft.stated)
    add_source(store, talk_id, draft.source)
    return changed


def stages_ahead(talk: Talk) -> int:
    """How many stages ``make_notes`` goes through once a talk is open; parts and headings may be two more."""
    texts = 2 if talk.read.other else 1
    proofread = 0 if talk.read.proofread else texts * (2 if talk.options.notes.edited else 1)
    both = talk.read.other is not None or talk.translating
    found = 2 if talk.read.supplied.explains else 4  # terms, demos; vocabulary, claims
    compared = (3 if both else 0) - (talk.read.alignment is not None)  # align, slips, check
    titled = is_untitled(talk.read.source, stated=talk.options.ingest.title)  # counted as headings
    written = 2 if talk.options.assist.asks else 0  # assist, prove
    return proofread + talk.translating + compared + found + titled + written + len(("compose", "store"))


def _warn_of_lost_translation(talk: Talk) -> None:
    if talk.read.other or talk.translating:
        return
    if talk.cache.store.is_translated(talk.id):
        talk.warnings.append(
            f"{talk.name}: these notes had a translation and now have none; --translation brings it back"
        )


def _with_assistance(talk: Talk) -> Notes:
    """The notes; if no model is named, with what one wrote about the same text earlier."""
    notes, store = talk.notes, talk.cache.store
    if talk.options.assist.engine is not None or not (model := store.written_by(talk.id)):
        return notes
    before = store.load(talk.id)
    kept = kept_assistance(notes, before)
    if kept is None and before.assistance and not before.assistance.is_empty:
        talk.warnings.append(
            f"{talk.name}: these notes had what {model} wrote about another text and now have none; "
            "--assist asks for what has changed, and pays for nothing twice"
        )
    return replace(notes, assistance=kept)


def _lost_decisions(count: int) -> list[str]:
    if not count:
        return []
    what = "decision about a correction does" if count == 1 else "decisions about corrections do"
    return [f"{count} {what} not apply: the text of the sentence has changed"]
