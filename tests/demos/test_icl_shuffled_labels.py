from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.icl_shuffled_labels import LABELS, TASKS, WORDS, about, complete, read

LISTS = (np.array([[0, 1, 2, 0], [0, 1, 2, 0]]), np.array([[0, 1, 0, 0], [2, 2, 3, 2]]))


def test_what_a_list_says_is_a_probability() -> None:
    says = read(*LISTS)
    assert says.sum(-1) == pytest.approx(np.ones(says.shape[:2]))
    assert about(LISTS[0]).sum(-1) == pytest.approx([1, 1])
    assert says[0, 0].argmax() == 0
    assert says[1, 0].argmax() == 2


def test_of_a_thing_not_on_it_a_list_expects_its_own_labels() -> None:
    says = read(*LISTS)
    assert says[0, 9, [0, 1]].sum() > 0.9
    assert says[1, 9, [2, 3]].sum() > 0.9
    assert WORDS == LABELS * (TASKS + 1)


def test_one_label_tells_which_list_is_meant_even_a_wrong_one() -> None:
    says, of = read(*LISTS), about(LISTS[0])
    assert complete(says, of, (np.array([1]), np.array([1])), 0) == 0  # as the first list has it
    assert complete(says, of, (np.array([1]), np.array([0])), 0) == 0  # the same words, wrong
    assert complete(says, of, (np.array([1]), np.array([2])), 0) == 2
    assert complete(says, of, (np.array([1]), np.array([3])), 0) == 2


def test_lists_count_by_bayes_rule() -> None:
    """By hand: the answer without examples is the mean of what the lists say."""
    says, of = read(*LISTS), about(LISTS[0])
    none = np.array([], int)
    assert complete(says, of, (none, none), 2) == int(says[:, 2].mean(0).round(9).argmax())
