"""What a printing run that was killed leaves behind: nothing that the next one does not remove."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studykit.files import scratch_folder

_PRINT = "from studykit.engines.programs.chromium import print_pdf; print_pdf('<p>x</p>')"


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("not within 30 s")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no signal for a parent's death")
def test_the_browser_ends_and_its_folder_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, started, scratch = tmp_path / "bin" / "chromium", tmp_path / "started", tmp_path / "tmp"
    browser.parent.mkdir()
    scratch.mkdir()
    browser.write_text(f"#!/bin/sh\necho $$ > {started}\nexec sleep 600\n", encoding="utf-8")
    browser.chmod(0o755)
    path = f"{browser.parent}:{os.environ['PATH']}"
    run = subprocess.Popen(
        [sys.executable, "-c", _PRINT], env={**os.environ, "PATH": path, "TMPDIR": str(scratch)}
    )
    _until(lambda: started.exists() and started.read_text().endswith("\n"))
    pid = int(started.read_text())
    assert _runs(pid)
    run.send_signal(signal.SIGKILL)
    run.wait()
    _until(lambda: not _runs(pid))
    assert len(list(scratch.iterdir())) == 1

    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with scratch_folder() as folder, scratch_folder() as other:
        assert set(scratch.iterdir()) == {folder, other}
    assert not list(scratch.iterdir())
