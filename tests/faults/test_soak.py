"""Generated talks are made, edited and deleted in one process: size and memory stay flat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.soak import STEPS

pytestmark = [pytest.mark.slow, pytest.mark.faults]

TALKS = 16
"""With ``--faults 1``; ``--faults 13`` makes 208."""
MB_A_TALK = 0.5
"""A talk of a minute, with vectors and kept results, takes .23 MB."""
LOADED_MB, LEFT_MB = 10, 0.2
"""What may be loaded on first use after half the talks were made, and what each run after that may leave."""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_many_talks_leave_size_and_memory_flat(times: int) -> None:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.soak", str(TALKS * times)],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    curve = json.loads(done.stdout)
    for point in curve:
        print("; ".join(f"{name} {value}" for name, value in point.items()))
    half, whole = curve[STEPS // 2 - 1], curve[STEPS - 1]
    edited, deleted = curve[STEPS + 1], curve[STEPS + 2]
    assert whole["talks"] == TALKS * times
    assert whole["database_mb"] - half["database_mb"] <= MB_A_TALK * (whole["talks"] - half["talks"])
    runs = whole["talks"] - half["talks"] + 2 * (whole["talks"] // 4)
    assert edited["memory_mb"] - half["memory_mb"] <= LOADED_MB + LEFT_MB * runs
    assert deleted["database_mb"] < edited["database_mb"]
