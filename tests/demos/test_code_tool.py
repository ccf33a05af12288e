from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.code_tool import answer, calculate, learn, run

SUMS = st.recursive(
    st.integers(0, 10**6).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({' '.join(t)})"),
)


@given(SUMS)
def test_arithmetic_as_python_does_it(code: str) -> None:
    assert calculate(code) == eval(code)  # the sums are ours


def test_division_and_signs() -> None:
    assert calculate("-7 // 2") == -4
    assert calculate("(869 - 177 * 4) / 23") == 7


@pytest.mark.parametrize(
    "code", ["open('diary.txt')", "x + 1", "__import__('os')", "2 ** 9 ** 9", "1 / 0", "1 +", "'a' * 9"]
)
def test_nothing_but_arithmetic_is_run(code: str) -> None:
    with pytest.raises(ValueError, match="not arithmetic"):
        calculate(code)
    assert answer(code) == "refused"


def test_the_network_has_learned_to_multiply_roughly() -> None:
    """Oracle: the products themselves, to one thousandth of the largest."""
    chance = np.random.default_rng(5)
    mental = learn(chance, 1000.0)
    asked = chance.integers(100, 1000, (50, 2))
    assert mental(asked.astype(float)) == pytest.approx(asked.prod(axis=1), abs=1e3)


def test_the_readers_own_line_is_run() -> None:
    assert run(0, text="6 * 7")["code"][0] == ["6 * 7", "42"]
