from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.autograd import Value

NUMBERS = st.floats(0.2, 2)


def test_a_value_used_twice_gets_the_sum_of_both_ways() -> None:
    x = Value(3.0)
    (x * x + x).backward()
    assert x.grad == 2 * 3 + 1


def test_going_backward_again_starts_anew() -> None:
    x = Value(3.0)
    square = x * x
    square.backward()
    square.backward()
    assert x.grad == 6


@given(NUMBERS, NUMBERS)
def test_gradients_are_those_of_calculus(a: float, b: float) -> None:
    x, y = Value(a), Value(b)
    result = (x * y).tanh() + (x + y).log() + y.exp() * x**-1
    result.backward()
    assert result.data == pytest.approx(math.tanh(a * b) + math.log(a + b) + math.exp(b) / a)
    bend = 1 - math.tanh(a * b) ** 2
    assert x.grad == pytest.approx(b * bend + 1 / (a + b) - math.exp(b) / a**2)
    assert y.grad == pytest.approx(a * bend + 1 / (a + b) + math.exp(b) / a)
