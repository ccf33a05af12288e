"""What goes to other machines and comes back, with a cluster that calls everything in this process."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from studykit.batch import Job, nodes, worker
from studykit.batch.task import Outcome, Task
from studykit.engines.ray_cluster import Machines
from studykit.options import BatchOptions, Options
from studykit.store import (
    Gathered,
    KeptResult,
    Store,
    Translations,
    add_known,
    copy_for_nodes,
    keep_gathered,
    known_keys,
    results_of,
)
from studykit.types import Usage
from tests.batch.conftest import Desk, statuses, write_talk


@dataclass(frozen=True)
class Here:
    """Stands for ``Shared``."""

    data: bytes

    def value(self) -> bytes:
        return self.data


class Cluster:
    """Stands for ``RayCluster``; what it is given and answers has travelled by pickle."""

    def __init__(self, address: str | None = None) -> None:
        self.resources: list[dict[str, float]] = []
        self.sent: list[Any] = []
        self.shared = 0
        self.gpus = 0
        CLUSTERS.append(self)

    def machines(self) -> Machines:
        return Machines(nodes=2, cpus=8, gpus=self.gpus, smallest_cpus=4)

    def share(self, value: bytes) -> Here:
        self.shared += 1
        return Here(value)

    def call(
        self, function: Callable[..., Outcome], *arguments: Any, resources: dict[str, float]
    ) -> Future[Outcome]:
        self.resources.append(resources)
        self.sent.append(arguments[-1])
        future: Future[Outcome] = Future()
        future.set_result(pickle.loads(pickle.dumps(function(*pickle.loads(pickle.dumps(arguments))))))
        return future

    def close(self) -> None:
        pass


CLUSTERS: list[Cluster] = []


@pytest.fixture(autouse=True)
def _cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    CLUSTERS.clear()
    nodes._own_copy.cache_clear()
    monkeypatch.setattr(nodes, "RayCluster", Cluster)
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))


RAY = {"batch.engine": "ray", "batch.workers": 0}


def test_a_cluster_makes_what_processes_here_make(desk: Desk, tmp_path: Path) -> None:
    jobs = [Job(source=str(write_talk(tmp_path / "in", number))) for number in range(3)]
    assert statuses(desk.batch(jobs)) == ["done"] * 3
    other = Desk(tmp_path / "other")
    other.root.mkdir()
    batch = other.batch(jobs, settings=RAY)
    assert statuses(batch) == ["done"] * 3
    for number in range(3):
        name = f"talk {number}.notes.md"
        assert (other.root / "notes" / name).read_bytes() == (tmp_path / "notes" / name).read_bytes()
    assert CLUSTERS[0].resources == [{"num_cpus": 1, "memory": 1 << 30}] * 3
    with Store(other.root / "study.db") as store:
        (vectors,) = store.db.execute("SELECT count(*) FROM talk_vectors").fetchone()
        assert vectors == 0, "they stay where they were made"

    again = other.batch(jobs, settings=RAY, retry="all")
    assert all(sent.results for sent in CLUSTERS[1].sent)
    computed = {stage for record in again.records.values() for stage in record.stages}
    assert not {stage for stage in computed if not stage.startswith("export")}, "results went along"


def test_what_a_person_decided_counts_on_a_cluster(desk: Desk, tmp_path: Path) -> None:
    with Store(tmp_path / "study.db") as store:
        add_known(store, ["gradient"])
        Translations(store).keep("k", ("译文",), engine="e", usage=Usage(prompt=1, completion=2), seconds=1.0)
        copy_for_nodes(store, tmp_path / "copy.db")
    with Store(tmp_path / "copy.db") as copy:
        assert known_keys(copy)
        assert Translations(copy).texts("k") == ("译文",)
        assert Translations(copy).tokens_per_s("e") is None, "what is paid there is counted there"


def test_what_a_node_paid_for_is_kept_and_added_up(tmp_path: Path) -> None:
    usage = Usage(prompt=10, completion=20)
    with Store(tmp_path / "study.db") as store:
        Translations(store).keep("old", ("旧",), engine="e", usage=usage, seconds=1.0)
        options = Options().updated({"store.db": tmp_path / "study.db"})
        made = nodes.Nodes(BatchOptions(engine="ray"), store)
        task = Task(
            number=1, job=Job(source=str(write_talk(tmp_path, 1))), options=options, folder=tmp_path,
            numbered=False,
        )  # fmt: skip

        outcome = made.cluster.call(
            nodes.on_node, _pays, task, made.sent(task, own_gpu=False), resources={}
        ).result()
        assert Translations(store).texts("new") is None, "a node has a database of its own"
        with store.transaction():
            keep_gathered(store, outcome.gathered)
        (tokens,) = store.db.execute("SELECT sum(completion_tokens) FROM translations").fetchone()
        assert tokens == 60, "20 here before, 40 there"
        assert Translations(store).texts("new") == ("新",)
        assert Translations(store).texts("old") == ("旧二",)


def _pays(task: Task) -> Outcome:
    """Translates one paragraph for the first time and one again."""
    usage = Usage(prompt=10, completion=20)
    with Store.gathering(task.options.store.db) as store:
        assert Translations(store).texts("old") == ("旧",)
        Translations(store).keep("new", ("新",), engine="e", usage=usage, seconds=1.0)
        Translations(store).keep("old", ("旧二",), engine="e", usage=usage, seconds=1.0)
    return Outcome(gathered=Gathered())


def test_a_talk_that_turns_out_to_be_another_is_made_with_a_new_copy(desk: Desk, tmp_path: Path) -> None:
    path = write_talk(tmp_path / "in", 0)
    copy = path.with_name("copy.en.vtt")
    copy.write_bytes(path.read_bytes() + b"\n")
    batch = desk.batch([Job(source=str(path)), Job(source=str(copy))], settings=RAY)
    assert len({record.talk for record in batch.records.values()}) == 1
    assert CLUSTERS[0].shared == 2, "one for all, and one for the talk that is made again"


def test_to_hear_takes_a_gpu_or_a_whole_node(tmp_path: Path) -> None:
    options = Options().updated({"store.db": tmp_path / "study.db", "transcribe.device": "cuda:1"})
    with Store(tmp_path / "study.db") as store:
        made = nodes.Nodes(BatchOptions(engine="ray"), store)
        pool = nodes.NodePool(made, hearing=True)
        film = tmp_path / "film.mp4"
        film.write_bytes(b"")
        task = Task(number=1, job=Job(source=str(film)), options=options, folder=tmp_path, numbered=False)
        assert (pool.workers, nodes.NodePool(made, hearing=False).workers) == (2, 10)
        assert pool.submit(_device, task).result().error == "cuda:1"
        CLUSTERS[0].gpus = 3
        assert pool.workers == 3
        assert pool.submit(_device, task).result().error == "cuda"
        assert [needs.get("num_gpus") for needs in CLUSTERS[0].resources] == [None, 1]
        assert [needs["num_cpus"] for needs in CLUSTERS[0].resources] == [4, 1]


def _device(task: Task) -> Outcome:
    return Outcome(gathered=Gathered(), error=task.options.transcribe.device)


def test_sound_that_nodes_do_not_see_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = "https://youtu.be/abc"
    sound = tmp_path / "cache" / "audio" / "audio.m4a"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"sound")
    with Store(tmp_path / "study.db") as store:
        options = Options().updated({"store.db": tmp_path / "study.db"})
        with store.transaction():
            fetched = f'{{"path": "{sound}", "digest": "d"}}'.encode()
            store.write_result("a", KeptResult(stage="fetch audio", source_id="of link", result=fetched))
        task = Task(
            number=1, job=Job(source=link), options=options, folder=tmp_path, numbered=False,
            digests=("of link",),
        )  # fmt: skip
        sent = nodes.Nodes(BatchOptions(engine="ray"), store).sent(task, own_gpu=False)
        assert list(results_of(store, "", ["of link"])) == list(sent.results) == ["a"]
        assert sent.paths == (sound,)
        monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "own"))
        assert "set STUDYKIT_CACHE to" in (nodes.on_node(worker.hear, task, sent).error or "")
        monkeypatch.undo()
        sound.unlink()
        assert f"{sound}: node " in (nodes.on_node(worker.hear, task, sent).error or "")


def test_what_is_too_large_to_return_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "_MOST_RETURNED_MB", 1)
    options = Options().updated({"store.db": tmp_path / "study.db"})
    with Store(tmp_path / "study.db") as store:
        made = nodes.Nodes(BatchOptions(engine="ray"), store)
        task = Task(number=1, job=Job(source="x"), options=options, folder=tmp_path, numbered=False)
        outcome = nodes.NodePool(made, hearing=False).submit(_large, task).result()
        assert "take 2 MB; nodes return at most 1" in (outcome.error or "")
        assert not outcome.gathered.results


def _large(task: Task) -> Outcome:
    return Outcome(
        gathered=Gathered(results={"k": KeptResult(stage="s", source_id="x", result=bytes(2 << 20))})
    )
