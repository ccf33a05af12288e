from __future__ import annotations

import random
from math import log

import pytest

from studykit.demos import guess_and_check
from studykit.demos.guess_and_check import RATE, SLIP, WAYS, attempt, practise, softmax, steps


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_sound(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guess_and_check, "SLIP", dict.fromkeys(SLIP, 0.0))
    for a in (22, 38, 57, 84):
        assert sum(x * y for x, y in steps(a, 47, way)) == a * 47
        assert attempt(a, 47, way, random.Random(0)) == a * 47


def test_a_way_is_right_when_no_step_slips() -> None:
    chance = random.Random(0)
    for way, expected in (("at once", 0.1), ("digit by digit", 0.99**4)):
        found = sum(attempt(47, 86, way, chance) == 47 * 86 for _ in range(20_000)) / 20_000
        assert found == pytest.approx(expected, abs=0.01)


def test_practice_follows_the_gradient_of_the_winners_log_probability() -> None:
    likes, kept, small = [0.3, -0.2, 1.0, 0.0], [0, 2, 2, 3], 1e-6

    def score(likes: list[float]) -> float:
        return sum(log(softmax(likes)[way]) for way in kept)

    for i, (before, after) in enumerate(zip(likes, practise(likes, kept), strict=True)):
        up, down = list(likes), list(likes)
        up[i] += small
        down[i] -= small
        assert (after - before) / RATE == pytest.approx((score(up) - score(down)) / (2 * small), abs=1e-6)
