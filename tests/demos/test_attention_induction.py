from __future__ import annotations

import numpy as np
import pytest

from studykit.demos import attention_induction
from studykit.demos.attention_induction import LETTERS, WIDTH, attend, gradients, run, softmax, task, train


def weights() -> dict[str, np.ndarray]:
    chance, n = np.random.default_rng(0), len(LETTERS)
    return {
        "query": chance.normal(0, 0.5, (n, WIDTH)),
        "key": chance.normal(0, 0.5, (2 * n, WIDTH)),
        "value": chance.normal(0, 0.5, (2 * n, n)),
    }


@pytest.mark.parametrize("equal", [False, True])
@pytest.mark.parametrize("name", ["query", "key", "value"])
def test_every_gradient_is_the_slope_of_the_loss(name: str, equal: bool) -> None:
    last, places, right = task(np.random.default_rng(1), 8)
    now, wanted = weights(), np.eye(len(LETTERS))[right]

    def loss() -> float:
        return float(-np.log((softmax(attend(now, last, places, equal)[0]) * wanted).sum(-1)).mean())

    slope, step = gradients(now, last, places, wanted, equal)[name], 1e-5
    for at in np.random.default_rng(2).permutation(list(np.ndindex(slope.shape)))[:40]:
        place, kept = tuple(at), now[name][tuple(at)]
        now[name][place] = kept + step
        above = loss()
        now[name][place] = kept - step
        below = loss()
        now[name][place] = kept
        assert slope[place] == pytest.approx((above - below) / (2 * step), abs=1e-9, rel=1e-5)
    assert (np.abs(slope).max() > 1e-6) == (not equal or name == "value")


def test_attention_is_the_textbook_sum() -> None:
    """softmax(q k) v, place by place, without any array tricks."""
    last, places, _ = task(np.random.default_rng(1), 3)
    now = weights()
    scores, looks = attend(now, last, places, False)
    for text in range(3):
        query = last[text] @ now["query"]
        fits = np.exp([float(query @ (place @ now["key"])) for place in places[text]])
        mixed = sum(fit * (place @ now["value"]) for fit, place in zip(fits, places[text], strict=True))
        assert looks[text] == pytest.approx(fits / fits.sum())
        assert scores[text] == pytest.approx(mixed / fits.sum())


def test_order_does_not_matter_to_attention() -> None:
    """Places are a set: shuffle them and the answer is the same; only what they carry counts."""
    last, places, _ = task(np.random.default_rng(1), 3)
    scores, looks = attend(weights(), last, places, False)
    shuffled, looks_then = attend(weights(), last, places[:, ::-1], False)
    assert shuffled == pytest.approx(scores)
    assert looks_then[:, ::-1] == pytest.approx(looks)


def test_it_reads_your_text(monkeypatch: pytest.MonkeyPatch) -> None:
    trained = {equal: train(np.random.default_rng(0), equal) for equal in (False, True)}
    monkeypatch.setattr(attention_induction, "train", lambda _, equal, *sizes: trained[equal])
    for text, goes_on in (("Hogwarts, a castle. Hogwar", "t"), ("alohomora, said al", "o"), ("éx yzx", " ")):
        assert run(0, text=text)["goes_on"] == goes_on
