"""A pool whose processes are on the nodes of a Ray cluster.

A node reads a talk's files by their paths, so these lie in a folder that all nodes share. It cannot read the
database, which one machine alone may open while it is written to: what notes depend on besides the files is
sent, a copy once for all talks and stored results with each talk.
"""

from __future__ import annotations

import pickle
import platform
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from studykit import __version__
from studykit.batch.task import Outcome, Task
from studykit.engines.ray_cluster import RayCluster, Shared
from studykit.errors import InputError, StudykitError
from studykit.fingerprint import digest
from studykit.ingest import link_of
from studykit.options import BatchOptions
from studykit.resources import cache_dir
from studykit.store import Gathered, KeptResult, Store, copy_for_nodes, now, results_of, take_paid
from studykit.talk.read.link import FetchedAudio
from studykit.types import cards_named

__all__ = ["NodePool", "Nodes"]

Work = Callable[[Task], Outcome]

_MB = 1 << 20
_MAKING_MB = 1024
"""Memory to reserve for a process that makes notes; a talk of ten hours needs about 800 MB."""
_HEARING_MB = 6144
_MOST_SENT_MB = 64
_MOST_RETURNED_MB = 256
_COPY_SERVES = 500
"""Talks, after which nodes get a new copy: the writer compares each talk with those stored since."""


class _Sent(Struct, frozen=True, kw_only=True):
    """What a node needs besides the task."""

    version: str
    """Of studykit, here."""
    database: Shared
    """The bytes of the copy."""
    as_of: str
    """When the copy was made, which tells it from others."""
    results: dict[str, KeptResult]
    paths: tuple[Path, ...]
    """What the talk is read from and is there, as seen from here."""
    cache: Path | None
    """The folder of models and sound, if the talk's sound lies there."""
    own_gpu: bool


@dataclass(slots=True)
class Nodes:
    """The cluster, and the copy of the database that its nodes have. Raises what ``RayCluster`` does."""

    options: BatchOptions
    store: Store
    cluster: RayCluster = field(init=False)
    as_of: str = field(init=False)
    """When the copy was made (UTC): what was stored later the nodes do not know."""
    _copy: Shared = field(init=False)
    _served: int = 0

    def __post_init__(self) -> None:
        self.cluster = RayCluster(self.options.address)
        self.renew()

    def renew(self) -> None:
        """Let talks that are submitted from now on see what is stored now."""
        self.as_of, self._served = now(), 0
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "study.db"
            copy_for_nodes(self.store, path)
            self._copy = self.cluster.share(path.read_bytes())

    def sent(self, task: Task, *, own_gpu: bool) -> _Sent:
        """What goes with a task."""
        self._served += 1
        if task.again or self._served > _COPY_SERVES:
            self.renew()
        source, link = task.job.source, link_of(task.job.source)
        origin = link or str(Path(source).resolve())
        found = results_of(self.store, origin, [*task.digests, *([digest("link", link)] if link else [])])
        sound = [Path(_audio(kept).path) for kept in found.values() if kept.stage == "fetch audio"]
        if sum(len(kept.result) for kept in found.values()) > _MOST_SENT_MB * _MB:
            found = {key: kept for key, kept in found.items() if kept.stage.startswith("fetch")}
        options = task.options
        read = [None if link else Path(source), task.job.translation, task.job.chapters, *sound]
        read += [*options.glossary.paths, *options.vocabulary.known, options.notes.templates]
        return _Sent(
            version=__version__,
            database=self._copy,
            as_of=self.as_of,
            results=found,
            paths=tuple(path.absolute() for path in read if path and path.exists()),
            cache=cache_dir() if sound else None,
            own_gpu=own_gpu,
        )


def _audio(kept: KeptResult) -> FetchedAudio:
    return msgspec.json.decode(kept.result, type=FetchedAudio)


class NodePool:
    """Has the interface of ``Pool``. To hear, a process gets a GPU or, if there is none, a whole node."""

    def __init__(self, nodes: Nodes, *, hearing: bool, processes: int = 0) -> None:
        self._nodes = nodes
        self._hearing = hearing
        self._processes = processes

    @property
    def workers(self) -> int:
        """How many talks may be on their way: as many as can be worked on, and one waiting on each node.

        ``processes`` of them, if stated. What is on its way is in the memory of the cluster.
        """
        has = self._nodes.cluster.machines()
        if self._hearing:
            return max(1, has.gpus or has.nodes)
        return max(1, self._processes or has.cpus + has.nodes)

    @property
    def as_of(self) -> str:
        """What was stored later the processes do not know."""
        return self._nodes.as_of

    def submit(self, work: Work, task: Task) -> Future[Outcome]:
        """Do ``work`` on one of the nodes; on another one, if that is lost."""
        has = self._nodes.cluster.machines()
        own_gpu = self._hearing and has.gpus > 0
        resources: dict[str, float] = {"num_cpus": 1, "memory": _MAKING_MB * _MB}
        if self._hearing:
            resources = {"num_cpus": 1 if own_gpu else max(1, has.smallest_cpus), "memory": _HEARING_MB * _MB}
            resources |= {"num_gpus": 1} if own_gpu else {}
        sent = self._nodes.sent(task, own_gpu=own_gpu)
        return self._nodes.cluster.call(on_node, work, task, sent, resources=resources)

    def stages(self) -> dict[int, str]:
        """Not known: only results come back."""
        return {}

    def restart(self) -> None:
        """Nothing: a process that dies takes no other with it."""

    def stop(self, *, at_once: bool) -> None:  # noqa: ARG002
        """Leave the cluster, which ends what it does for this process. All is done, or ``at_once``."""
        self._nodes.cluster.close()


def on_node(work: Work, task: Task, sent: _Sent) -> Outcome:
    """Do the work in this process of a node, over its own copy of the database."""
    try:
        _check(sent)
        path = _own_copy(sent.as_of, sent.database)
    except StudykitError as error:
        return Outcome(gathered=Gathered(), error=str(error).partition("\n")[0], stage="start")
    with Store(path) as store, store.transaction():
        for key, kept in sent.results.items():
            store.write_result(key, kept)
    options = replace(task.options, store=replace(task.options.store, db=path))
    if sent.own_gpu and cards_named(options.transcribe.device):  # the only one it sees, whatever its number
        options = replace(options, transcribe=replace(options.transcribe, device="cuda"))
    outcome = work(replace(task, options=options))
    # Most of what would travel, and of a large batch the writer would keep those of the last talks alone.
    outcome.gathered.vectors.clear()
    with Store(path) as store:
        outcome.gathered.paid.extend(take_paid(store))
    size_mb = len(pickle.dumps(outcome)) / _MB
    if size_mb > _MOST_RETURNED_MB:
        problem = f"its notes and files take {size_mb:.0f} MB; nodes return at most {_MOST_RETURNED_MB}"
        return Outcome(gathered=Gathered(paid=outcome.gathered.paid), error=problem, seconds=outcome.seconds)
    return outcome


def _check(sent: _Sent) -> None:
    """Raise ``InputError`` for a node that would make other notes, or that cannot read the talk."""
    node = platform.node()
    if sent.version != __version__:
        raise InputError(node, f"this node has studykit {__version__}, the batch runs with {sent.version}")
    for path in sent.paths:
        if not path.exists():
            raise InputError(path, f"node {node} cannot see it; put it in a folder that all nodes share")
    if sent.cache and cache_dir() != sent.cache:
        raise InputError(node, f"set STUDYKIT_CACHE to {sent.cache} on this node: the talk's sound is there")


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Of this process, removed when it ends."""
    return tempfile.TemporaryDirectory(prefix="studykit-")


@lru_cache(maxsize=1)
def _own_copy(as_of: str, database: Shared) -> Path:  # noqa: ARG001
    """This process's copy of the database, replaced when there is a newer one."""
    path = Path(_folder().name) / "study.db"
    for old in path.parent.glob("study.db*"):
        old.unlink()
    path.write_bytes(database.value())
    return path
