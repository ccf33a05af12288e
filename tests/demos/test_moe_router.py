from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.moe_router import CONTENT, INPUT, Mixture, tokens

EXPERTS = 3


def example() -> tuple[Mixture, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    model = Mixture(chance.normal(0, 0.3, (INPUT, EXPERTS)), chance.normal(0, 0.3, (EXPERTS, INPUT, CONTENT)))
    _, x, y = tokens(chance, chance.normal(size=(4, CONTENT, CONTENT)), 24)
    return model, x, y


def test_only_the_expert_that_a_token_wants_most_works() -> None:
    """Against a loop over tokens; an expert that was not chosen may hold anything."""
    model, x, _ = example()
    out = model(x)
    for token, got in zip(x, out, strict=True):
        scores = [float(token @ model.router[:, expert]) for expert in range(EXPERTS)]
        best = int(np.argmax(scores))
        share = 1 / sum(np.exp(score - scores[best]) for score in scores)
        assert got == pytest.approx(share * (token @ model.experts[best]))
    _, chosen = model.route(x)
    model.experts[0] = 99
    assert np.allclose(model(x)[chosen != 0], out[chosen != 0], rtol=0, atol=1e-9)
    assert (chosen == 0).any()


def test_slopes_are_those_of_the_loss() -> None:
    """Central differences of error + balance penalty; how much an expert is used counts as fixed."""
    model, x, y = example()
    balance, step = 0.7, 1e-6

    def loss() -> float:
        wants, chosen = model.route(x)
        use = np.bincount(chosen, minlength=EXPERTS) / len(x)
        penalty = balance * EXPERTS * float((use * wants.mean(0)).sum())
        return float(((model(x) - y) ** 2).sum() / 2 / len(x)) + penalty

    slopes = model.slopes(x, y, balance)
    for weights, slope in zip((model.router, model.experts), slopes, strict=True):
        assert np.abs(slope).max() > 0.01
        for at in np.ndindex(weights.shape):
            kept = weights[at]
            weights[at] = kept + step
            above = loss()
            weights[at] = kept - step
            below = loss()
            weights[at] = kept
            assert slope[at] == pytest.approx((above - below) / (2 * step), abs=1e-7, rel=1e-5)


def test_the_penalty_alone_evens_out_the_use() -> None:
    model, x, y = example()
    model.experts[:] = 0
    model.router *= 0.1
    model.router[0] = (0.5, 0, 0)  # what all tokens share pulls them all to the first expert
    assert set(model.route(x)[1]) == {0}
    for _ in range(300):
        model.router -= 0.05 * model.slopes(x, y, balance=1.0)[0]
    assert set(model.route(x)[1]) == {0, 1, 2}
