"""Several recordings over several GPUs, with a pool that stands for processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from studykit import engines
from studykit.batch import hearing, worker
from studykit.batch.hearing import Heard, Recording, hear_on
from studykit.engines import machine
from studykit.engines.machine import Card, Machine
from studykit.errors import InputError, MissingExtraError
from studykit.options import Options, TranscribeOptions
from studykit.types import Transcript

DONE = Transcript(source_id="id", language="en", segments=(), engine="fake", timing="attention", options=())


class Processes:
    """As many at a time as there are GPUs; when one dies, the work of all is lost."""

    def __init__(self, workers: int, *, one_thread: bool, gpus: tuple[str, ...]) -> None:
        self.workers = len(gpus)
        self.waiting: list[tuple[Callable[[Recording], Heard], Recording, Future[Heard]]] = []
        self.log: list[str] = []
        POOLS.append(self)

    def submit(self, work: Callable[[Recording], Heard], recording: Recording) -> Future[Heard]:
        future: Future[Heard] = Future()
        self.waiting.append((work, recording, future))
        self.log.append(recording.path.name)
        if len(self.waiting) == self.workers or recording.path.name in {"last", "kills"}:
            self._end()
        return future

    def _end(self) -> None:
        died = any(recording.path.name == "kills" for _, recording, _ in self.waiting)
        for work, recording, future in self.waiting:
            if died:
                future.set_exception(BrokenProcessPool("died"))
                continue
            try:
                future.set_result(work(recording))
            except Exception as error:
                future.set_exception(error)
        self.waiting = []

    def stages(self) -> dict[int, str]:
        if self.waiting:
            self._end()
        return {1: "00:30 of 01:00 transcribed"}

    def restart(self) -> None:
        self.log.append("restart")

    def stop(self, *, at_once: bool) -> None:
        self.log.append("stopped at once" if at_once else "stopped")


POOLS: list[Processes] = []


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    POOLS.clear()

    def hear(recording: Recording) -> Heard:
        if recording.path.name == "text":
            raise InputError(recording.path, "not a recording")
        if recording.path.name == "bug":
            raise TypeError("oh")
        if recording.path.name == "lacking":
            raise MissingExtraError("faster-whisper", "asr")
        return Heard(recording=recording, transcript=DONE)

    monkeypatch.setattr(hearing, "Pool", Processes)
    monkeypatch.setattr(hearing, "_heard", hear)


def recordings(*names: str) -> list[Recording]:
    return [Recording(number=i, path=Path(name), options=Options()) for i, name in enumerate(names, 1)]


def results(*names: str, gpus: int = 2) -> dict[str, str]:
    ids = [f"GPU-{i}" for i in range(gpus)]
    return {heard.recording.path.name: heard.error or "heard" for heard in hear_on(ids, recordings(*names))}


def test_each_gpu_gets_the_next_recording_and_a_failure_stops_none() -> None:
    made = results("a", "text", "b", "bug", "last")
    assert made == {
        "a": "heard",
        "b": "heard",
        "last": "heard",
        "text": "text: not a recording",
        "bug": "bug: TypeError: oh",
    }
    assert POOLS[0].log == ["a", "text", "b", "bug", "last", "stopped"]


def test_after_a_death_each_is_heard_by_itself_and_only_the_killer_fails() -> None:
    made = results("a", "kills", "b", "last")
    assert {name for name, result in made.items() if result == "heard"} == {"a", "b", "last"}
    assert made["kills"] == "kills: its process died, perhaps for lack of memory"
    assert POOLS[0].log.count("restart") == 1
    assert POOLS[0].log.count("a") == POOLS[0].log.count("kills") == 2


def test_what_all_lack_ends_all() -> None:
    with pytest.raises(MissingExtraError):
        results("lacking", "a", "b")
    assert POOLS[0].log[-1] == "stopped at once"


def test_which_gpus_may_share(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ["GPU-a", "GPU-b", "GPU-c"]
    monkeypatch.setattr(machine, "gpus", lambda: there)
    monkeypatch.setattr(machine, "this_machine", lambda: Machine(cards=(Card(index=0),)))
    assert engines.gpus("cuda:2,cuda:0") == ["GPU-a", "GPU-c"]
    assert engines.gpus("cpu") == []
    assert engines.gpus_to_share("auto") == engines.gpus_to_share("cuda") == there
    assert engines.gpus_to_share("cuda:2,cuda:0") == ["GPU-a", "GPU-c"]
    for alone in ("cpu", "cuda:1", "cuda:1,cuda:3"):
        assert engines.gpus_to_share(alone) == []
    monkeypatch.setattr(machine, "this_machine", Machine)
    assert engines.gpus_to_share("auto") == []


def test_a_process_with_a_card_of_its_own_asks_for_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    named = TranscribeOptions(device="cuda:1")
    assert worker.on_own_card(named) == named
    monkeypatch.setattr(worker, "_has_own_card", True)
    assert worker.on_own_card(named).device == "cuda"
    assert worker.on_own_card(TranscribeOptions()).device == "auto"
