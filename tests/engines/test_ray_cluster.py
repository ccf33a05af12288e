"""Batches on a Ray cluster: two nodes, of which one is killed, and nodes that cannot do a talk.

The nodes are processes of this machine, so that what a network does is not tested.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.batch import Batch, Job, Journal, nodes
from studykit.batch.task import Outcome, Task
from studykit.engines.ray_cluster import RayCluster
from studykit.errors import ConfigError, MissingExtraError
from studykit.options import Options
from studykit.store import BatchRecord, Store
from tests.batch.conftest import Seen, statuses, write_talk

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two nodes with one CPU each; this process is on a third, which does nothing."""
    pytest.importorskip("ray")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    root = Path(__file__).parent.parent.parent
    monkeypatch.setenv("PYTHONPATH", str(root))
    from ray.cluster_utils import Cluster

    size = {"object_store_memory": 100 << 20, "memory": 4 << 30}
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **size})
    for _ in range(2):
        made.add_node(num_cpus=1, **size)
    yield made
    made.shutdown()


class Watched(Seen):
    """Does something once, when the first talk has ended."""

    def __init__(self, do: Any = None) -> None:
        super().__init__()
        self.do = do

    def ended(self, record: BatchRecord) -> None:
        super().ended(record)
        if self.do:
            do, self.do = self.do, None
            do()


def run(root: Path, jobs: list[Job], view: Seen, **settings: object) -> Batch:
    """A batch with a database and files of its own below ``root``."""
    root.mkdir(exist_ok=True)
    options = Options().updated(
        {"store.db": root / "study.db", "notes.formats": ("md", "json"), "batch.workers": 1} | settings
    )
    with Store(options.store.db) as store:
        batch = Batch(store=store, folder=root, options=options, view=view, journal=Journal(root / "b.jsonl"))
        batch.run(jobs)
    return batch


def files(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.glob("*.notes.*")}


def test_a_killed_node_loses_no_talk_and_changes_none(cluster: Any, tmp_path: Path) -> None:
    jobs = [
        Job(source=str(path), translation=path.with_name(path.name.replace(".en.vtt", ".zh.txt")))
        for path in (write_talk(tmp_path / "in", number) for number in range(8))
    ]
    here = run(tmp_path / "here", jobs, Seen())
    victim = cluster.list_all_nodes()[-1]
    seen: list[int] = []

    def kill() -> None:
        cluster.remove_node(victim, allow_graceful=False)
        seen.append(1)

    ray = {"batch.engine": "ray", "batch.address": cluster.address, "batch.workers": 0}
    there = run(tmp_path / "there", jobs, Watched(kill), **ray)
    assert seen, "the node was killed while talks were left"
    assert statuses(there) == statuses(here) == ["done"] * 8
    assert files(tmp_path / "there") == files(tmp_path / "here")
    with Store(tmp_path / "here" / "study.db") as one, Store(tmp_path / "there" / "study.db") as other:
        for record in there.records.values():
            assert record.talk
            assert one.load(record.talk) == other.load(record.talk)


def missing(task: Task) -> Outcome:
    raise AssertionError("not to be called")


def dies(task: Task) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_what_a_node_cannot_do_is_told(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options().updated({"batch.address": cluster.address})
    task = Task(
        number=1, job=Job(source=str(write_talk(tmp_path, 1))), options=options, folder=tmp_path,
        numbered=False,
    )  # fmt: skip
    with Store(tmp_path / "study.db") as store:
        made = nodes.Nodes(options.batch, store)
        pool = nodes.NodePool(made, hearing=False)
        assert pool.workers == 4, "two at work, two waiting"
        sent = made.sent(task, own_gpu=False)
        call = made.cluster.call
        here = {"num_cpus": 1.0}
        unseen = replace(sent, paths=(tmp_path / "elsewhere.vtt",))
        outcome = call(nodes.on_node, missing, task, unseen, resources=here).result()
        assert "cannot see it; put it in a folder that all nodes share" in (outcome.error or "")
        outcome = call(nodes.on_node, missing, task, replace(sent, version="0"), resources=here).result()
        assert "the batch runs with 0" in (outcome.error or "")
        outcome = call(nodes.on_node, missing, task, replace(sent, cache=tmp_path), resources=here).result()
        assert f"set STUDYKIT_CACHE to {tmp_path}" in (outcome.error or "")
        with pytest.raises(Exception, match="ray: its process died 4 times"):
            call(nodes.on_node, dies, task, sent, resources=here).result()
        with pytest.raises(Exception, match="ray: not to be called"):
            call(nodes.on_node, missing, task, sent, resources=here).result()
        pool.stop(at_once=False)


def test_no_cluster_is_told() -> None:
    pytest.importorskip("ray")
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:9: no Ray cluster answers"):
        RayCluster("127.0.0.1:9")


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'studykit\[batch\]'"):
        RayCluster()
