from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos import ClaimError
from studykit.demos.sampling import check, flip, heated, learn, lines, predict, run, write


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_coins_laid_evenly_fall_exactly_as_the_chances_say(counts: list[int]) -> None:
    """Inverse transform sampling: of n coins at (i + ½)/n, each word gets its share of n."""
    total = sum(counts)
    chances = {str(i): count / total for i, count in enumerate(counts)}
    fallen = Counter(flip(chances, (i + 0.5) / total) for i in range(total))
    assert [fallen[str(i)] for i in range(len(counts))] == counts


def test_a_coin_at_the_very_end_falls_on_the_last_word() -> None:
    assert flip({"a": 0.1, "b": 0.2, "c": 0.7 - 1e-9}, 1 - 1e-12) == "c"


def test_chances_are_counted_by_hand() -> None:
    model = learn([["the", "cat", "saw", "the", "dog"], ["the", "cat", "sat"]])
    assert predict(model, "the") == {"cat": 2 / 3, "dog": 1 / 3}
    assert predict(model, "sat") == {".": 1.0}


def test_a_chain_has_the_product_of_its_chances() -> None:
    model = learn([["a", "b", "c"], ["a", "c", "b"], ["a", "b"]])
    chance = random.Random(0)
    written = Counter(" ".join(write(model, {"a": 1.0}, chance.random)) for _ in range(20_000))
    assert written["a b"] / 20_000 == pytest.approx(2 / 3 * 2 / 3, abs=0.02)
    assert written["a c b"] / 20_000 == pytest.approx(1 / 3 * 1 / 2 * 2 / 3, abs=0.02)


def test_the_readers_own_text() -> None:
    numbers = run(0, text="模型预测下一个词。模型采样下一个词。The model samples.")
    assert numbers["sentences"] == 3
    assert numbers["steps_known"]
    assert lines(numbers)
    with pytest.raises(ValueError, match="no words"):
        run(0, text=" … ")


def test_a_single_repeated_sentence_leaves_nothing_to_remix() -> None:
    numbers = run(0, text="one two three.")
    assert numbers["new"] == 0
    with pytest.raises(ClaimError, match="several continuations"):
        check(numbers)


def test_temperature_is_softmax_of_scores_divided_by_it() -> None:
    counts = {"a": 6, "b": 3, "c": 1}
    scores = np.log(list(counts.values()))
    for temperature in (0.5, 1.0, 2.0):
        powers = np.exp(scores / temperature)
        found = predict({"x": heated(counts, temperature)}, "x")
        assert list(found.values()) == pytest.approx(powers / powers.sum())


def test_the_likeliest_word_comes_up_the_less_the_hotter_it_is() -> None:
    shares = []
    for temperature in (0.05, 0.5, 1, 5):
        numbers = run(0, temperature=temperature)
        shares.append(numbers["tossed"][max(numbers["chances"], key=numbers["chances"].__getitem__)])
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.99
    assert shares[-1] < 0.35
