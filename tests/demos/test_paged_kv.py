from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.paged_kv import PAGE, ROWS, Memory, Request, lines, run, serve


@given(st.lists(st.tuples(st.integers(1, 600), st.integers(1, 400)), min_size=1, max_size=30))
def test_everybody_is_served_and_reads_what_was_written(sizes: list[tuple[int, int]]) -> None:
    served = serve([Request(i, prompt, prompt + more, PAGE) for i, (prompt, more) in enumerate(sizes)], 0.1)
    assert served["wrong"] == 0
    assert served["entries"] == pytest.approx(sum(-(-(a + b) // PAGE) for a, b in sizes) / len(sizes))
    assert served["steps"] >= max(more for _, more in sizes)


def test_two_requests_by_hand() -> None:
    """Room for one alone: the second waits, and each step writes one token."""
    requests = [Request(i, prompt=10, length=13, stretch=ROWS) for i in range(2)]
    assert serve(requests, 0.0)["steps"] == 6
    requests = [Request(i, prompt=10, length=13, stretch=ROWS // 2) for i in range(2)]
    assert serve(requests, 0.0)["steps"] == 3


def test_who_came_last_makes_room_and_begins_anew() -> None:
    half = ROWS // 2
    requests = [Request(i, prompt=half - 8, length=half + 8, stretch=16) for i in range(2)]
    served = serve(requests, 0.0)
    assert served["wrong"] == 0
    assert served["again"] == pytest.approx(half / (ROWS + 16))
    assert served["steps"] == 16 + 16


def test_no_row_is_given_out_twice() -> None:
    memory, requests = Memory(PAGE), [Request(i, 1, 99, PAGE) for i in range(4)]
    for _ in range(50):
        assert all(memory.write(request) for request in requests)
    rows = [request.row(token) for request in requests for token in range(50)]
    assert len(set(rows)) == len(rows)
    for request in requests:
        memory.leave(request)
    assert sorted(memory.free) == list(range(0, ROWS, PAGE))


def test_the_empty_part_is_half_a_page_for_each() -> None:
    for page in (1, 16, 64):
        way = run(0, page=page)["ways"]["pages"]
        written = way["filled"] * way["entries"] * page
        assert way["entries"] * page - written == pytest.approx((page - 1) / 2, rel=0.35)
    assert lines(run(0, page=64))
