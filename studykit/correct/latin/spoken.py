"""What is said in talks on software and AI: rare words, and terms, with the number of episodes.

``weights/spoken.tsv``, made by ``benchmarks/spoken_words.py``.
"""

from __future__ import annotations

from functools import cache

from studykit.resources import data_dir

__all__ = ["OFTEN", "episodes"]

OFTEN = 8
"""Said in so many episodes, a term needs no other mention in a talk."""


def episodes(form: str) -> int:
    """In how many of some three hundred episodes a form (letters and digits, lower case) was said.

    0 for everyday words too: only words rare in English at large, and terms, are counted.
    """
    return _counts().get(form, 0)


@cache
def _counts() -> dict[str, int]:
    lines = (data_dir("weights") / "spoken.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {form: int(count) for form, count in rows}
