"""Writes the site to disk: writes only what has changed, removes only what studykit wrote.

A manifest in the site's folder records which files studykit wrote and their digests. It is written before
the first page and after the last, so that a killed run leaves no page unaccounted for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from studykit.annotate import find_terms
from studykit.compose import with_terms
from studykit.errors import InputError
from studykit.export.assist.merged import assisted
from studykit.export.site import Mention, Page, SiteClaim, SiteTalk, mentions_of
from studykit.files import one_at_a_time, write_whole
from studykit.fingerprint import digest, digest_bytes
from studykit.glossary import Glossary
from studykit.store import Store
from studykit.talk.cache import SILENT, Cache, Keyed
from studykit.talk.stages import tested_claims
from studykit.talk.stages.sure import sure_sentences
from studykit.talk.tested import Spoken, spoken, tested, usual_encoder
from studykit.talk.write.output import put
from studykit.types import LANGUAGES, Notes, Sentence, Source

if TYPE_CHECKING:
    from studykit.align import Encoder

__all__ = [
    "MANIFEST",
    "SiteWritten",
    "TodaysNotes",
    "site_notes",
    "site_talks",
    "with_terms_of",
    "write_site",
    "written_before",
]

MANIFEST = ".studykit-site.json"
_VERSION = 1
_AT_A_TIME = 16
"""Pages written at once: nearly all of the time is waiting until the disk has them."""
_KEPT = 64
"""Talks whose notes stay in memory: an hour's take 2 MB."""
_NO_KEYS: Mapping[str, str] = MappingProxyType({})


class SiteWritten(Struct, frozen=True, kw_only=True):
    """The result of a run: numbers of files, and the new names of the user's own files."""

    index: Path
    written: int
    unchanged: int
    removed: int
    kept: tuple[Path, ...]


def write_site(
    folder: Path,
    pages: Iterable[tuple[str, str | bytes | Page]],
    *,
    manifest: str = MANIFEST,
    keys: Mapping[str, str] = _NO_KEYS,
    made_by: str = "",
) -> SiteWritten:
    """Make ``folder`` hold ``pages`` (path and content), and none of the pages of an earlier run.

    ``manifest`` names the file that records them; ``keys`` are digests of what a page was made from, for
    ``written_before``. A ``Page`` is made only if its key, or ``made_by``, a digest of the code, has changed,
    or somebody has changed its file.

    A file that studykit did not write, or that has since been edited, is renamed before it is replaced,
    and never removed. Raises ``InputError`` if the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(folder):  # two runs would rename each other's pages
            before = _read_manifest(folder / manifest)
            content, own_keys = dict[str, bytes | None](), dict[str, str]()
            for name, page in pages:
                if isinstance(page, Page):
                    own_keys[name] = digest(made_by, page.key)
                    as_it_is = before.keys.get(name) == own_keys[name] and before.holds(folder, name)
                    content[name] = None if as_it_is else _bytes(page.make())
                else:
                    content[name] = _bytes(page)
            return _write_site(folder, content, folder / manifest, {**own_keys, **keys})
    except OSError as error:
        raise InputError(error.filename or folder, f"cannot be written: {error.strerror or error}") from error


def written_before(folder: Path, name: str, *, manifest: str = MANIFEST) -> tuple[str, bytes] | None:
    """A page's key and content as they were written, unless somebody has changed it since."""
    record = _read_manifest(folder / manifest)
    path = folder / name
    if name not in record.keys or not record.holds(folder, name):
        return None
    return record.keys[name], path.read_bytes()


def _bytes(page: str | bytes) -> bytes:
    return page if isinstance(page, bytes) else page.encode()


def _write_site(
    folder: Path, pages: Mapping[str, bytes | None], manifest: Path, keys: Mapping[str, str]
) -> SiteWritten:
    """``None`` is a page that is up to date."""
    for name in {str(PurePosixPath(name).parent) for name in pages}:
        (folder / name).mkdir(exist_ok=True)
    ours = _read_manifest(manifest).files
    wanted = {name: ours[name][-1] if page is None else digest_bytes(page) for name, page in pages.items()}
    before = {name: {*ours.get(name, ()), wanted.get(name)} - {None} for name in {*ours, *wanted}}
    _write_manifest(manifest, {name: sorted(filter(None, digests)) for name, digests in before.items()}, {})
    changed = {
        name: page
        for name, page in pages.items()
        if page is not None and _digest_of(folder / name) != wanted[name]
    }
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        asides = pool.map(lambda name: put(folder / name, changed[name], ours=ours.get(name, ())), changed)
        kept = tuple(filter(None, asides))
    removed = 0
    for name in sorted(set(ours) - set(wanted)):
        path = folder / name
        if _digest_of(path) in ours[name]:
            path.unlink()
            removed += 1
    _write_manifest(manifest, {name: [content] for name, content in wanted.items()}, keys)
    return SiteWritten(
        index=folder / "index.html",
        written=len(changed),
        unchanged=len(pages) - len(changed),
        removed=removed,
        kept=kept,
    )


def with_terms_of(notes: Notes, glossary: Glossary) -> Notes:
    """Stored notes with the terms of the current glossary, which may have grown since they were made.

    As in the notes, none is taken from a sentence that was hardly heard.
    """
    texts: dict[str, tuple[Sentence, ...]] = {
        language: sure_sentences(notes.sentences(language))
        for language in LANGUAGES
        if notes.sentences(language)
    }
    matches = find_terms(texts, glossary, notes.alignment, lead=notes.source.language)
    return with_terms(notes, matches, glossary)


class _Shown(Struct, frozen=True, kw_only=True):
    """What pages other than its own show of a talk."""

    source: Source
    bilingual: bool
    terms: int
    mentions: dict[str, tuple[Mention, ...]]
    tested: tuple[SiteClaim, ...]


class TodaysNotes:
    """The notes of a store's talks, with the terms of today's glossary.

    A talk is asked for when it is listed and again for its page, so those of the first talks are kept.
    """

    def __init__(self, store: Store, glossary: Glossary) -> None:
        self.store = store
        self.glossary = glossary
        self._kept: dict[str, Notes] = {}

    def of(self, talk_id: str) -> Notes:
        """The notes of one talk."""
        notes = self._kept.get(talk_id) or with_terms_of(self.store.load(talk_id, terms=False), self.glossary)
        if len(self._kept) < _KEPT:
            self._kept[talk_id] = notes
        return notes


def site_talks(todays: TodaysNotes) -> Iterator[tuple[SiteTalk, Mapping[str, tuple[Mention, ...]]]]:
    """The talks of the site with their mentions of terms. Notes are read only where they have changed."""
    store, glossary = todays.store, todays.glossary
    terms = digest(glossary.forms_digest, [glossary.entry_digest(entry.id) for entry in glossary.entries])
    said, encoder = spoken(), usual_encoder()
    for row in store.talks():
        cache = Cache(store=store, source_id=row.id, progress=SILENT)
        state = [row.id, store.notes_key(row.id), row.updated_at]
        notes = Keyed(partial(todays.of, row.id), [*state, terms])
        shown = cache.run("site", _shown, notes, said, encoder).value
        talk = SiteTalk(
            source=shown.source,
            bilingual=shown.bilingual,
            terms=shown.terms,
            stored_on=row.updated_at[:10],
            key=digest(state, terms, said.by),
            tested=shown.tested,
        )
        yield talk, shown.mentions


def site_notes(todays: TodaysNotes, talk: SiteTalk) -> Notes:
    """The notes of a talk's page, with today's terms and demos."""
    notes = todays.of(talk.source.id)
    cache = Cache(store=todays.store, source_id=notes.source.id, progress=SILENT)
    return replace(notes, claims=tested(notes.claims, notes.source.language, cache))


def _tested(notes: Notes, said: Spoken, encoder: Encoder) -> Iterator[SiteClaim]:
    language = notes.source.language
    found = tested_claims(notes.claims, language, said, encoder)
    for claim in assisted(replace(notes, claims=found)).claims:
        if claim.demo:
            first = claim.evidence[0].sentence if claim.evidence else None
            yield SiteClaim(
                claim=claim,
                start_s=None if first is None else notes.sentences(language)[first].start_s,
                paragraph=None if first is None else notes.paragraph_of(language, first) + 1,
            )


def _shown(notes: Notes, said: Spoken, encoder: Encoder) -> _Shown:
    return _Shown(
        source=notes.source,
        bilingual=bool(notes.english and notes.chinese),
        terms=len(notes.terms),
        mentions=mentions_of(notes),
        tested=tuple(_tested(notes, said, encoder)),
    )


def _digest_of(path: Path) -> str | None:
    return digest_bytes(path.read_bytes()) if path.is_file() else None


class _Record(Struct, frozen=True, kw_only=True):
    """What a manifest says: the digests of each file that studykit wrote, and the keys of some."""

    files: Mapping[str, list[str]]
    keys: Mapping[str, str]

    def holds(self, folder: Path, name: str) -> bool:
        """Whether a file is as it was written."""
        return _digest_of(folder / name) in self.files.get(name, ())


def _read_manifest(path: Path) -> _Record:
    """Empty if there is no valid manifest.

    Names that point outside the folder, which studykit never writes, are ignored.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        files = {
            name: [str(content) for content in contents]
            for name, contents in stored["files"].items()
            if not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        }
        return _Record(files=files, keys={name: str(key) for name, key in stored.get("keys", {}).items()})
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return _Record(files={}, keys={})


def _write_manifest(path: Path, files: Mapping[str, list[str]], keys: Mapping[str, str]) -> None:
    stored = {"studykit": _VERSION, "files": dict(sorted(files.items()))}
    text = json.dumps(stored | ({"keys": dict(sorted(keys.items()))} if keys else {}), indent=0) + "\n"
    if _digest_of(path) != digest_bytes(text.encode()):
        write_whole(path, text)
