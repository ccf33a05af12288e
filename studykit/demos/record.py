"""What each demo printed when it was last recorded; ``python -m studykit.demos.record`` does so.

The recorded outputs, of the run and of its control, are the tests' golden files and what pages show
beside a demo's code.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from studykit.demos import NAMES, load

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
    numbers = demo.run(0)
    demo.check(numbers)
    CONTROLS.mkdir(parents=True, exist_ok=True)
    for folder, lines in ((FOLDER, demo.lines(numbers)), (CONTROLS, demo.lines(demo.control(0)))):
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main(names: Sequence[str]) -> None:
    """Record the demos of those names, or all."""
    for name in names or NAMES:
        record(name)


if __name__ == "__main__":
    main(sys.argv[1:])
