"""Which talks the user means: those of a manifest, a playlist or channel, or a folder."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, field

from studykit import engines
from studykit.batch.lists.folder import find_talks
from studykit.batch.lists.job import Job, Listed
from studykit.batch.lists.manifest import read_manifest
from studykit.errors import TalkListError
from studykit.files import safe_stem
from studykit.ingest import link_of, local_file
from studykit.options import FetchOptions
from studykit.store import Store, written_paths

__all__ = ["Arrivals", "journal_name", "list_talks"]


def list_talks(given: str, *, store: Store, options: FetchOptions) -> tuple[Listed, str]:
    """The talks that ``given`` names, and a name for the batch.

    Raises ``InputError`` for a manifest that cannot be used, and what a site's ``look`` raises.
    """
    link = link_of(given)
    if link is None:
        path = local_file(given)
        if path.is_dir():
            return find_talks(path, but=written_paths(store)), path.resolve().name or "talks"
        return read_manifest(path), path.stem
    try:
        talk = engines.fetcher(options).look(link)
    except TalkListError as found:
        if not found.talks:
            raise
        unique = {url: Job(source=url, title=title) for url, title in reversed(found.talks)}
        return Listed(jobs=tuple(reversed(unique.values()))), found.title
    return Listed(jobs=(Job(source=link, title=talk.title),)), talk.title


class Arrivals(Struct):
    """The talks in a folder, again and again; one whose files still change is held back."""

    folder: Path
    store: Store
    every_s: float = 2.0
    _looked_at: float = 0.0
    _before: dict[str, str] = field(default_factory=dict)

    def __call__(self) -> Iterable[Job]:
        """The talks whose files are as they were when this looked last; nothing if that was just now."""
        if time.monotonic() - self._looked_at < self.every_s and self._looked_at:
            return ()
        self._looked_at = time.monotonic()
        jobs = find_talks(self.folder, but=written_paths(self.store)).jobs
        states = {job.source: job.state(None) for job in jobs}
        settled = [job for job in jobs if self._before.get(job.source) == states[job.source]]
        self._before = states
        return settled


def journal_name(name: str) -> str:
    """The file name of a batch's records."""
    return f"{safe_stem(name)}.batch.jsonl"
