from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.causal_vs_bidirectional import EDGE, LENGTH, WORDS, go_over, language, sums, train, write


def test_sentences_go_on_as_the_language_says() -> None:
    chance = np.random.default_rng(0)
    truth = language(3, chance)
    assert truth.sum(1) == pytest.approx(np.ones(WORDS + 1))
    assert ((truth > 0).sum(1) == 3).all()
    text = write(truth, 100, chance)
    assert (text[:, [0, -1]] == EDGE).all()
    assert (truth[text[:, :-2], text[:, 1:-1]] > 0).all()


def test_counted_chances_are_those_of_bayes_rule() -> None:
    """P(word | before, after) is P(word | before) P(after | word), brought to one; inside a sentence."""
    chance = np.random.default_rng(0)
    truth = language(3, chance)
    left, both = train(write(truth, 20_000, chance), looks_right=True)
    for before, word in ((0, int(truth[0].argmax())), (5, int(truth[5].argmax()))):
        after = int(truth[word].argmax())
        by_rule = truth[before] * truth[:WORDS, after]
        assert both[before, after] == pytest.approx(by_rule / by_rule.sum(), abs=0.06)
        assert left[before] == pytest.approx(truth[before], abs=0.03)


def test_without_the_right_side_both_are_the_same() -> None:
    chance = np.random.default_rng(0)
    left, both = train(write(language(3, chance), 200, chance), looks_right=False)
    assert both[2, 7] == pytest.approx(left[2])
    assert sums(left, both) == pytest.approx([1, 1])


def test_any_chances_from_the_left_add_up_to_one() -> None:
    """Whatever the model, over all sentences of four words."""
    chance = np.random.default_rng(0)
    left = chance.dirichlet(np.ones(WORDS), WORDS + 1)
    both = chance.dirichlet(np.ones(WORDS), (WORDS + 1, WORDS + 1))
    assert sums(left, both)[0] == pytest.approx(1)


def test_where_both_neighbours_must_be_the_same_word_the_sum_is_not_one() -> None:
    """Every word is that before it, where the one after it is the same."""
    left = np.full((WORDS + 1, WORDS), 1 / WORDS)
    both = np.full((WORDS + 1, WORDS + 1, WORDS), 1 / WORDS)
    for word in range(WORDS):
        both[word, word] = np.eye(WORDS)[word]
    assert sums(left, both)[1] > 1.01


def test_going_over_keeps_the_share_of_true_sentences() -> None:
    """Drawing a word anew by the true chances changes nothing on the whole."""
    chance = np.random.default_rng(0)
    truth = language(3, chance)
    text = write(truth, 4000, chance)
    _, both = train(write(truth, 20_000, chance), looks_right=True)
    again = go_over(both, text, chance)
    before, after = (np.bincount(t[:, LENGTH // 2], minlength=WORDS) / 4000 for t in (text, again))
    assert after == pytest.approx(before, abs=0.04)
    assert (again != text).any()
