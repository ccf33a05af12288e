from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.hallucination import ANSWERS, FEATURES, chances, features, run, train


def test_a_name_is_a_vector_of_length_one_and_its_own() -> None:
    seen = features(["Orson Kovats", "Orson Kovats", "Mara Benlo"])
    assert np.linalg.norm(seen, axis=1) == pytest.approx(1)
    assert seen[0] @ seen[1] == pytest.approx(1)
    assert seen[0] @ seen[2] < 0.3


def test_similar_names_share_features() -> None:
    one, similar, other = features(["Orson Kovats", "Orson Kovan", "Mara Benlo"])
    assert one @ similar > one @ other + 0.3


def test_the_step_goes_down_the_gradient() -> None:
    """Finite differences of the surprise against the error that ``train`` takes off the weights."""
    rng = np.random.default_rng(0)
    weights, seen = rng.normal(size=(FEATURES, len(ANSWERS))), features(["Orson Kovats"])
    slope = seen.T @ (chances(weights, seen) - np.eye(len(ANSWERS))[[7]])
    at, small = int(seen[0].argmax()), 1e-5

    def surprise(by: float) -> float:
        moved = weights.copy()
        moved[at, 7] += by
        return -float(np.log(chances(moved, seen)[0, 7]))

    assert (surprise(small) - surprise(-small)) / (2 * small) == pytest.approx(slope[at, 7], rel=1e-5)


def test_an_untrained_model_has_no_preference() -> None:
    assert chances(np.zeros((FEATURES, len(ANSWERS))), features(["A"])) == pytest.approx(1 / len(ANSWERS))


def test_one_person_learned_is_one_person_told() -> None:
    weights = train(["Mara Benlo"], np.array([3]))
    assert chances(weights, features(["Mara Benlo"]))[0, 3] > 0.95


def test_the_readers_own_name_is_asked_about() -> None:
    assert run(0, text="Ada Lovelace")["name"] == "Ada Lovelace"
