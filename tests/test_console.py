"""Console blocks in README and docs show what the commands print: they are run, on the shipped example.

``pytest --update-golden tests/test_console.py`` writes what is printed today into the pages.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.calls import calls_in

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [
    path
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
    if BLOCK.search(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_shows_what_is_printed(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    studykit = calls_in(tmp_path, monkeypatch, capsys)

    def printed(block: re.Match[str]) -> str:
        commands = re.findall(r"^\$ studykit (.+(?:\n    .+(?<=\\))*)$", block[1], re.MULTILINE)
        assert len(commands) == len(re.findall(r"^\$ ", block[1], re.MULTILINE)), "studykit commands alone"
        shown = []
        for command in commands:
            done = studykit(*shlex.split(command))
            assert done.code == 0, f"{command}: {done.err}"
            shown.append(f"$ studykit {command}\n{done.out.rstrip()}\n")
        return f"```console\n{''.join(shown)}```"

    text = page.read_text(encoding="utf-8")
    made = BLOCK.sub(printed, text)
    if request.config.getoption("--update-golden"):
        page.write_text(made, encoding="utf-8")
    else:
        assert made == text, "pytest --update-golden tests/test_console.py, then read the diff"
