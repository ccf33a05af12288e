"""What each demo printed when it was last recorded; ``python -m studykit.demos.record`` does so.

The recorded outputs, of the run and of its control, are the tests' golden files and what pages show
beside a demo's code; so are pictures, and both with each knob turned, in ``turned``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from studykit.demos import NAMES, load, turned
from studykit.demos.equations import record_equation
from studykit.demos.form import ClaimError

__all__ = ["record", "recorded", "recorded_control"]

FOLDER = Path(__file__).parent / "recorded"
CONTROLS = FOLDER / "controls"


def recorded(name: str) -> str:
    """The recorded output of a demo, with seed 0; raises ``FileNotFoundError`` when there is none."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def recorded_control(name: str) -> str:
    """The same with the demo's mechanism switched off."""
    return (CONTROLS / f"{name}.txt").read_text(encoding="utf-8")


def record(name: str) -> None:
    """Run a demo with seed 0 and record its lines; raises ``ClaimError`` when its claim fails."""
    demo = load(name)
    found = turned.turned(demo)
    if found.run.problem:
        raise ClaimError(found.run.problem)
    text = {
        folder: "\n".join(s.lines) + "\n" for folder, s in ((FOLDER, found.run), (CONTROLS, found.control))
    }
    for path, content in (
        *((folder / f"{name}.txt", lines) for folder, lines in text.items()),
        (turned.FOLDER / f"{name}.json", turned.packed(found)),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
    record_equation(demo.demo)


def main(names: Sequence[str]) -> None:
    """Record the demos of those names, or all."""
    for name in names or NAMES:
        record(name)


if __name__ == "__main__":
    main(sys.argv[1:])
