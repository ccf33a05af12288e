"""Charts: round ticks, names that stay apart, one frame for several, both colour schemes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.demos import svg
from studykit.demos.inks import INKS, INKS_IN_THE_DARK

NAMESPACE = "{http://www.w3.org/2000/svg}"


def texts(chart: str, kind: str) -> list[tuple[float, float, str]]:
    """Place and content of the texts of a class."""
    return [
        (float(found.get("x", "")), float(found.get("y", "")), found.text or "")
        for found in ET.fromstring(chart).iter(f"{NAMESPACE}text")
        if kind in (found.get("class") or "").split()
    ]


def test_ticks_are_round_numbers_with_as_many_digits_as_they_need() -> None:
    assert [name for _, name in svg._ticks(0, 1250)] == ["0", "500", "1,000"]
    assert [name for _, name in svg._ticks(0, 1)] == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert [name for _, name in svg._ticks(1, 4, whole=True)] == ["1", "2", "3", "4"]
    assert [name for _, name in svg._powers(0, 8, 2)] == ["1", "4", "16", "64", "256"]
    assert [name for _, name in svg._powers(-0.4, 1, 10)] == ["0.5", "1", "2", "5", "10"]
    assert [name for _, name in svg._powers(-3, 0, 10)] == ["0.001", "0.01", "0.1", "1"]


@given(st.floats(-1e4, 1e4), st.floats(1e-2, 1e6))
def test_ticks_lie_in_their_range_by_steps_of_1_2_or_5(low: float, span: float) -> None:
    step = svg._step(span)
    assert span / step <= 6 + 1e-9
    assert f"{step:.0e}"[0] in "125"
    assert all(low - step / 1e6 <= at <= low + span + step / 1e6 for at, _ in svg._ticks(low, low + span))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
@example([0.0, 5e-324])
def test_names_of_curves_do_not_touch(ends: list[float]) -> None:
    series = {f"curve number {i}": [(0.0, 0.0), (1.0, end)] for i, end in enumerate(ends)}
    chart = svg.lines("Curves", series, x="x", y="y")
    heights = sorted(y for i in range(len(ends)) for _, y, _ in texts(chart, f"c{i}"))
    assert len(heights) == len(ends)
    assert all(below - above >= 15 for above, below in pairwise(heights))
    assert heights[-1] <= svg.HEIGHT


def test_several_charts_share_a_frame() -> None:
    small, large = (svg.lines("t", {"a": [(0.0, 1.0), (1.0, high)]}, x="x", y="y") for high in (2.0, 50.0))
    first, second = svg.together([small, large])
    alone, one, other = ([p for p in made if "tick" in p] for made in (small.pieces(), first, second))
    assert alone != one == other
    assert first != second


def test_small_it_has_shapes_without_words_and_nothing_around_them() -> None:
    chart = svg.lines("Title", {"a": [(0.0, 0.0), (1.0, 1.0)], "b": [(0.0, 1.0), (1.0, 0.9)]}, x="x", y="y")
    root = ET.fromstring(svg.small(chart.pieces()))
    assert {child.tag for child in root} == {"path"}
    assert root.get("aria-hidden") == "true"
    left, top, width, height = map(float, root.get("viewBox", "").split())
    points = [p for path in root for p in re.findall(r"([\d.]+) ([\d.]+)", path.get("d", ""))]
    assert all(left <= float(x) <= left + width and top <= float(y) <= top + height for x, y in points)
    assert left > 0
    assert svg.small(()) == ""
    assert svg.small(svg.bars("Bars", {"one": 1.0}).pieces()).count("<rect") == 1


def test_what_cannot_be_drawn_is_left_out() -> None:
    chart = svg.lines("t", {"a": [(0.0, 1.0), (1.0, float("nan"))], "b": []}, x="x", y="y")
    assert "nan" not in chart
    ET.fromstring(chart)


def test_bars_and_squares_are_named_and_numbered() -> None:
    bars = svg.bars("Bars", {"one": 0.0078, "two": 1234.4}, unit=" %")
    assert {text for *_, text in texts(bars, "tick")} == {"0.0078 %", "1,234 %"}
    squares = svg.grid("Shares", [[0.25, 0.75]], row_names=["a"], column_names=["x", "y"])
    assert [text for *_, text in texts(squares, "mid")] == ["x", "y", "25 %", "75 %"]


@pytest.mark.parametrize(
    "chart",
    [
        svg.lines("A <b> & c", {"d <e>": [(0.0, 0.0), (1.0, 1.0)], "f": [(0.0, 1.0)]}, x="x <", y="y &"),
        svg.bars("A <b> & c", {"d <e>": 1.0}),
        svg.grid("A <b> & c", [[0.0]], row_names=["<"], column_names=["&"]),
    ],
)
def test_a_chart_is_an_image_with_a_name_and_a_description_in_words(chart: svg.Chart) -> None:
    root = ET.fromstring(chart)
    assert root.get("role") == "img"
    assert [child.tag.removeprefix(NAMESPACE) for child in list(root)[:3]] == ["style", "title", "desc"]
    assert root.findtext(f"{NAMESPACE}title") == "A <b> & c"
    assert root.findtext(f"{NAMESPACE}desc")
    assert "<style" not in "".join(chart.pieces()), "the page has it once"


def test_the_style_has_every_colour_in_light_and_in_dark() -> None:
    light, dark = svg.STYLE.split("@media (prefers-color-scheme:dark){")
    assert all(ink in light and ink not in dark for ink in INKS)
    assert all(ink in dark and ink not in light for ink in INKS_IN_THE_DARK)
    assert "var(" not in svg.STYLE, "a viewer of single files would draw nothing"
    assert re.fullmatch(r"([^{}]+\{[^{}]*\})+", light)
    assert re.fullmatch(r"([^{}]+\{[^{}]*\})+\}\n", dark)
    colours = [re.sub("#[0-9a-f]{6}", "#", part) for part in (light, dark)]
    assert colours[0].endswith(colours[1].removesuffix("}\n")), "the same rules, with other colours"


@pytest.mark.parametrize(("inks", "paper"), [(INKS, "#fdfcf9"), (INKS_IN_THE_DARK, "#191816")])
def test_every_ink_can_be_read_on_its_paper(inks: tuple[str, ...], paper: str) -> None:
    """WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        light = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), light, strict=True))

    for ink in inks:
        low, high = sorted((luminance(ink), luminance(paper)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, ink
