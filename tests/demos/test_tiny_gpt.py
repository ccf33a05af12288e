from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.tiny_gpt import GPT, LENGTH


def model(seed: int = 0) -> GPT:
    made = GPT(np.random.default_rng(seed), np.tri(LENGTH), width=8)
    for weight in made.weights.values():
        weight[:] = 5 * weight  # large enough that every layer bends
    return made


def lines(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(3, size=(4, LENGTH + 1))


@pytest.mark.parametrize("name", GPT(np.random.default_rng(0), np.tri(LENGTH)).weights)
def test_every_gradient_is_the_slope_of_the_loss(name: str) -> None:
    """Central differences: nudge one number both ways and see how the loss changes."""
    gpt, tokens, step = model(), lines(), 1e-5
    gpt.loss(tokens)
    grad, weight = gpt.grads[name], gpt.weights[name]
    for at in np.random.default_rng(2).permutation(list(np.ndindex(weight.shape)))[:12]:
        place, kept = tuple(at), weight[tuple(at)]
        weight[place] = kept + step
        above = gpt.loss(tokens)
        weight[place] = kept - step
        below = gpt.loss(tokens)
        weight[place] = kept
        assert grad[place] == pytest.approx((above - below) / (2 * step), abs=1e-7, rel=1e-5)


def test_gradients_are_not_all_zero() -> None:
    gpt = model()
    gpt.loss(lines())
    assert all(np.abs(grad).max() > 1e-6 for grad in gpt.grads.values())


def test_no_score_depends_on_a_later_letter() -> None:
    gpt, tokens = model(), lines()[:, :LENGTH]
    scores, _ = gpt.forward(tokens)
    for place in range(LENGTH):
        changed = tokens.copy()
        changed[:, place] = (changed[:, place] + 1) % 3
        moved = np.abs(gpt.forward(changed)[0] - scores).max((0, 2))
        assert moved[:place].max(initial=0) < 1e-9
        assert moved[place] > 0.01


def test_it_has_the_size_of_the_network_in_the_talk() -> None:
    """About 85,000 (bbycroft.net/llm): 3 blocks, vectors of 48; ours leaves out biases and gains."""
    width, blocks = 48, 3
    ours = GPT(np.random.default_rng(0), np.tri(LENGTH), width, blocks).weights
    matrices = sum(weight.size for weight in ours.values())
    biases = blocks * (3 + 1 + 4 + 1) * width
    gains_and_shifts = (2 * blocks + 1) * 2 * width
    assert 85_000 <= matrices + biases + gains_and_shifts < 86_000
