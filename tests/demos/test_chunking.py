from __future__ import annotations

import random
import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.chunking import CALLS, NAMES, answer, cut, log_book, unloaded
from studykit.demos.rag import Index


@given(st.lists(st.sampled_from(["One.", "Two.", "Three."]), max_size=30), st.integers(1, 10))
def test_cutting_loses_nothing(sentences: list[str], size: int) -> None:
    chunks = cut(sentences, size)
    assert " ".join(chunks) == " ".join(sentences)
    assert all(len(chunk.split()) == size for chunk in chunks[:-1])


def test_sums_of_the_whole_book_against_a_count_by_entry() -> None:
    sentences = log_book(random.Random(0), scattered=True)
    tons, calls = Counter[str](), Counter[str]()
    for call, load in zip(sentences[::2], sentences[1::2], strict=True):
        ship = call.split()[1]
        calls[ship] += 1
        tons[ship] += int(re.findall(r"\d+", load)[0])
    whole = " ".join(sentences)
    assert [calls[name] for name in NAMES] == list(CALLS)
    assert all(unloaded(name, whole) == tons[name] for name in NAMES)
    assert all(answer(name, Index([whole]))[0] == tons[name] for name in NAMES)
