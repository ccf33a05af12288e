"""The talks of a site, as they are today: what other pages show of each, and its own page.

Notes are read only where that is not stored, or where the page is out of date; then both are made at once,
by child processes. This process reads the database and writes to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from studykit.export.site import Mention, Page, SiteTalk, TalkPages
from studykit.fingerprint import digest
from studykit.glossary import Glossary
from studykit.store import Store, TalkRow
from studykit.talk.cache import SILENT, Cache, Keyed
from studykit.talk.tested import spoken, tested, usual_encoder
from studykit.talk.write.children import in_children
from studykit.talk.write.shown import Shown, shown, with_terms_of
from studykit.types import Notes

__all__ = ["site_talks"]

_AT_ONCE = 8
"""Talks that a child process makes: an hour's take a tenth of a second."""


def site_talks(
    store: Store, glossary: Glossary, pages: TalkPages, is_current: Callable[[str, str], bool]
) -> list[tuple[SiteTalk, Mapping[str, tuple[Mention, ...]], Page]]:
    """The talks of a store with their mentions of terms and their pages.

    ``is_current`` says of a path and a key whether the site has that page; then it is not made, unless
    somebody asks for it after all.
    """
    return list(_Talks(store, glossary, pages, is_current).all())


class _Talk(Struct, frozen=True, kw_only=True):
    """A talk of the store: a digest of its notes, and what is shown of it, if that is stored."""

    row: TalkRow
    state: str
    shown: Shown | None
    notes: Notes | None = None


class _Made(Struct, frozen=True, kw_only=True):
    """What was made of a talk's notes: what is shown of it as JSON, and its page unless that is current."""

    shown: bytes | None
    page: str | None


class _Talks:
    def __init__(
        self, store: Store, glossary: Glossary, pages: TalkPages, is_current: Callable[[str, str], bool]
    ) -> None:
        self._store, self._glossary, self._pages, self._is_current = store, glossary, pages, is_current
        self._said, self._encoder = spoken(), usual_encoder()

    def all(self) -> Iterator[tuple[SiteTalk, Mapping[str, tuple[Mention, ...]], Page]]:
        talks = [self._stored(row) for row in self._store.talks()]
        open_ones = [talk for talk in talks if talk.shown is None or not self._has_page(talk, talk.shown)]
        made = in_children(self._make, map(self._with_notes, open_ones), at_once=_AT_ONCE)
        found = {talk.row.id: talk.shown for talk in talks}
        texts = dict[str, str | None]()
        for talk, one in zip(open_ones, made, strict=True):
            texts[talk.row.id] = one.page
            if one.shown is not None:
                found[talk.row.id] = self._keep(talk, one.shown)
        for talk in talks:
            of_talk = found[talk.row.id]
            assert of_talk
            page = Page(
                key=self._key(talk, of_talk),
                make=partial(self._page, talk),
                text=texts.get(talk.row.id),
                reads=True,
            )
            yield _listed(talk.row, of_talk), of_talk.mentions, page

    def _stored(self, row: TalkRow) -> _Talk:
        state = digest(row.id, self._store.notes_key(row.id), row.updated_at, self._said.by)
        talk = _Talk(row=row, state=state, shown=None)
        found = self._cache(row.id).kept("site", shown, *self._by(talk))
        return replace(talk, shown=found.value) if found else talk

    def _keep(self, talk: _Talk, made: bytes) -> Shown:
        return self._cache(talk.row.id).keep("site", made, shown, *self._by(talk)).value

    def _by(self, talk: _Talk) -> tuple[object, ...]:
        """What the things shown are made of: no definitions, which none of them has."""
        notes = Keyed(partial(self._todays, talk), [talk.state, self._glossary.forms_digest])
        return notes, with_terms_of, tested, self._encoder

    def _key(self, talk: _Talk, found: Shown) -> str:
        return self._pages.key(digest(talk.state, found.places), found.terms)

    def _has_page(self, talk: _Talk, found: Shown) -> bool:
        return self._is_current(_listed(talk.row, found).page, self._key(talk, found))

    def _with_notes(self, talk: _Talk) -> _Talk:
        notes = self._store.load(talk.row.id, terms=False)
        claims = tested(notes.claims, notes.source.language, self._cache(talk.row.id))
        return replace(talk, notes=replace(notes, claims=claims))

    def _todays(self, talk: _Talk) -> Notes:
        notes = talk.notes or self._with_notes(talk).notes
        assert notes
        return with_terms_of(notes, self._glossary)

    def _make(self, talk: _Talk) -> _Made:
        """All that needs the notes; in a child process."""
        notes = self._todays(talk)
        found = talk.shown or shown(notes)
        return _Made(
            shown=None if talk.shown else msgspec.json.encode(found),
            page=None if self._has_page(talk, found) else self._pages.make(notes),
        )

    def _page(self, talk: _Talk) -> str:
        return self._pages.make(self._todays(talk))

    def _cache(self, talk_id: str) -> Cache:
        return Cache(store=self._store, source_id=talk_id, progress=SILENT)


def _listed(row: TalkRow, found: Shown) -> SiteTalk:
    return SiteTalk(
        source=found.source,
        bilingual=found.bilingual,
        terms=len(found.terms),
        stored_on=row.updated_at[:10],
        tested=found.tested,
    )
