"""Does a batch: what is not done yet, on several processes, here or on a cluster, with one writer.

Each talk is fetched if it is a link, heard if it is a recording, and made; each step waits for a free
process of its kind. All results come back here, the only place that writes to the database and to files.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from studykit import engines
from studykit.batch import worker
from studykit.batch.fetching import Fetching, host_of
from studykit.batch.keeping import keep_outcome
from studykit.batch.lists.folder import is_recording_file
from studykit.batch.lists.job import Job
from studykit.batch.nodes import NodePool, Nodes
from studykit.batch.pool import Pool
from studykit.batch.records import Journal, Retry, must_do, new_record
from studykit.batch.task import Outcome, Task, in_one_line
from studykit.files import safe_stem
from studykit.options import Options
from studykit.store import (
    BatchRecord,
    BatchStatus,
    Store,
    course_name,
    keep_gathered,
    keep_record,
    place_in_course,
    record_of,
)

__all__ = ["Batch", "View"]

_TICK_S = 0.5
_LONGEST_TRIES = 2
"""A talk is tried again once, when another turns out to be the same talk, or a process has died."""

Step = Literal["fetch", "hear", "make"]


class View(Protocol):
    """Receives what happens, for display."""

    def added(self, record: BatchRecord, *, kept: bool) -> None:
        """A talk belongs to the batch; ``kept``: nothing has to be done for it."""

    def ended(self, record: BatchRecord) -> None:
        """A talk is done, has failed or is left for the next run."""

    def running(self, stages: Mapping[str, str]) -> None:
        """What is being done now: the stage by the talk's name."""

    def noted(self, text: str) -> None:
        """A remark for the user."""


class _Talk(Struct, kw_only=True):
    """A talk on its way."""

    task: Task
    record: BatchRecord
    step: Step = "make"
    given_at: str = ""
    """When its step was given to a process (UTC); it does not know what was stored later."""
    tries: int = 0
    alone: bool = False
    """Whether it is done while nothing else is, since a process died that may have been busy with it."""


class Batch(Struct, kw_only=True):
    """One run. ``folder`` gets the files, ``journal`` the records as JSON lines."""

    store: Store
    folder: Path
    options: Options
    view: View
    journal: Journal
    retry: Retry | None = None
    shard: tuple[int, int] = (1, 1)
    """Only every nth talk of the list, from the ith: (i, n)."""
    records: dict[str, BatchRecord] = field(default_factory=dict)
    """The record of every talk of the batch, by its key, in the order of the list."""
    _names: Counter[str] = field(default_factory=Counter)
    _to_fetch: dict[str, deque[_Talk]] = field(default_factory=lambda: defaultdict(deque))
    _to_hear: deque[_Talk] = field(default_factory=deque)
    _to_make: deque[_Talk] = field(default_factory=deque)
    _suspects: deque[_Talk] = field(default_factory=deque)
    _active: dict[Future[Outcome], _Talk] = field(default_factory=dict)
    _pools: dict[Step, Pool | NodePool] = field(default_factory=dict)
    _courses: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """For each course, the places of its talks in the list, by key."""
    _fetching: Fetching | None = None
    _nodes: Nodes | None = None
    _numbers: int = 0
    _position: int = 0

    def run(self, jobs: Iterable[Job], *, arriving: Callable[[], Iterable[Job] | None] | None = None) -> None:
        """Do all talks that are not done. Raises ``StoreError`` and the like only if nothing can be kept.

        ``arriving`` is asked for more again and again, until it returns None.
        """
        finished = False
        try:
            self.add(jobs)
            while (busy := self._advance()) or arriving:
                if arriving:
                    if not busy:
                        time.sleep(_TICK_S)
                    more = arriving()
                    arriving = arriving if more is not None else None
                    self.add(more or ())
            finished = True
        finally:
            self._stop(at_once=not finished)

    def add(self, jobs: Iterable[Job]) -> None:
        """Add talks to the batch; one that it has already stays as it is."""
        for job in jobs:
            new = new_record(job, self.folder, self.options)
            known = self.records.get(new.key)
            if known and (known.state == new.state or known.status in {"waiting", "running"}):
                continue
            name = safe_stem(job.stem).casefold() if job.stem else ""
            numbered = self._names[name] > 0 if name else False
            if known is None:
                self._names[name] += 1
                self._position += 1
                if job.course:
                    self._courses[course_name(job.course)][new.key] = self._position
                if (self._position - 1) % self.shard[1] != self.shard[0] - 1:
                    continue
            old = record_of(self.store, new.key)
            again = self.retry if known is None else None
            if job.is_link and self.options.fetch.refresh and known is None:
                again = "all"
            if not must_do(self.store, new, old, again):
                assert old
                self.records[new.key] = old
                self.view.added(old, kept=True)
                continue
            self._numbers += 1
            task = Task(
                number=self._numbers, job=job, options=self.options, folder=self.folder, numbered=numbered
            )
            talk = _Talk(task=task, record=new)
            self._keep(talk, "waiting")
            self.view.added(new, kept=False)
            self._route(talk)

    def _route(self, talk: _Talk) -> None:
        job = talk.task.job
        if job.is_link:
            self._to_fetch[host_of(job.source)].append(talk)
        elif is_recording_file(Path(job.source)):
            self._to_hear.append(talk)
        else:
            self._to_make.append(talk)

    def _advance(self) -> bool:
        """Give work to whoever is free, and take what is finished; whether there is more to do."""
        self._give()
        if self._active:
            for future in wait(self._active, timeout=_TICK_S, return_when=FIRST_COMPLETED).done:
                talk = self._active.pop(future, None)
                if talk:
                    self._take(talk, future)
        elif not self._waiting():
            return False
        self.view.running(self._running())
        self.journal.write(self.records.values())
        return True

    def _waiting(self) -> int:
        return sum(map(len, (*self._to_fetch.values(), self._to_hear, self._to_make, self._suspects)))

    def _give(self) -> None:
        ahead = len(self._to_make) + len(self._to_hear)
        fetched = {host_of(talk.task.job.source) for talk in self._active.values() if talk.step == "fetch"}
        for host, waiting in self._to_fetch.items():
            # Not all sound of a course at once: it would fill the disk.
            if waiting and host not in fetched and ahead <= 2 * self._pool("make").workers:
                self._submit(waiting.popleft(), "fetch")
        if self._suspects and not self._at_work("hear", "make"):
            talk = self._suspects.popleft()
            talk.alone = True
            self._submit(talk, talk.step)
        if self._suspects or any(talk.alone for talk in self._active.values()):
            return
        while self._to_hear and self._at_work("hear") < self._pool("hear").workers:
            self._submit(self._to_hear.popleft(), "hear")
        while self._to_make and self._at_work("make") < self._pool("make").workers:
            self._submit(self._to_make.popleft(), "make")

    def _at_work(self, *steps: Step) -> int:
        return sum(talk.step in steps for talk in self._active.values())

    def _submit(self, talk: _Talk, step: Step) -> None:
        talk.step = step
        self._keep(talk, "running")
        if step == "fetch":
            self._fetching = self._fetching or Fetching(self.options.batch, self.view.noted)
            future = self._fetching.submit(talk.task)
        else:
            pool = self._pool(step)
            future = pool.submit(worker.hear if step == "hear" else worker.make, talk.task)
            talk.given_at = pool.as_of
        self._active[future] = talk

    def _pool(self, step: Step) -> Pool | NodePool:
        """The processes for a step: for hearing, one a GPU, or one that may use all cores."""
        if step not in self._pools:
            options = self.options.batch
            if options.engine == "ray":
                self._nodes = self._nodes or Nodes(options, self.store)
                hears = step == "hear"
                self._pools[step] = NodePool(self._nodes, hearing=hears, processes=options.workers)
            elif step == "hear":
                gpus = engines.gpus(self.options.transcribe.device)
                self._pools[step] = Pool(1, one_thread=False, gpus=gpus)
            else:
                self._pools[step] = Pool(options.workers or engines.cores(), one_thread=True)
        return self._pools[step]

    def _take(self, talk: _Talk, future: Future[Outcome]) -> None:
        """Keep what came of a step, and let the talk go on."""
        try:
            outcome = future.result()
        except BrokenProcessPool:
            self._process_died(talk)
            return
        except Exception as error:  # an answer that cannot travel between processes
            self._fail(talk, in_one_line(error), talk.step)
            return
        talk.record = replace(
            talk.record,
            seconds=round(talk.record.seconds + outcome.seconds, 3),
            stages={**talk.record.stages, **outcome.stages},
        )
        digests = {kept.source_id for kept in outcome.gathered.results.values()}
        talk.task = replace(talk.task, digests=(*talk.task.digests, *sorted(digests)))
        if outcome.refused:
            self._refused(talk, outcome.error or "")
        elif outcome.error is not None:
            with self.store.transaction():
                keep_gathered(self.store, outcome.gathered)
            self._fail(talk, outcome.error, outcome.stage)
        elif talk.step == "make":
            self._made(talk, outcome)
        else:
            with self.store.transaction():
                keep_gathered(self.store, outcome.gathered)
            (self._to_hear if outcome.hears else self._to_make).append(talk)

    def _made(self, talk: _Talk, outcome: Outcome) -> None:
        last = talk.tries + 1 >= _LONGEST_TRIES
        made = keep_outcome(self.store, talk.task, talk.record, outcome, since=talk.given_at, last=last)
        if made is None:
            talk.tries, talk.task = talk.tries + 1, replace(talk.task, again=True)
            self._to_make.append(talk)
            return
        talk.record = made
        self._end(talk, made.status)

    def _fail(self, talk: _Talk, error: str, stage: str | None) -> None:
        talk.record = replace(talk.record, error=error, stage=stage)
        self._end(talk, "failed")

    def _end(self, talk: _Talk, status: BatchStatus) -> None:
        self._keep(talk, status)
        self.view.ended(talk.record)

    def _refused(self, talk: _Talk, error: str) -> None:
        """A site has had enough: this talk and all others of it are left for the next run."""
        waiting = self._to_fetch[host_of(talk.task.job.source)]
        for left in (talk, *waiting):
            left.record = replace(left.record, error=error, stage="fetch")
            self._end(left, "waiting")
        waiting.clear()

    def _process_died(self, talk: _Talk) -> None:
        """One of the talks at work has killed its process; each is tried again while nothing else runs."""
        victims = [talk, *(other for other in self._active.values() if other.step == talk.step)]
        self._active = {f: other for f, other in self._active.items() if other.step != talk.step}
        self._pools[talk.step].restart()
        if len(victims) == 1 and talk.alone:
            self._fail(talk, "its process died, perhaps for lack of memory", talk.step)
            return
        self._suspects.extend(victims)

    def _running(self) -> dict[str, str]:
        said: dict[int, str] = {}
        for pool in self._pools.values():
            said |= pool.stages()
        return {
            talk.record.title: said.get(talk.task.number, talk.step) if talk.step != "fetch" else "fetch"
            for talk in self._active.values()
        }

    def _keep(self, talk: _Talk, status: BatchStatus) -> None:
        talk.record = replace(talk.record, status=status)
        self.records[talk.record.key] = talk.record
        with self.store.transaction():
            keep_record(self.store, talk.record)

    def _fill_courses(self) -> None:
        """Put what is done into its courses, in the order of the list, and so what other shards have done."""
        for course, places in self._courses.items():
            talks = {
                record.talk: place
                for key, place in places.items()
                if (record := self.records.get(key) or record_of(self.store, key))
                and record.status == "done"
                and record.talk
                and self.store.notes_key(record.talk)
            }
            if talks:
                place_in_course(self.store, course, talks)

    def _stop(self, *, at_once: bool) -> None:
        if self._fetching:
            self._fetching.stop()
        for pool in self._pools.values():
            pool.stop(at_once=at_once)
        # All that count as running, not the active alone: an interrupt may fall while one is handed over.
        for key, record in self.records.items():
            if record.status == "running":
                self.records[key] = replace(record, status="waiting")
                with self.store.transaction():
                    keep_record(self.store, self.records[key])
        self._fill_courses()
        self.journal.write(self.records.values(), last=True)
