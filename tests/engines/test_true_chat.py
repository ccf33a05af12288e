"""A true model that writes nonsense, through the real client: the checks must stop it."""

from __future__ import annotations

import pytest

from studykit.resources import data_dir

pytestmark = pytest.mark.slow


def sentences() -> list[str]:
    """The first of the shipped example."""
    lines = (data_dir("examples") / "lecture.en.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line][:8]
