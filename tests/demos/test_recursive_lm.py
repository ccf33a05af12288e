from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.recursive_lm import CODE, DIGITS, KINDS, Model, marked, recurse, rounded, run


@given(st.floats(1e-6, 1e6), st.integers(4, 24))
def test_rounding_keeps_so_many_digits(number: float, digits: int) -> None:
    found = rounded(number, digits)
    assert abs(found - number) <= number * 2.0**-digits
    assert rounded(found, digits) == found


@pytest.mark.parametrize(("number", "wanted"), [(255, 255), (256, 256), (257, 256), (259, 260), (0, 0)])
def test_eight_digits_are_those_of_bfloat16(number: int, wanted: int) -> None:
    """Whole numbers up to 256 are exact, then every second one."""
    assert rounded(number, 8) == wanted


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=300), st.integers(1, 50))
def test_in_short_pieces_the_count_is_that_of_code(lines: list[str], limit: int) -> None:
    model = Model(DIGITS, 1)
    assert recurse(model, lines, limit, CODE) == lines.count(KINDS[0])
    assert model.longest <= limit


def test_errors_in_a_row() -> None:
    error, other = KINDS[:2]
    log = [error, error, error, other, error]
    assert [marked(log, together) for together in (1, 2, 3, 4)] == [4, 2, 1, 0]
    assert marked([], 1) == 0


def test_every_cut_may_part_a_pair() -> None:
    """With all lines errors, each cut loses one pair, and nothing else is lost."""
    log = [KINDS[0]] * 64
    assert recurse(Model(24, 2), log, 8, CODE) == 63 - 7


def test_comparisons_are_the_squares_of_the_pieces() -> None:
    model = Model(DIGITS, 1)
    recurse(model, random.Random(0).choices(KINDS, k=400), 100, CODE)
    assert (model.calls, model.comparisons) == (4, 4 * 100**2)
    last = run(0)["rows"][-1]
    assert last["comparisons"] == {"at once": 25_600**2, "pieces": 256 * 100**2}
