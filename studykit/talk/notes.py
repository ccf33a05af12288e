"""The notes of a talk: computed and stored."""

from __future__ import annotations

import time
from dataclasses import dataclass

from studykit.ingest import CaptionTrack
from studykit.store import TalkSource, add_source, lost_decisions
from studykit.talk.cache import Result, StageReport
from studykit.talk.review.placing import lost_warnings
from studykit.talk.talk import Talk
from studykit.types import Notes

__all__ = ["NotesResult", "make_notes", "stages_ahead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesResult:
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


def make_notes(talk: Talk) -> NotesResult:
    """Make the notes of a talk and store them, replacing older ones. Raises what engines raise."""
    _warn_of_lost_translation(talk)
    talk.cache.progress.planned(stages_ahead(talk))
    notes = talk.notes
    key = _stored(talk, notes)
    lost = lost_decisions(talk.cache.store, talk.id, talk.texts)
    return NotesResult(
        notes=notes,
        key=key,
        format=talk.read.format,
        restored_chars=talk.read.restored_chars,
        stages=tuple(talk.cache.reports),
        warnings=(*talk.warnings, *lost_warnings(talk.lost_locks), *_lost_decisions(len(lost))),
        captions=talk.read.captions,
    )


def stages_ahead(talk: Talk) -> int:
    """How many stages ``make_notes`` goes through once a talk is open; parts may be one more."""
    texts = 2 if talk.read.other else 1
    proofread = 0 if talk.read.proofread else texts * (2 if talk.options.notes.edited else 1)
    both = talk.read.other is not None or talk.translating
    found = 1 if talk.read.supplied.explains else 3  # terms, vocabulary, claims
    compared = (2 if both else 0) - (talk.read.alignment is not None)  # align, check
    return proofread + talk.translating + compared + found + len(("compose", "store"))


def _stored(talk: Talk, notes: Notes) -> str:
    """Store the notes and what they were read from; returns their key."""
    cache, store = talk.cache, talk.cache.store
    cache.progress.started("store")
    start = time.perf_counter()
    key = Result.of(notes).digest
    unchanged = store.notes_key(talk.id) == key
    with store.transaction():
        if not unchanged:
            store.write(notes, key=key, documents=talk.texts)
        add_source(store, talk.id, TalkSource(digest=talk.read.digest, origin=talk.read.origin))
    cache.report("store", cached=unchanged, start=start)
    return key


def _warn_of_lost_translation(talk: Talk) -> None:
    if talk.read.other or talk.translating:
        return
    if any(row.translated for row in talk.cache.store.talks() if row.id == talk.id):
        talk.warnings.append(
            f"{talk.name}: these notes had a translation and now have none; --translation brings it back"
        )


def _lost_decisions(count: int) -> list[str]:
    if not count:
        return []
    what = "decision about a correction does" if count == 1 else "decisions about corrections do"
    return [f"{count} {what} not apply: the text of the sentence has changed"]
