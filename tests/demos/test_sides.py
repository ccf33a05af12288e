from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.sides import Row, side_by_side

texts = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8)


@given(texts, texts)
def test_no_line_is_lost_and_none_changes_its_place(run: list[str], control: list[str]) -> None:
    rows = side_by_side(run, control)
    assert [row.run for row in rows if row.run is not None] == run
    assert [row.control for row in rows if row.control is not None] == control
    assert any(row.differs for row in rows) == (run != control)


def test_a_line_that_only_one_has_stands_alone() -> None:
    assert side_by_side(["a", "b", "c"], ["a", "c"]) == [Row("a", "a"), Row("b", None), Row("c", "c")]
    assert side_by_side(["a", "1", "c"], ["a", "2", "c"])[1].differs
