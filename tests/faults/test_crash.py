"""kill -9 at every kind of moment: the database is sound, no file is half, the next run ends alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studykit.export import FORMATS
from tests.faults.killing import COMMANDS, NOTES

pytestmark = [pytest.mark.slow, pytest.mark.faults]

KILLS = {"notes": 24, "site": 24, "fix": 16, "export pdf": 10}
"""In one run with ``--faults 1``; the other commands get 12. ``--faults 4`` kills more than 600 times."""


def _tried(command: str, most: int, *error: str) -> dict[str, Any]:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.killing", command, str(most), *error],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    print(f"{command}: disturbed at {told['kills']} of {told['events']} moments {' '.join(error)}")
    return told


def test_every_format_is_among_what_is_killed() -> None:
    made_by_notes = set(NOTES[NOTES.index("--format") + 1].split(","))
    assert {f"export {name}" for name in FORMATS if name not in made_by_notes} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_leaves_nothing_broken(command: str, times: int) -> None:
    told = _tried(command, KILLS.get(command, 12) * times)
    assert told["problems"] == []
    assert told["kills"] >= min(told["events"], 10)


@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EACCES", "FULL"])
@pytest.mark.parametrize("command", ["notes", "site", "export epub", "backup"])
def test_a_call_that_fails_or_a_full_disk_is_told_in_a_line(command: str, error: str, times: int) -> None:
    told = _tried(command, 4 * times, error)
    assert told["problems"] == []
    assert told["kills"] > 0
