"""The extras of pyproject.toml, and what the code says of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]
NOT_FOR_USERS = {"all", "dev"}


def test_all_is_every_extra() -> None:
    (everything,) = EXTRAS["all"]
    assert everything == f"studykit[{','.join(sorted(EXTRAS.keys() - NOT_FOR_USERS))}]"


def test_every_extra_that_a_message_or_page_names_exists() -> None:
    pages = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("studykit/**/*.py")]
    named = {
        extra
        for page in pages
        for names in re.findall(
            r"(?:studykit|'\.)\[([a-z,]+)\]|MissingExtraError\([^()]*\"([a-z]+)\"\)",
            page.read_text(encoding="utf-8"),
        )
        for extra in "".join(names).split(",")
    }
    assert named >= {"anki", "asr", "embed", "lm", "translate", "whisperx", "youtube"}, "the search is broken"
    assert sorted(named - EXTRAS.keys()) == []
