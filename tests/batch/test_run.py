"""A batch does what is not done, keeps a record of each talk, and nothing stops the others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.batch import Job, run, worker
from studykit.batch.lists import listing
from studykit.batch.task import Outcome, Task
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.store import Store, course_names, course_talks, record_of
from studykit.talk import Talk, make_notes, open_talk
from studykit.talk.notes import Draft, draft_notes
from tests.batch.conftest import Desk, statuses, write_talk


@pytest.fixture
def jobs(tmp_path: Path) -> list[Job]:
    sources = [write_talk(tmp_path / "in", number) for number in range(4)]
    return [
        Job(source=str(path), translation=path.with_name(path.name.replace(".en.vtt", ".zh.txt")))
        for path in sources
    ]


def made(desk: Desk) -> list[str]:
    """The talks whose notes were computed in the last run."""
    return [name for work, name in desk.did if work == "make"]


def test_every_talk_is_made_as_notes_makes_it(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    batch = desk.batch(jobs)
    assert statuses(batch) == ["done"] * 4
    options = Options().updated({"notes.formats": ("md",)})
    with Store(tmp_path / "study.db") as store, Store(tmp_path / "alone.db") as alone:
        for job, record in zip(jobs, batch.records.values(), strict=True):
            talk = open_talk(
                job.source, translation=job.translation, store=alone, options=options,
                glossary=Glossary([]),
            )  # fmt: skip
            result = make_notes(talk)
            assert record.talk == result.notes.source.id
            assert store.load(record.talk) == result.notes
            (file,) = map(Path, record.files)
            assert file.parent == tmp_path / "notes"
            assert file.read_text(encoding="utf-8").startswith("# ")
            assert record.seconds > 0
            assert "vocabulary" in record.stages
    lines = (tmp_path / "notes" / "b.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["done"] * 4
    assert json.loads(lines[0])["files"] == list(next(iter(batch.records.values())).files)


def test_a_second_run_does_what_has_changed(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    first = desk.batch(jobs)
    assert len(made(desk)) == 4
    again = desk.batch(jobs)
    assert made(desk) == []
    assert again.records == first.records
    assert desk.view.kept == [record.title for record in first.records.values()]

    assert jobs[1].translation
    jobs[1].translation.write_text("只讲这一件事。\n都要重来。\n效果不错。\n", encoding="utf-8")
    os.utime(jobs[1].translation, (1, 1))
    Path(next(iter(first.records.values())).files[0]).unlink()
    jobs[2] = replace(jobs[2], settings={"vocabulary.level": "C1"})
    desk.batch(jobs)
    assert made(desk) == ["talk 0.en.vtt", "talk 1.en.vtt", "talk 2.en.vtt"]
    with Store(tmp_path / "study.db") as store:
        removed = list(first.records.values())[3].talk
        store.db.execute("DELETE FROM talks WHERE id = ?", [removed])
        store.db.conn.commit()
    desk.batch(jobs)
    assert made(desk) == ["talk 3.en.vtt"]
    assert desk.batch(jobs, retry="all")
    assert len(made(desk)) == 4
    assert statuses(desk.batch(jobs, settings={"notes.formats": ("md", "srt")})) == ["done"] * 4
    assert len(made(desk)) == 4


def test_a_failure_is_told_and_stops_no_other_talk(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    empty = tmp_path / "in" / "empty.en.vtt"
    empty.write_text("WEBVTT\n", encoding="utf-8")
    jobs[1:1] = [Job(source=str(empty)), Job(source=str(tmp_path / "none.vtt"))]
    jobs[0] = replace(jobs[0], chapters=tmp_path / "no.chapters.txt")
    batch = desk.batch(jobs)
    assert statuses(batch) == ["failed", "failed", "failed", "done", "done", "done"]
    errors = [record.error for record in batch.records.values()]
    assert errors[0]
    assert "no.chapters.txt" in errors[0]
    assert (errors[1] or "").startswith(f"{empty}: contains no cues")
    assert all("\n" not in (error or "") for error in errors)
    assert list(batch.records.values())[1].stage == "ingest"

    assert statuses(desk.batch(jobs)) == statuses(batch)
    assert made(desk) == [], "a failure is not repeated unasked"
    (tmp_path / "none.vtt").write_text(Path(jobs[3].source).read_text(encoding="utf-8"), encoding="utf-8")
    desk.batch(jobs)
    assert made(desk) == ["none.vtt"], "its file has changed"
    desk.batch(jobs, retry="failed")
    assert made(desk) == ["talk 0.en.vtt", "empty.en.vtt"]


def test_any_error_of_a_talk_is_its_own(desk: Desk, jobs: list[Job], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(talk: Talk) -> Draft:
        if "talk 2" in talk.name:
            raise RecursionError("much too deep")
        return draft_notes(talk)

    monkeypatch.setattr(worker, "draft_notes", broken)
    batch = desk.batch(jobs)
    assert statuses(batch) == ["done", "done", "failed", "done"]
    assert [record.error for record in batch.records.values()][2] == "RecursionError: much too deep"


def test_a_process_that_dies_takes_no_other_talk_along(desk: Desk, jobs: list[Job]) -> None:
    desk.dies = lambda task: "talk 1" in task.job.source
    batch = desk.batch(jobs)
    assert statuses(batch) == ["done", "failed", "done", "done"]
    assert "process died" in ([record.error for record in batch.records.values()][1] or "")
    tries = [step for step in desk.did if "talk 1" in step[1]]
    assert len(tries) == 2, "once beside others and once alone"
    once: list[int] = []
    desk.dies = lambda task: not once and not once.append(1)  # type: ignore[func-returns-value]
    assert statuses(desk.batch(jobs, retry="failed")) == ["done"] * 4


def test_a_batch_that_ends_midway_goes_on(
    desk: Desk, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    make = worker.make
    calls: list[str] = []

    def interrupted(task: Task) -> Outcome:
        calls.append(task.job.name)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return make(task)

    interrupted.__name__ = "make"
    monkeypatch.setattr(worker, "make", interrupted)
    with pytest.raises(KeyboardInterrupt):
        desk.batch(jobs)
    assert ("stopped at once", "") in desk.did
    with Store(desk.root / "study.db") as store:
        keys = [job.key(desk.root / "notes") for job in jobs]
        left = [record.status if (record := record_of(store, key)) else None for key in keys]
    assert left.count("done") <= 2
    assert "running" not in left[:2] or left.count("done") < 2
    before = left.count("done")
    batch = desk.batch(jobs)
    assert statuses(batch) == ["done"] * 4
    assert len(made(desk)) == 4 - before


def test_talks_of_one_name_keep_their_files_apart(desk: Desk, tmp_path: Path) -> None:
    paths = [write_talk(tmp_path / f"week {week}", week, name="lecture") for week in range(3)]
    batch = desk.batch([Job(source=str(path)) for path in paths])
    files = [Path(file).name for record in batch.records.values() for file in record.files]
    ids = [record.talk[:8] for record in batch.records.values() if record.talk]
    assert files == ["lecture.notes.md", f"lecture {ids[1]}.notes.md", f"lecture {ids[2]}.notes.md"]
    again = desk.batch([Job(source=str(path)) for path in reversed(paths)], retry="all")
    assert len({file for record in again.records.values() for file in record.files}) == 3


def test_two_states_of_one_talk_are_one(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    copy = tmp_path / "in" / "copy.en.vtt"
    copy.write_bytes(Path(jobs[0].source).read_bytes() + b"\n")  # other bytes, the same words
    batch = desk.batch([jobs[0], Job(source=str(copy))])
    ids = {record.talk for record in batch.records.values()}
    assert len(ids) == 1
    with Store(tmp_path / "study.db") as store:
        assert len(store.talks()) == 1


def test_a_file_of_the_users_is_kept_and_told(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    mine = tmp_path / "notes" / "talk 0.notes.md"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    batch = desk.batch(jobs[:1])
    assert mine.with_name("talk 0.notes.md.1").read_text(encoding="utf-8") == "mine"
    (record,) = batch.records.values()
    assert any("it is now" in warning for warning in record.warnings)


@pytest.mark.parametrize("shards", [2, 3, 7])
def test_shards_do_each_talk_once(desk: Desk, jobs: list[Job], shards: int) -> None:
    done = [
        record.source
        for shard in range(1, shards + 1)
        for record in desk.batch(jobs, shard=(shard, shards), retry="all").records.values()
    ]
    assert sorted(done) == sorted(job.source for job in jobs)


def test_a_recording_is_heard_before_it_is_made(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    film = tmp_path / "in" / "talk 0.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom" + bytes(60))
    batch = desk.batch([Job(source=str(film)), jobs[1]])
    assert [work for work, name in desk.did if name == "talk 0.mp4"] == ["hear", "make"]
    assert statuses(batch) == ["done", "done"], "by the captions beside it"


def test_what_arrives_is_done_when_it_is_whole(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_TICK_S", 0.01)
    folder = tmp_path / "inbox"
    folder.mkdir()

    def arriving() -> Iterator[list[Job] | None]:
        with Store(tmp_path / "study.db") as store:
            arrivals = listing.Arrivals(folder, store, every_s=0.0)
            yield list(arrivals())
            path = write_talk(folder, 1)
            yield list(arrivals())  # seen for the first time: it may still be growing
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
            yield list(arrivals())  # it was
            yield list(arrivals())
            write_talk(folder, 2)
            for _ in range(3):
                yield list(arrivals())
            yield None

    steps = arriving()
    seen: list[int] = []

    def more() -> list[Job] | None:
        found = next(steps)
        seen.append(len(found or ()))
        return found

    batch = desk.batch([], arriving=more)
    assert seen == [0, 0, 0, 1, 1, 2, 2, 0]
    assert statuses(batch) == ["done", "done"]
    assert made(desk) == ["talk 1.en.vtt", "talk 2.en.vtt"]


def test_a_list_fills_its_courses_in_its_order(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    named = [replace(job, course="Odd" if i % 2 else "  All of  it") for i, job in enumerate(jobs)]
    empty = tmp_path / "in" / "empty.vtt"
    empty.write_text("WEBVTT\n", encoding="utf-8")
    broken = Job(source=str(empty), course="Odd")
    first = desk.batch([named[3], broken], shard=(1, 1))
    assert statuses(first) == ["done", "failed"]
    batch = desk.batch([named[2], named[1], named[0], named[3]])
    talks = [record.talk for record in batch.records.values()]
    with Store(tmp_path / "study.db") as store:
        assert course_names(store) == ["All of it", "Odd"]
        assert course_talks(store, "All of it") == [talks[0], talks[2]]
        assert course_talks(store, "Odd") == [talks[1], talks[3]]


def test_shards_number_the_talks_of_a_course_alike(desk: Desk, jobs: list[Job], tmp_path: Path) -> None:
    named = [replace(job, course="All") for job in jobs]
    for i in (2, 1):
        desk.batch(named, shard=(i, 2))
    with Store(tmp_path / "study.db") as store:
        titles = {row.id: row.title for row in store.talks()}
        ordered = [titles[talk] for talk in course_talks(store, "All")]
    assert ordered == ["talk 0", "talk 1", "talk 2", "talk 3"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_interrupt_while_a_talk_is_handed_over_leaves_it_waiting(
    desk: Desk, jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    submit = run.Batch._submit

    def interrupted(batch: run.Batch, talk: Any, step: Any) -> None:
        if moment == "after":
            submit(batch, talk, step)
            batch._active.clear()  # taken out to be stored, and not stored yet
        else:
            batch._keep(talk, "running")
        raise KeyboardInterrupt

    monkeypatch.setattr(run.Batch, "_submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        desk.batch(jobs)
    monkeypatch.undo()
    with Store(tmp_path / "study.db") as store:
        rows = store.db.execute("SELECT status FROM batch_records").fetchall()
    assert {status for (status,) in rows} == {"waiting"}
