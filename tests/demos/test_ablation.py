from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.ablation import PARTS, Without, train
from studykit.demos.tiny_gpt import GPT, LENGTH


def lines() -> np.ndarray:
    return np.random.default_rng(1).integers(3, size=(6, LENGTH + 1))


def model(off: str) -> Without:
    made = Without(np.random.default_rng(0), np.tri(LENGTH), 8, blocks=1)
    made.weights = {name: 5 * weight for name, weight in made.weights.items()}
    return made.switched(off)


def test_with_nothing_off_it_is_the_gpt() -> None:
    whole, gpt = (kind(np.random.default_rng(0), np.tri(LENGTH), 8, blocks=1) for kind in (Without, GPT))
    assert whole.loss(lines()) == gpt.loss(lines())


def test_without_attention_each_letter_sees_itself_alone() -> None:
    tokens = lines()[:, :LENGTH]
    changed = tokens.copy()
    changed[:, 0] = (changed[:, 0] + 1) % 3
    for off, moves in (("attention", False), ("", True)):
        moved = np.abs(model(off).forward(changed)[0] - model(off).forward(tokens)[0])[:, 1:].max()
        assert (moved > 1e-6) == moves


def test_without_places_their_order_does_not_count() -> None:
    tokens = lines()[:, :LENGTH]
    swapped = tokens[:, [1, 0, *range(2, LENGTH)]]
    for off, moves in (("places", False), ("", True)):
        moved = np.abs(model(off).forward(swapped)[0] - model(off).forward(tokens)[0])[:, 2:].max()
        assert (moved > 1e-6) == moves


@pytest.mark.parametrize("off", ["", *PARTS])
def test_gradients_are_slopes_also_without_a_part(off: str) -> None:
    """Central differences; what is off has no slope."""
    made, tokens, small = model(off), lines(), 1e-5
    made.loss(tokens)
    grads = {name: grad.copy() for name, grad in made.grads.items()}
    for name, grad in grads.items():
        weight, kept = made.weights[name], made.weights[name][0, 0]
        weight[0, 0] = kept + small
        above = made.loss(tokens)
        weight[0, 0] = kept - small
        below = made.loss(tokens)
        weight[0, 0] = kept
        assert grad[0, 0] == pytest.approx((above - below) / (2 * small), abs=1e-7)
    for name in {"attention": ("query0", "value0", "mix0"), "MLP": ("up0", "down0")}.get(off, ()):
        assert not grads[name].any()


def test_places_that_are_off_stay_off_in_training() -> None:
    made = train("places", 3, 8, lines(), 0)
    assert not made.weights["place"].any()
    assert train("", 3, 8, lines(), 0).weights["place"].any()
