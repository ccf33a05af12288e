from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.rope import WIDTH, rotate, speeds

places = st.integers(0, 5000)


@given(places, places, st.integers(0, 5000))
def test_only_the_distance_counts(i: int, j: int, shift: int) -> None:
    query, key = np.random.default_rng(0).normal(size=(2, WIDTH))
    here, there = (rotate(query, i + by) @ rotate(key, j + by) for by in (0, shift))
    assert here == pytest.approx(there, abs=1e-9)


@given(places)
def test_it_is_multiplication_of_complex_numbers(place: int) -> None:
    x = np.random.default_rng(1).normal(size=(3, WIDTH))
    turned = (x[:, 0::2] + 1j * x[:, 1::2]) * np.exp(1j * place * speeds())
    assert rotate(x, place)[:, 0::2] == pytest.approx(turned.real)
    assert rotate(x, place)[:, 1::2] == pytest.approx(turned.imag)


def test_a_quarter_turn() -> None:
    x = np.zeros(WIDTH)
    x[0] = 1
    assert rotate(x, np.pi / 2)[:2] == pytest.approx([0, 1])  # the first pair turns by 1 a place
    assert rotate(x, 0) == pytest.approx(x)
