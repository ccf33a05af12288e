from __future__ import annotations

import random

import pytest

from studykit.demos.prompt_injection import Model, order, page, prompt_of, run, train


def test_what_is_inside_a_page() -> None:
    prompt = [["go"], ["<page>"], ["stay"], ["</page>"], ["go"]]
    seen = Model().seen(prompt)
    assert ["(inside)" in words for words in seen] == [False, True, True, False, False]


def test_a_page_with_a_secret_ends_by_its_own_mark_alone() -> None:
    prompt = [["<page42>"], ["</page>"], ["go"], ["</page41>"], ["go"], ["</page42>"], ["go"]]
    assert ["(inside)" in words for words in Model().seen(prompt)] == [True] * 5 + [False] * 2


def test_the_gradient_is_that_of_the_likelihood() -> None:
    """A step of gradient descent on one sentence, by hand: from a chance of ½, half the rate."""
    model, user = Model(), ["go", "now"]
    model.learn([([user], user)] * 1)
    assert model.urge(["always", *user]) > 0.5
    fresh = Model()
    assert fresh.urge(["anything"]) == 0.5


def test_without_marks_orders_before_and_after_a_page_look_alike() -> None:
    chance = random.Random(0)
    user, model = order(chance), train(0, chance, None)
    read = page(chance, [])
    places = {prompt_of(user, read, chance, None).index(user) for _ in range(30)}
    assert places == {0, 4}
    assert model.acts([user, *read]) == model.acts([*read, user]) == [user]


@pytest.mark.parametrize("secret", [0, 1, 3])
def test_a_forged_end_works_as_often_as_it_is_guessed(secret: int) -> None:
    followed = run(1, secret=secret)["ways"]["marks, and lessons"]["forged"]
    assert followed == pytest.approx(0.1**secret, abs=0.06)


def test_who_acts_on_the_user_alone_cannot_be_told_otherwise() -> None:
    for urging in (1, 12):
        way = run(0, urging=urging)["ways"]["the reader has no tools"]
        assert (way["plain"], way["forged"], way["user"]) == (0, 0, 1)
