from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.continuous_batching import Request, run, serve, write_alone


def served(
    asked: list[tuple[int, int]], places: int, *, refill: bool
) -> tuple[list[list[int]], list[Request]]:
    requests = [
        Request(comes, length, chr(ord("A") + name % 26)) for name, (comes, length) in enumerate(asked)
    ]
    return serve(requests, places, refill=refill), requests


def test_three_answers_on_two_places_by_hand() -> None:
    asked = [(0, 1), (0, 3), (0, 2)]
    history, _ = served(asked, 2, refill=False)
    assert history == [[0, 1], [-1, 1], [-1, 1], [2, -1], [2, -1]]
    history, requests = served(asked, 2, refill=True)
    assert history == [[0, 1], [2, 1], [2, 1]]
    assert [request.starts for request in requests] == [0, 0, 1]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12)), min_size=1, max_size=20),
    st.integers(1, 6),
    st.booleans(),
)
def test_nobody_is_lost_and_no_answer_depends_on_the_neighbours(
    asked: list[tuple[int, int]], places: int, refill: bool
) -> None:
    asked = sorted(asked)
    history, requests = served(asked, places, refill=refill)
    assert [request.text for request in requests] == [
        write_alone(name, length) for name, (_, length) in enumerate(asked)
    ]
    for who, (comes, length) in enumerate(asked):
        steps = [step for step, batch in enumerate(history) if who in batch]
        assert len(steps) == length
        assert steps[0] >= comes
        assert steps == list(range(steps[0], steps[0] + length))


def test_with_one_place_both_ways_are_the_same() -> None:
    ways = run(0, places=1)["ways"]
    assert ways["continuous"] == ways["batch by batch"]


def test_the_share_of_a_batch_that_is_used_is_mean_over_longest() -> None:
    """Exponential lengths: the longest of n is 1 + 1/2 + … + 1/n means long."""
    used = sum(run(seed, gap=1)["ways"]["batch by batch"]["used"] for seed in range(10)) / 10
    assert used == pytest.approx(1 / (1 + 1 / 2 + 1 / 3 + 1 / 4), abs=0.04)
