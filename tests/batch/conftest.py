"""Batches in one process: fast, and every failure can be arranged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from studykit import engines
from studykit.batch import Batch, Job, Journal, run, worker
from studykit.batch.task import Outcome, Task
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.store import BatchRecord, Store, now
from tests.align.bags import BagEncoder

SUBJECTS = ("cache", "token", "weight", "layer", "prompt", "gradient", "sample", "label")


def write_talk(folder: Path, number: int, *, name: str | None = None) -> Path:
    """A small talk of its own with its translation; returns the captions."""
    folder.mkdir(parents=True, exist_ok=True)
    name = name or f"talk {number}"
    words = [SUBJECTS[(number + i) % len(SUBJECTS)] for i in range(3)]
    lines = [
        f"So lecture {number} is about the {words[0]} and nothing else.",
        f"Every {words[1]} number {number} costs you the whole {words[0]} again.",
        f"We threw out {number + 2} of them, and the {words[2]} worked out fine.",
    ]
    cues = "".join(f"\n00:0{3 * i}.000 --> 00:0{3 * i + 2}.500\n{line}\n" for i, line in enumerate(lines))
    captions = folder / f"{name}.en.vtt"
    captions.write_text(f"WEBVTT\n{cues}", encoding="utf-8")
    chinese = [
        f"第{number}讲只讲这一件事。",
        f"第{number}个都要全部重来。",
        f"我们扔掉了{number + 2}个，效果不错。",
    ]
    (folder / f"{name}.zh.txt").write_text("\n".join(chinese) + "\n", encoding="utf-8")
    return captions


@dataclass
class InlinePool:
    """Does at once, in this process, what it is given. ``dies`` says which tasks kill their process."""

    workers: int
    one_thread: bool = True
    gpus: tuple[str, ...] = ()
    dies: Callable[[Task], bool] = lambda task: False
    did: list[tuple[str, str]] = field(default_factory=list)

    def submit(self, work: Callable[[Task], Outcome], task: Task) -> Future[Outcome]:
        self.did.append((work.__name__, task.job.name))
        future: Future[Outcome] = Future()
        if self.dies(task):
            future.set_exception(BrokenProcessPool("died"))
        else:
            future.set_result(work(task))
        return future

    @property
    def as_of(self) -> str:
        return now()

    def stages(self) -> dict[int, str]:
        return {}

    def restart(self) -> None:
        self.did.append(("restart", ""))

    def stop(self, *, at_once: bool) -> None:
        self.did.append(("stopped at once" if at_once else "stopped", ""))


@dataclass
class Seen:
    """A view that remembers what it was told."""

    kept: list[str] = field(default_factory=list)
    ends: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def added(self, record: BatchRecord, *, kept: bool) -> None:
        if kept:
            self.kept.append(record.title)

    def ended(self, record: BatchRecord) -> None:
        self.ends.append((record.title, record.status))

    def running(self, stages: Mapping[str, str]) -> None:
        pass

    def noted(self, text: str) -> None:
        self.notes.append(text)


@dataclass
class Desk:
    """Runs batches in a folder."""

    root: Path
    dies: Callable[[Task], bool] = lambda task: False
    did: list[tuple[str, str]] = field(default_factory=list)
    view: Seen = field(default_factory=Seen)
    make_view: Callable[[], Seen] = Seen

    def batch(
        self, jobs: list[Job], *, settings: Mapping[str, object] | None = None, **more: object
    ) -> Batch:
        """One run; the batch as it is afterwards."""
        options = Options().updated(
            {
                "store.db": self.root / "study.db",
                "notes.formats": ("md",),
                "batch.workers": 2,
                "batch.sleep_s": 0.0,
            }
            | dict(settings or {})
        )
        out = self.root / "notes"
        out.mkdir(exist_ok=True)
        self.did.clear()
        self.view = self.make_view()
        with Store(options.store.db) as store:
            made = Batch(
                store=store, folder=out, options=options, view=self.view, journal=Journal(out / "b.jsonl"),
                **{name: value for name, value in more.items() if name != "arriving"},  # type: ignore[arg-type]
            )  # fmt: skip
            made.run(jobs, arriving=more.get("arriving"))  # type: ignore[arg-type]
        return made


def statuses(batch: Batch) -> list[str]:
    """The status of every talk in the order of the list."""
    return [record.status for record in batch.records.values()]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Batches without processes, models or a glossary."""
    made = Desk(tmp_path)

    def pool(workers: int, *, one_thread: bool, gpus: tuple[str, ...] = ()) -> InlinePool:
        return InlinePool(workers, one_thread, tuple(gpus), dies=made.dies, did=made.did)

    monkeypatch.setattr(run, "Pool", pool)
    monkeypatch.setattr(engines, "encoder", lambda name: BagEncoder())
    monkeypatch.setattr(worker, "load_glossary", lambda paths: Glossary([]))
    worker._glossary.cache_clear()
    return made
