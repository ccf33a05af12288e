"""Compares incoming entries with a glossary, and brings together what a person has decided.

Nothing is ever overwritten by itself: an entry is new, or the same, or in conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any, Literal

from msgspec import Struct

from studykit.glossary.entry import Entry, Glossary
from studykit.glossary.exchange.tables import KEYS, to_table
from studykit.glossary.forms import Spelling, fold, spellings, straighten

__all__ = ["Comparison", "Conflict", "ConflictKind", "Difference", "compare"]

ConflictKind = Literal["content", "form", "link"]


class Difference(Struct, frozen=True, kw_only=True):
    """A field that two entries of one id fill differently, as in a file; None where it is empty."""

    field: str
    mine: Any
    theirs: Any


class Conflict(Struct, frozen=True, kw_only=True):
    """Why an incoming entry cannot simply be added."""

    entry_id: str
    kind: ConflictKind
    """``content``: the id is there with other content; ``form``: a form belongs to another entry, or is
    a mis-hearing there; ``link``: ``see_also`` names an entry that neither side has."""
    differences: tuple[Difference, ...] = ()
    """Of ``content``."""
    form: str | None = None
    other: str | None = None
    """The entry that has the form, or that is missing."""


class Comparison(Struct, frozen=True, kw_only=True):
    """Each incoming entry is in one of the three lists."""

    added: tuple[Entry, ...]
    identical: tuple[Entry, ...]
    disputed: tuple[Entry, ...]
    """Those with conflicts."""
    conflicts: tuple[Conflict, ...]

    def replaceable(self, ids: Set[str]) -> tuple[Entry, ...]:
        """The disputed entries that could take the place of mine, given those ``ids`` of mine."""
        stuck = {conflict.entry_id for conflict in self.conflicts if conflict.kind != "content"}
        return tuple(entry for entry in self.disputed if entry.id in ids and entry.id not in stuck)


def compare(mine: Glossary, theirs: Sequence[Entry]) -> Comparison:
    """What of ``theirs`` is new, what is the same, and what is in conflict with ``mine`` and why.

    ``theirs`` must keep the rules among themselves. The order of ``theirs`` is kept.
    """
    taken = _Forms(mine.entries)
    conflicts: dict[str, list[Conflict]] = {}
    identical: list[Entry] = []
    for entry in theirs:
        known = mine.get(entry.id)
        if known == entry:
            identical.append(entry)
            continue
        found = list(taken.conflicts(entry))
        if known is not None:
            differences = tuple(_differences(known, entry))
            found.insert(0, Conflict(entry_id=entry.id, kind="content", differences=differences))
        if found:
            conflicts[entry.id] = found
    there = {entry.id for entry in mine.entries}
    added = [entry for entry in theirs if entry.id not in there and entry.id not in conflicts]
    # What is not added may take others with it, which link to it.
    while True:
        ids = there | {entry.id for entry in added}
        loose = {entry.id: links for entry in added if (links := _links(entry, ids))}
        if not loose:
            break
        conflicts |= loose
        added = [entry for entry in added if entry.id not in loose]
    for entry in theirs:
        if entry.id in there and entry.id in conflicts:
            conflicts[entry.id] += _links(entry, ids)
    return Comparison(
        added=tuple(added),
        identical=tuple(identical),
        disputed=tuple(entry for entry in theirs if entry.id in conflicts),
        conflicts=tuple(conflict for entry in theirs for conflict in conflicts.get(entry.id, ())),
    )


def _links(entry: Entry, ids: Set[str]) -> list[Conflict]:
    """The links of ``entry`` that lead nowhere."""
    return [Conflict(entry_id=entry.id, kind="link", other=id_) for id_ in entry.see_also if id_ not in ids]


class _Forms:
    """Which entry has which form, and which has it as a mis-hearing."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._right: dict[Spelling, str] = {}
        self._misheard: dict[str, dict[str, str]] = {}
        for entry in entries:
            for form in (*entry.english_forms, *entry.chinese_forms):
                self._right.update(dict.fromkeys(spellings(form), entry.id))
            for heard in entry.misheard:
                written = straighten(heard)
                self._misheard.setdefault(fold(written), {})[written] = entry.id

    def conflicts(self, entry: Entry) -> Iterable[Conflict]:
        """One for each form of ``entry`` and each other entry that it belongs to."""
        found: dict[tuple[str, str], None] = {}
        for form in (*entry.english_forms, *entry.chinese_forms):
            for spelling in sorted(spellings(form)):
                owners = [self._right.get(spelling), *self._heard_as(spelling)]
                found.update({(form, owner): None for owner in owners if owner})
        for heard in entry.misheard:
            written = straighten(heard)
            for spelling in (Spelling(written, True), Spelling(fold(written), False)):
                owner = self._right.get(spelling)
                if owner:
                    found[heard, owner] = None
        for form, owner in found:
            if owner != entry.id:
                yield Conflict(entry_id=entry.id, kind="form", form=form, other=owner)

    def _heard_as(self, spelling: Spelling) -> list[str]:
        known = self._misheard.get(fold(spelling.text), {})
        return [owner for written, owner in known.items() if not spelling.exact or written == spelling.text]


def _differences(mine: Entry, theirs: Entry) -> Iterable[Difference]:
    left, right = to_table(mine), to_table(theirs)
    for key in KEYS:
        if left.get(key) != right.get(key):
            yield Difference(field=key, mine=left.get(key), theirs=right.get(key))
