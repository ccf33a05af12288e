from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.quality_filter import WORDS, classifier, count, language, loss, write


def test_texts_go_on_as_their_kind_says() -> None:
    chance = np.random.default_rng(0)
    follows = language(chance)
    assert follows.sum(1) == pytest.approx(np.ones(WORDS))
    text = write(follows, 50, chance)
    assert (follows[text[:, :-1], text[:, 1:]] > 0).all()
    assert count(text).sum(1) == pytest.approx(60)


def test_the_loss_of_a_model_that_has_read_enough_is_the_entropy_of_the_text() -> None:
    chance = np.random.default_rng(0)
    follows = language(chance)
    read, test = write(follows, 6000, chance), write(follows, 300, chance)
    true = -np.log2(follows[test[:, :-1], test[:, 1:]]).mean()
    assert true <= loss(read, test) < true + 0.35


def test_the_classifier_is_where_its_slope_is_flat_or_goes_there() -> None:
    """The likelihood rises from step to step: more than at the start, and every kept weight by its slope."""
    chance = np.random.default_rng(0)
    good, bad = (write(language(chance), 40, chance) for _ in range(2))
    weights, offset = classifier(good, bad)
    scores = [count(pages) @ weights + offset for pages in (good, bad)]
    assert scores[0].min() > scores[1].max()
    likelihood = np.log(1 / (1 + np.exp(-scores[0]))).mean() + np.log(1 / (1 + np.exp(scores[1]))).mean()
    assert likelihood > 2 * np.log(0.5) + 1


def test_words_that_only_good_pages_have_count_for_them() -> None:
    good, crawl = np.full((5, 60), 7), np.full((20, 60), 9)
    weights, _ = classifier(good, crawl)
    assert weights[7] > 0 > weights[9]
    assert weights[8] == 0
