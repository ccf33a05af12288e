from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.unlock_not_teach import (
    FIRST,
    KINDS,
    ODD,
    OTHER,
    RATE,
    USUAL,
    WAYS,
    base_model,
    practise,
    softmax,
    solved,
    teach,
)


@pytest.mark.parametrize("tries", [1, 2, 8])
def test_solved_is_what_trying_gives(tries: int) -> None:
    chance, scores, times = np.random.default_rng(0), base_model(), 20_000
    for kind, row in enumerate(softmax(scores)):
        tried = chance.choice(WAYS, size=(times, tries), p=row)
        needed = np.where(chance.random(times) < ODD[kind], OTHER, USUAL)
        hit = float((tried == needed[:, None]).any(1).mean())
        assert solved(scores, tries)[kind] == pytest.approx(hit, abs=0.015)


def test_practice_climbs_the_share_solved() -> None:
    """On average a step goes along the gradient of pass@1, here by finite differences."""
    scores, small = base_model(), 1e-5
    step = (practise(scores, np.random.default_rng(0), tries=100_000) - scores) / RATE
    for kind in range(len(KINDS)):
        for way in (USUAL, OTHER, 5):
            move = np.zeros_like(scores)
            move[kind, way] = small
            slope = (solved(scores + move, 1) - solved(scores - move, 1))[kind] / (2 * small)
            assert step[kind, way] == pytest.approx(slope, abs=0.005)


def test_teaching_climbs_the_log_probability_of_the_right_way() -> None:
    scores, small = base_model(), 1e-6
    step = (teach(scores, slice(0, 1)) - scores) / RATE
    assert not step[1:].any()
    for way in range(WAYS):
        move = small * np.eye(WAYS)[way]
        up, down = (np.log(softmax(scores[0] + sign * move)[USUAL]) for sign in (1, -1))
        assert step[0, way] == pytest.approx((up - down) / (2 * small), abs=1e-6)


def test_the_base_model_is_as_described() -> None:
    assert softmax(base_model()).sum(1) == pytest.approx(1)
    assert softmax(base_model())[:, USUAL] == pytest.approx(FIRST)
