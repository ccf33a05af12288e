"""kill -9 of a batch with true processes: none is left behind, and the next run does what is not done."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from studykit.store import damage
from tests.batch.conftest import write_talk

pytestmark = [pytest.mark.slow, pytest.mark.faults]

TALKS = 6


def _environment(root: Path) -> dict[str, str]:
    here = str(Path(__file__).parent.parent.parent)
    return {**os.environ, "PYTHONPATH": here, "STUDYKIT_CACHE": str(root / "cache")}


def _command(root: Path, out: str) -> list[str]:
    files = ["-o", str(root / out), "--db", str(root / out / "study.db"), "--format", "md,srt,json"]
    return [sys.executable, "-m", "studykit", "batch", str(root / "in"), *files, "--workers", "2", "--json"]


def _done(root: Path, out: str) -> dict[str, str]:
    """When each talk that is done was done."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(root / out / "study.db")) as db:
        rows = db.execute("SELECT source, updated_at FROM batch_records WHERE status = 'done'")
        return dict(rows.fetchall())
    return {}


def _finished(root: Path, out: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        _command(root, out), capture_output=True, text=True, env=_environment(root), cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr
    records: list[dict[str, Any]] = json.loads(done.stdout)
    return records


def _files(root: Path, out: str) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (root / out).iterdir()
        if ".notes." in path.name or path.suffix == ".srt"
    }


def _processes_of(session: int) -> list[int]:
    """The processes of a session that are still alive."""
    alive = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                alive.append(int(path.parent.name))
    return alive


def _left_of(session: int) -> list[int]:
    """Those that do not end with it: Python's own helper of processes ends a moment later."""
    ends_at = time.monotonic() + 20
    while (left := _processes_of(session)) and time.monotonic() < ends_at:
        time.sleep(0.1)
    return left


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_a_killed_batch_goes_on_and_leaves_no_process(tmp_path: Path, times: int) -> None:
    for number in range(TALKS):
        write_talk(tmp_path / "in", number)
    (tmp_path / "whole").mkdir()
    _finished(tmp_path, "whole")
    expected = _files(tmp_path, "whole")
    assert len(expected) == 3 * TALKS
    kept = 0
    for round_ in range(times):
        out = f"killed {round_}"
        (tmp_path / out).mkdir()
        draw = random.Random(round_)
        for _ in range(2):
            process = subprocess.Popen(
                _command(tmp_path, out),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(tmp_path),
                cwd=tmp_path,
                start_new_session=True,
            )
            before = len(_done(tmp_path, out))
            while process.poll() is None and len(_done(tmp_path, out)) < min(before + 2, TALKS - 1):
                time.sleep(0.05)
            time.sleep(draw.uniform(0, 0.5))
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.wait()
            assert _left_of(process.pid) == [], "its processes ended with it"
            assert damage(tmp_path / out / "study.db") == []
        done = _done(tmp_path, out)
        records = _finished(tmp_path, out)
        assert [record["status"] for record in records] == ["done"] * TALKS
        assert {source: at for source, at in _done(tmp_path, out).items() if source in done} == done
        assert _files(tmp_path, out) == expected
        kept += len(done)
    assert kept >= times, "otherwise nothing was shown"
    print(f"{times} batches of {TALKS} talks killed twice: {kept} talks were not done again")


def test_a_worker_that_is_killed_takes_no_talk_along(tmp_path: Path) -> None:
    for number in range(TALKS):
        write_talk(tmp_path / "in", number)
    (tmp_path / "out").mkdir()
    process = subprocess.Popen(
        _command(tmp_path, "out"), stdout=subprocess.PIPE, env=_environment(tmp_path), cwd=tmp_path,
        start_new_session=True,
    )  # fmt: skip
    killed = 0
    while process.poll() is None and not killed:
        time.sleep(0.05)
        if _done(tmp_path, "out"):
            for pid in _processes_of(process.pid):
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if b"spawn_main" in command and b"resource_tracker" not in command and not killed:
                    os.kill(pid, signal.SIGKILL)
                    killed = pid
    out, _ = process.communicate()
    assert killed
    assert process.returncode == 0
    assert [record["status"] for record in json.loads(out)] == ["done"] * TALKS


def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    for number in range(TALKS):
        write_talk(tmp_path / "in", number)
    (tmp_path / "out").mkdir()
    # What a shell has started in the background ignores the signal, and its children with it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*_command(tmp_path, "out"), "--watch"], stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        env=_environment(tmp_path), cwd=tmp_path, start_new_session=True,
    )  # fmt: skip
    signal.signal(signal.SIGINT, before)
    while process.poll() is None and not _done(tmp_path, "out"):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.decode().rstrip().endswith("studykit: interrupted; finished work is kept")
    assert b"Traceback" not in said
    assert _left_of(process.pid) == []
    with closing(sqlite3.connect(tmp_path / "out" / "study.db")) as db:
        statuses = {status for (status,) in db.execute("SELECT status FROM batch_records")}
    assert "running" not in statuses
    assert len(_done(tmp_path, "out")) >= 1
    assert len(_finished(tmp_path, "out")) == TALKS
