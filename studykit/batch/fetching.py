"""Fetches talks behind links, one at a time from each site, with waits, and a long one when it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from urllib.parse import urlsplit

from msgspec import Struct, field

from studykit.batch.task import Outcome, Task, in_one_line
from studykit.errors import RefusedError, StudykitError
from studykit.options import BatchOptions
from studykit.store import Gathered, Store
from studykit.talk.cache import SILENT, Cache
from studykit.talk.read.link import fetch_audio, fetch_talk, is_fetched, link_cache

__all__ = ["Fetching", "host_of"]

_MOST_HOSTS = 8
_MOST_REFUSALS = 3
_ONE_SITE = {"youtu.be": "youtube.com"}


def host_of(link: str) -> str:
    """The site that a link leads to."""
    host = (urlsplit(link).hostname or link).removeprefix("www.").removeprefix("m.")
    return _ONE_SITE.get(host, host)


class _Site(Struct):
    """When it may be asked again, and how often in a row it has refused."""

    ready_at: float = 0.0
    refusals: int = 0


class Fetching(Struct):
    """Threads that fetch, one for each site. The caller submits one talk of a site at a time."""

    options: BatchOptions
    noted: Callable[[str], None]
    """Gets remarks for the user."""
    _sites: dict[str, _Site] = field(default_factory=dict)
    _stopped: Event = field(default_factory=Event)
    _executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_MOST_HOSTS))

    def submit(self, task: Task) -> Future[Outcome]:
        """Fetch the captions and, if there are none, the sound of a talk."""
        site = self._sites.setdefault(host_of(task.job.source), _Site())
        return self._executor.submit(self._fetched, task, site)

    def stop(self) -> None:
        """End all waits; a download that is under way is not waited for."""
        self._stopped.set()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _fetched(self, task: Task, site: _Site) -> Outcome:
        begin = time.perf_counter()
        gathered = Gathered()
        while True:
            try:
                with Store.gathering(task.options.store.db) as store:
                    gathered = store.gathered or gathered
                    hears, asked_s = self._fetch(task, store, site)
            except RefusedError as error:
                if self._gives_up(task, site):
                    return _failed(gathered, error, refused=True)
                continue
            except StudykitError as error:
                site.ready_at = time.monotonic() + self.options.sleep_s
                return _failed(gathered, error)
            except Exception as error:  # a site may answer anything; one talk never stops the others
                site.ready_at = time.monotonic() + self.options.sleep_s
                return _failed(gathered, error)
            seconds = round(min(asked_s, time.perf_counter() - begin), 3)
            stages = {"fetch": seconds} if asked_s else {}
            return Outcome(gathered=gathered, hears=hears, seconds=seconds, stages=stages)

    def _fetch(self, task: Task, store: Store, site: _Site) -> tuple[bool, float]:
        """Whether the talk has to be heard, and the seconds that the site took; 0 if it was not asked."""
        url, options = task.job.source, task.chosen()
        cache = link_cache(Cache(store=store, source_id="", progress=SILENT), url)
        known = is_fetched(cache, url, options.fetch, language=options.ingest.language)
        if not known:
            self._stopped.wait(max(0.0, site.ready_at - time.monotonic()))
        begin = time.perf_counter()
        fetched = fetch_talk(cache, url, options.fetch, language=options.ingest.language).value
        hears = fetched.lead is None and options.fetch.transcribe != "never"
        if hears:
            fetch_audio(cache, url, options.fetch)
        asked = any(not report.cached for report in cache.reports)
        if asked:
            site.refusals = 0
            site.ready_at = time.monotonic() + self.options.sleep_s
        return hears, time.perf_counter() - begin if asked else 0.0

    def _gives_up(self, task: Task, site: _Site) -> bool:
        """Wait after a refusal; whether it is useless to ask again in this run."""
        site.refusals += 1
        if site.refusals >= _MOST_REFUSALS or self._stopped.is_set():
            return True
        host, wait_s = host_of(task.job.source), self.options.pause_s
        self.noted(f"{host} refuses further requests for now; asking again in {wait_s:.0f} s")
        self._stopped.wait(wait_s)
        return self._stopped.is_set()


def _failed(gathered: Gathered, error: Exception, *, refused: bool = False) -> Outcome:
    return Outcome(gathered=gathered, stage="fetch", error=in_one_line(error), refused=refused)
