"""Every file of weights says what it is, what it was learnt from and what makes it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_file_has_its_row_and_its_program() -> None:
    page = (ROOT / "weights" / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (`[^|]+`) \|.*\| `([^`]+)` \|$", page, re.MULTILINE)
    rows = {name: program for names, program in lines for name in re.findall("`([^`]+)`", names)}
    assert set(rows) == {path.name for path in (ROOT / "weights").iterdir()} - {"README.md"}
    for name, program in rows.items():
        assert name in (ROOT / program).read_text(encoding="utf-8"), f"{program} does not make {name}"
