from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.scaling_law import GUESS, READ, STEEPNESS, loss, power_law, run, zipf


def test_the_line_is_found_exactly_where_there_is_one() -> None:
    x = [1, 10, 50, 300]
    assert power_law(x, [7 * at**-0.25 for at in x]) == pytest.approx((7, -0.25))


def test_loss_is_four_bits_for_every_question_about_a_fact_not_read() -> None:
    facts = np.array([1, 5, 1, 9, 5, 1])
    shares = np.array([0.5, 0.1, 0.5, 0.05, 0.1, 0.5])
    assert loss(facts, shares) == pytest.approx(4 * (1 - 0.5 - 0.1 - 0.05))
    assert loss(facts, shares, room=2) == pytest.approx(4 * (1 - 0.5 - 0.1))  # those met most are kept
    assert loss(facts, shares, room=0) == 4


def test_the_powers_are_those_of_the_theory() -> None:
    """A world where fact k is met k**-a as often: loss falls with data by the power (a - 1) / a, and with
    room by the power a - 1 (Hutter, Learning curve theory, arXiv:2102.04074)."""
    runs = [run(seed) for seed in range(3)]
    by_data = float(np.mean([numbers["data_power"] for numbers in runs]))
    by_room = float(np.mean([numbers["room_power"] for numbers in runs]))
    assert by_data == pytest.approx(-(STEEPNESS - 1) / STEEPNESS, abs=0.02)
    assert by_room == pytest.approx(-(STEEPNESS - 1), abs=0.02)


def test_losses_are_those_to_be_expected() -> None:
    """A fact with share p is still unread after n readings with the chance (1 - p)**n."""
    shares = np.arange(1, 2_000_000) ** -STEEPNESS / 2.612375
    beyond = 1 - shares.sum()  # so rare that they are never met
    for read, measured in zip(READ[:4], run(0)["by_data"], strict=False):
        expected = GUESS * float((shares * (1 - shares) ** read).sum() + beyond)
        assert measured == pytest.approx(expected, rel=0.08)


def test_shares_are_how_often_facts_are_met() -> None:
    facts, shares = zipf(np.random.default_rng(0), 100_000)
    for fact in (1, 2, 10):
        assert (facts == fact).mean() == pytest.approx(shares[facts == fact][0], rel=0.05)
