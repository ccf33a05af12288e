from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.knowledge_of_self import MAKERS, QUESTION, Model, answers, copied, learn, read, run


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_copying_agrees_with_a_search(words: list[str]) -> None:
    """Brute force: every earlier place with the same two words, and the word after it."""
    found = Counter[str]()
    for i, (one, two, after) in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if [one, two] == words[-2:] and i < len(words) - 2:
            found[after] += 1
    assert copied(words) == found


def test_copying_from_a_prompt() -> None:
    assert copied("you were built by Ada . I was built by".split()) == {"Ada": 1}


def test_the_longest_ending_decides() -> None:
    model = Model()
    for text in ("a b c", "a b c", "x b d"):
        learn(model, text)
    assert read(model, ["b"]) == {"c": 2, "d": 1}
    assert read(model, ["x", "b"]) == {"d": 1}
    assert read(model, ["never", "b"]) == {"c": 2, "d": 1}


def test_shares_sum_to_one() -> None:
    model = Model()
    learn(model, "was built by Ada")
    assert sum(answers(model, "built by Bo . was built by").values()) == pytest.approx(1)


def test_of_itself_the_model_gives_the_shares_of_the_web() -> None:
    shares = run(0)["answers"]["neither"]
    assert {name: shares[name] for name in MAKERS} == pytest.approx({n: c / 180 for n, c in MAKERS.items()})


def test_the_readers_own_name() -> None:
    assert run(0, text="My Lab")["answers"]["system message"]["MyLab"] > 0.9
    assert QUESTION.endswith("by")
