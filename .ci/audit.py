"""Are the tested versions those that are installed, and does anybody know a hole in them?

``python .ci/audit.py`` compares constraints.txt with this environment, which needs no network, and asks
pip-audit, if it is installed, for advisories. Where no source of advisories answers, that is said: a package
that nobody was asked about does not count as sound. Exit code 1 for a known hole or another version than the
tested one, 3 with ``--require`` if packages were not asked about.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
TIMEOUT_S = 300


def tested() -> dict[str, str]:
    """The versions of constraints.txt by name."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def differing(locked: dict[str, str]) -> list[str]:
    """Packages installed here in another version than the tested one, or not at all."""
    found = []
    for name, wanted in locked.items():
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "nothing"
        if here != wanted:
            found.append(f"{name}: {here} is installed, {wanted} is tested")
    return found


def answered() -> list[dict[str, Any]]:
    """What pip-audit says of each package; empty if it is not installed or reached nobody."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(CONSTRAINTS)]
    try:
        done = subprocess.run(
            [*command, "--no-deps", "--disable-pip", "--progress-spinner=off", "-f", "json"],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return []
    return list(answer["dependencies"])


def judged(locked: dict[str, str], answers: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """The known holes, and the packages about which nobody answered."""
    asked = {answer["name"]: answer for answer in answers if "vulns" in answer}
    holes = [
        f"{name} {locked[name]}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version'}"
        for name, answer in asked.items()
        for hole in answer["vulns"]
    ]
    return holes, [name for name in locked if name not in asked]


def main(arguments: list[str]) -> int:
    """Print what is known; see the top for the exit code."""
    locked = tested()
    others = differing(locked)
    holes, unasked = judged(locked, answered())
    print(f"versions: {len(locked) - len(others)} of {len(locked)} packages are installed as tested")
    print(f"advisories: {len(locked) - len(unasked)} of {len(locked)} packages were looked up")
    for line in [*others, *holes]:
        print(f"  {line}")
    if unasked:
        print(
            f"NOT CHECKED for known holes: {', '.join(unasked)}. Install pip-audit, and run this where the "
            "advisories of pypi.org can be reached."
        )
    if holes or others:
        return 1
    return 3 if unasked and "--require" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
