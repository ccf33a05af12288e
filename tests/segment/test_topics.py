"""Where a talk turns to another subject."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studykit.segment.topics import part_starts


def about(*subjects: int, noise: float = 0.2) -> np.ndarray:
    """A vector for each paragraph: its subject's axis and some noise."""
    rng = np.random.default_rng(0)
    rows = rng.normal(scale=noise, size=(len(subjects), 8))
    rows[np.arange(len(subjects)), subjects] += 1
    return rows


def test_parts_begin_where_the_subject_changes() -> None:
    vectors = about(*[0] * 9, *[1] * 12, *[2] * 8)
    assert part_starts(vectors, [30.0] * 29, usual_s=290) == [0, 9, 21]


def test_without_a_change_of_subject_lengths_stay_within_bounds() -> None:
    starts = part_starts(about(*[0] * 40), [30.0] * 40, usual_s=300)
    lengths = np.diff([*starts, 40]) * 30
    assert len(starts) == 4
    assert lengths.min() >= 0.35 * 300
    assert lengths.max() <= 2.5 * 300


def test_a_short_talk_is_one() -> None:
    assert part_starts(about(0, 1, 0, 1), [60.0] * 4, usual_s=420) == [0]


@given(
    st.lists(st.integers(0, 7), min_size=1, max_size=30),
    st.floats(1, 200),
    st.floats(10, 900),
)
def test_starts_rise_from_the_first_paragraph(subjects: list[int], length_s: float, usual_s: float) -> None:
    starts = part_starts(about(*subjects), [length_s] * len(subjects), usual_s=usual_s)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] < len(subjects)
