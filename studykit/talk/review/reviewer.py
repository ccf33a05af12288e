"""Lists and corrects the beads of stored notes, without the files that they came from.

A change is computed first and then written, journal and notes in one transaction, so that a change that
fails or is killed has no effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from studykit import engines
from studykit.errors import InputError, StoreError
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.store import (
    Lock,
    Store,
    add_action,
    last_action,
    locks_of,
    take_back,
)
from studykit.talk.assisting import kept_assistance
from studykit.talk.cache import Progress, Result
from studykit.talk.open import open_talk
from studykit.talk.review.bead_edits import Edit
from studykit.talk.review.placing import as_read, follows, lock_of, lost_warnings, place
from studykit.types import Bead, Notes, Sentence, Span

__all__ = ["Change", "ReviewedBead", "Reviewer", "aligned_beads", "lost_locks", "reviewed", "worst"]


class ReviewedBead(Struct, frozen=True, kw_only=True):
    """A bead as shown to the user; ``number`` and ``paragraph`` count from 1.

    Times are those of its sentences in the talk's own language.
    """

    number: int
    paragraph: int
    bead: Bead
    start_s: float | None
    end_s: float | None
    english: tuple[Sentence, ...]
    chinese: tuple[Sentence, ...]


class Change(Struct, frozen=True, kw_only=True):
    """The notes now in the store, the action taken, and the locks that do not apply."""

    notes: Notes
    action: str
    warnings: tuple[str, ...]


def aligned_beads(notes: Notes) -> tuple[Bead, ...]:
    """The beads of notes; raises ``InputError`` if there is no translation."""
    if notes.alignment is None:
        raise InputError(
            notes.source.title,
            "has no translation, so nothing is aligned",
            hint="Add one with --translation FILE.",
        )
    return notes.alignment.beads


def reviewed(notes: Notes) -> list[ReviewedBead]:
    """All beads of notes in order. Raises ``InputError`` if there is no translation."""
    made = []
    for number, bead in enumerate(aligned_beads(notes), 1):
        sides = {
            "en": notes.english[bead.source.start : bead.source.end],
            "zh": notes.chinese[bead.target.start : bead.target.end],
        }
        lead = sides[notes.source.language]
        language = notes.source.language if lead else "en" if sides["en"] else "zh"
        made.append(
            ReviewedBead(
                number=number,
                paragraph=notes.paragraph_of(language, bead.side(language).start) + 1,
                bead=bead,
                start_s=lead[0].start_s if lead else None,
                end_s=lead[-1].end_s if lead else None,
                english=sides["en"],
                chinese=sides["zh"],
            )
        )
    return made


def worst(beads: Sequence[ReviewedBead], count: int) -> list[ReviewedBead]:
    """The ``count`` beads with the lowest scores, worst first; locked beads are skipped."""
    unlocked = [reviewed for reviewed in beads if not reviewed.bead.locked]
    return sorted(unlocked, key=lambda reviewed: (reviewed.bead.score, reviewed.number))[:count]


def lost_locks(store: Store, notes: Notes) -> tuple[Lock, ...]:
    """The locks that do not apply to stored notes, because their sentences are not in the text."""
    return place(locks_of(store, notes.source.id), *_texts(notes)).lost


def _texts(notes: Notes) -> tuple[list[str], list[str]]:
    return as_read(notes.english, "en"), as_read(notes.chinese, "zh")


class Reviewer:
    """Changes the beads of one stored talk.

    ``options`` are those that its notes were made with. Raises ``InputError`` when the talk has no
    translation or was aligned with another encoder.
    """

    def __init__(
        self,
        store: Store,
        talk_id: str,
        *,
        glossary: Glossary,
        options: Options,
        progress: Progress,
    ) -> None:
        self._store = store
        self._glossary = glossary
        self._options = options
        self._progress = progress
        self._key = store.notes_key(talk_id)
        self.notes = store.load(talk_id)
        self.beads = aligned_beads(self.notes)
        self._texts = _texts(self.notes)
        self._id = talk_id
        self._last = last_action(store, self._id)
        self._locks = locks_of(store, self._id)
        self._placed = place(self._locks, *self._texts)
        encoder = engines.encoder(options.align.encoder).name
        assert self.notes.alignment
        if encoder != self.notes.alignment.encoder:
            raise InputError(
                self.notes.source.title,
                f"was aligned with {self.notes.alignment.encoder}, not with {encoder}",
                hint="Use --encoder NAME as when the notes were made.",
            )

    @property
    def lost(self) -> tuple[Lock, ...]:
        """The locks whose sentences are not in the text."""
        return self._placed.lost

    def apply(self, edit: Edit) -> Change:
        """Apply an edit and lock its beads. Raises ``InputError`` if it contradicts another lock."""
        source, target = (
            Span(start=min(span.start for span in spans), end=max(span.end for span in spans))
            for spans in zip(*((bead.source, bead.target) for bead in (*edit.taken, *edit.made)), strict=True)
        )
        replaced: list[Lock] = []
        kept: list[Bead] = []
        for bead, lock in self._placed.beads:
            inside = (
                source.start <= bead.source.start <= bead.source.end <= source.end
                and target.start <= bead.target.start <= bead.target.end <= target.end
            )
            if inside:
                replaced.append(lock)
            else:
                kept.append(bead)
        for made in edit.made:
            for bead in kept:
                if not (follows(made, bead) or follows(bead, made)):
                    raise self._contradiction(edit, bead)
        in_force = [bead for bead, _ in self._placed.beads]
        if edit.made and all(bead in in_force for bead in edit.made):
            raise InputError(edit.action, "nothing would change: it is already locked like this")
        added = [lock_of(bead, *self._texts) for bead in edit.made]
        return self._change(edit.action, added=added, removed=replaced)

    def forget(self) -> Change:
        """Delete the locks that do not apply. Raises ``InputError`` if there are none."""
        if not self.lost:
            raise InputError(self.notes.source.title, "every lock applies; there is nothing to forget")
        return self._change("forget", added=[], removed=self.lost)

    def undo(self) -> Change:
        """Undo the last action. Raises ``InputError`` if there is none."""
        last = self._last
        if last is None:
            raise InputError(self.notes.source.title, "there is nothing to undo")
        locks = locks_of(self._store, self._id, without=last)
        return self._finish(f"undo {last.action}", locks, lambda: take_back(self._store, self._id, last))

    def _change(self, action: str, *, added: Sequence[Lock], removed: Sequence[Lock]) -> Change:
        gone = {lock.id for lock in removed}
        locks = [lock for lock in self._locks if lock.id not in gone]
        return self._finish(
            action,
            [*locks, *added],
            lambda: add_action(self._store, self._id, action, added=added, removed=removed, after=self._last),
        )

    def _finish(self, action: str, locks: Sequence[Lock], journal: Callable[[], None]) -> Change:
        talk = open_talk(
            self._id,
            store=self._store,
            glossary=self._glossary,
            options=self._options.updated({"assist.engine": None}),  # a correction sends nothing
            progress=self._progress,
        ).with_locks(locks)
        notes = replace(talk.notes, assistance=kept_assistance(talk.notes, self.notes))
        with self._store.transaction():
            if self._store.notes_key(self._id) != self._key:
                raise StoreError(
                    self._store.path, "the notes have been made again in the meantime; review them first"
                )
            journal()
            self._store.write(notes, key=Result.of(notes).digest, documents=talk.texts)
        return Change(notes=notes, action=action, warnings=lost_warnings(talk.lost_locks))

    def _contradiction(self, edit: Edit, bead: Bead) -> InputError:
        number = next(
            (
                str(i)
                for i, b in enumerate(self.beads, 1)
                if (b.source, b.target) == (bead.source, bead.target)
            ),
            "?",
        )
        sides = " and ".join(
            f"{name} {span.start + 1}-{span.end}"
            for name, span in (("English", bead.source), ("Chinese", bead.target))
            if len(span)
        )
        return InputError(
            edit.action,
            f"contradicts the lock on bead {number} ({sides})",
            hint=f"Run `fix unlock {number}` first, or choose sentences that do not cross it.",
        )
