from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.verifier import final_answer, run, spellings, value, verified

CASES = [
    (r"\boxed{1/2}", "1/2"),
    (r"\boxed{\frac{1}{2}}", "1/2"),
    (r"\boxed{\dfrac{-3}{4}}", "-3/4"),
    (r"\boxed{0.50}", "1/2"),
    (r"\boxed{50\%}", "1/2"),
    (r"\boxed{50 %}", "1/2"),
    (r"\boxed{1,000}", "1000"),
    (r"\boxed{3\text{ apples}}", "3"),
    (r"\boxed{$12}", "12"),
    (r"first \boxed{1}, then \boxed{2}", "2"),
    ("It is 42.", "42"),
    ("7 apples and 3 pears make 10", "10"),
    ("the answer is -5", "-5"),
    ("about 1,234.5 in all", "2469/2"),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_right_answers_pass(text: str, wanted: str) -> None:
    assert verified(text, Fraction(wanted))
    assert not verified(text, Fraction(wanted) + 1)


@pytest.mark.parametrize("text", ["", "no idea", r"\boxed{}", r"\boxed{x+1}", r"\boxed{1/0}", "一半"])
def test_what_is_no_number_never_passes(text: str) -> None:
    answer = final_answer(text)
    assert answer is None or value(answer) is None


@given(st.fractions(-1000, 1000, max_denominator=200))
def test_every_spelling_means_the_number(number: Fraction) -> None:
    for text in spellings(number):
        assert verified(text, number)


@given(st.text(alphabet="0123456789/.,%$-+{}\\boxedfrac ", max_size=40))
def test_any_text_is_judged(text: str) -> None:
    assert verified(text, Fraction(1, 2)) in (True, False)


def test_your_own_answer() -> None:
    assert run(0, text="I say one half, 5/10")["table"][0]["verifier"]
