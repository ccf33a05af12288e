"""Many processes on one database: nobody's word is lost, nobody fails, readers read meanwhile."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.store import Store, add_known, damage, known_keys, search
from tests.talks import SMALL_TALK

pytestmark = [pytest.mark.slow, pytest.mark.faults]

WRITERS, WORDS = 6, 40


def _add_words(path: Path, writer: int) -> None:
    for number in range(WORDS):
        with Store(path) as store:
            add_known(store, [f"word {writer} {number}"])


def _save_talks(path: Path, writer: int) -> None:
    for number in range(WORDS // 4):
        source = replace(SMALL_TALK.source, id=f"{writer:02x}{number:062x}", title=f"Talk {writer} {number}")
        with Store(path) as store:
            store.save(replace(SMALL_TALK, source=source), key=str(number))


def _read(path: Path, until: Any, failed: Any) -> None:
    while not until.is_set():
        with Store.reading(path) as store:
            for talk in store.talks():
                if len(store.load(talk.id).english) != len(SMALL_TALK.english):
                    failed.value += 1
            search(store, "story")


def test_six_writers_and_two_readers(tmp_path: Path, times: int) -> None:
    spawn = multiprocessing.get_context("spawn")
    for round_ in range(times):
        path = tmp_path / f"{round_}.db"
        with Store(path) as store:
            store.save(SMALL_TALK, key="k")
        done, failed = spawn.Event(), spawn.Value("i", 0)
        readers = [spawn.Process(target=_read, args=(path, done, failed)) for _ in range(2)]
        writers = [
            spawn.Process(target=work, args=(path, writer))
            for writer in range(WRITERS)
            for work in (_add_words, _save_talks)
        ]
        for process in [*readers, *writers]:
            process.start()
        for process in writers:
            process.join()
        done.set()
        for process in readers:
            process.join()
        assert [process.exitcode for process in [*writers, *readers]] == [0] * (2 * WRITERS + 2)
        assert failed.value == 0
        with Store(path) as store:
            assert len(known_keys(store)) == WRITERS * WORDS
            assert len(store.talks()) == 1 + WRITERS * (WORDS // 4)
        assert damage(path) == []


def _create(path: Path) -> None:
    with Store(path) as store:
        store.save(SMALL_TALK, key="k")


def test_six_processes_create_one_database(tmp_path: Path, times: int) -> None:
    fork = multiprocessing.get_context("fork")
    for number in range(20 * times):
        path = tmp_path / f"{number}.db"
        processes = [fork.Process(target=_create, args=(path,)) for _ in range(6)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * 6
        assert damage(path) == []
