"""docs/library.md names what ``studykit`` offers, and its examples give what they show."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest

import studykit

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/library.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_public_name_has_a_section_and_nothing_else_has() -> None:
    assert sorted(re.findall(r"^## (\w+)$", PAGE, re.MULTILINE)) == sorted(studykit.__all__)


def test_every_section_has_an_example() -> None:
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        assert BLOCK.search(section), f"{section.splitlines()[0]} has no example"


@pytest.mark.parametrize("page", ["docs/library.md", "README.md"])
def test_the_examples_give_what_they_show(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert blocks
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    outcome = runner.run(examples)
    assert outcome.attempted > 0
    assert outcome.failed == 0, capsys.readouterr().out


def test_both_readmes_show_the_same_example() -> None:
    english, chinese = (
        BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) for name in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
