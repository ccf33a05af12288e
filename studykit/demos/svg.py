"""Small charts as SVG, drawn by hand so that a demo needs no plotting library.

A chart is made of pieces, one element each, so that many like it can be kept without what they share. Its
colours follow the reader's colour scheme. It is narrow enough for a telephone, which shows it at three
quarters of its size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from textwrap import wrap

from studykit.demos.inks import INKS, STYLE

__all__ = ["STYLE", "Chart", "Frame", "bars", "grid", "lines", "small", "together"]

WIDTH, HEIGHT, BOTTOM, RIGHT = 400, 280, 44, 12
LINE, LETTER = 16, 7.0  # the height of a line of text, and the width that a letter may take
MOST_POINTS, MOST_DOTS, MOST_WORDS = 100, 12, 17
END = "</svg>"
_SIZES = re.compile(r' (?:x|y|width|height)="([^"]*)"')
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart shows: from where to where."""

    x0: float
    x1: float
    y0: float
    y1: float

    def __or__(self, other: Frame) -> Frame:
        return Frame(
            min(self.x0, other.x0), max(self.x1, other.x1), min(self.y0, other.y0), max(self.y1, other.y1)
        )


class Chart(str):
    """A chart as SVG that stands alone; ``pieces`` draws it again, in another frame."""

    frame: Frame
    _draw: Callable[[Frame], tuple[float, list[str]]]
    _title: str
    _about: str

    @classmethod
    def of(
        cls, title: str, about: str, frame: Frame, draw: Callable[[Frame], tuple[float, list[str]]]
    ) -> Chart:
        """``draw`` returns the height and the elements below the title; ``about`` says it in words."""
        drawn = Chart()
        drawn.frame, drawn._draw, drawn._title, drawn._about = frame, draw, title, about
        head, *rest = drawn.pieces()
        chart = cls("".join([head, f"<style>{STYLE}</style>", *rest]) + "\n")
        chart.__dict__.update(drawn.__dict__)
        return chart

    def pieces(self, frame: Frame | None = None) -> list[str]:
        """Its elements in order, the opening tag first and ``END`` last, without a style."""
        height, body = self._draw(frame or self.frame)
        return [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img"'
            ' class="plot">',
            f"<title>{escape(self._title)}</title>",
            f"<desc>{escape(self._about)}</desc>",
            *(_text(4, 18 + LINE * i, part, "name") for i, part in enumerate(_title_lines(self._title))),
            *body,
            END,
        ]


def together(charts: Sequence[Chart]) -> list[list[str]]:
    """The pieces of charts of one kind, all in a frame that has room for each."""
    frame = charts[0].frame
    for chart in charts[1:]:
        frame |= chart.frame
    return [chart.pieces(frame) for chart in charts]


def small(pieces: Sequence[str]) -> str:
    """A chart's shapes alone, for a list of many; empty if it has none."""
    shapes = [piece for piece in pieces if piece.startswith(("<path", "<rect")) and "lead" not in piece]
    points = [point for shape in shapes for point in _corners(shape)]
    if not points:
        return ""
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    box = f"{_px(left - 4)} {_px(top - 4)} {_px(right - left + 8)} {_px(bottom - top + 8)}"
    head = f'<svg viewBox="{box}" preserveAspectRatio="none" aria-hidden="true" class="plot">'
    return "".join([head, *shapes, END])


def _corners(shape: str) -> list[Point]:
    if shape.startswith("<rect"):
        x, y, wide, high = (float(found) for found in _SIZES.findall(shape))
        return [(x, y), (x + wide, y + high)]
    numbers = [float(found) for found in _NUMBERS.findall(shape.partition('d="')[2].replace("h0", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _title_lines(title: str) -> list[str]:
    return wrap(title, 48)


def _top(title: str) -> float:
    return 14 + LINE * len(_title_lines(title))


def _text(x: float, y: float, text: str, classes: str) -> str:
    return f'<text x="{_px(x)}" y="{_px(y)}" class="{classes}">{escape(text)}</text>'


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _step(span: float, most: int = 6) -> float:
    """1, 2 or 5 of some power of ten: at most ``most`` of it in ``span``."""
    power = 10.0 ** math.floor(math.log10(max(span or 1.0, 1e-300) / most))
    return next(power * m for m in (1, 2, 5, 10, 20) if span / (power * m) <= most + 1e-9)


def _ticks(low: float, high: float, *, whole: bool = False) -> list[tuple[float, str]]:
    """Round numbers from ``low`` to ``high``, as they are written; with ``whole``, no others."""
    step = max(_step(high - low), float(whole))
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / step - 1e-9)
    steps = range(first, first + 9)
    return [(step * k, f"{step * k:,.{digits}f}") for k in steps if step * k <= high + 1e-9 * (high - low)]


def _powers(low: float, high: float, base: int) -> list[tuple[float, str]]:
    """The same on an axis of exponents: powers of ``base``, and 2 and 5 times those where there is room."""
    first, last = math.floor(low), math.ceil(high)
    fine = base == 10 and high - low <= 2.2
    marks = (1, 2, 5) if fine else (1,)
    skip = 1 if fine else max(1, math.ceil((high - low) / 6))
    found = [(k + math.log10(m), m * base**k) for k in range(first, last + 1, skip) for m in marks]
    return [(at, f"{value:,.6g}") for at, value in found if low - 1e-9 <= at <= high + 1e-9]


def _wider(low: float, high: float, *, from_zero: bool) -> Point:
    """From one round number to the next."""
    if from_zero:
        low, high = min(0.0, low), max(0.0, high)
    step = _step((high - low) or 1.0)
    return step * math.floor(low / step + 1e-9), step * math.ceil((high or low + step) / step - 1e-9)


def _plain(points: Sequence[Point]) -> list[Point]:
    """Points that can be drawn, from left to right if the last is left of the first."""
    found = [point for point in points if all(map(math.isfinite, point))]
    return found[::-1] if found and found[-1][0] < found[0][0] else found


def _thinned(points: Sequence[Point]) -> list[Point]:
    if len(points) <= MOST_POINTS:
        return list(points)
    return [points[round(i * (len(points) - 1) / (MOST_POINTS - 1))] for i in range(MOST_POINTS)]


def lines(
    title: str,
    series: Mapping[str, Sequence[Point]],
    *,
    x: str,
    y: str,
    x_base: int = 0,
    y_base: int = 0,
    from_zero: bool = True,
) -> Chart:
    """A line for each named series of points; ``x`` and ``y`` name the axes, ``y`` from zero up or down.

    With ``x_base`` or ``y_base`` the points hold exponents of it, and the axis shows the powers.
    """
    series = {name: _plain(found) for name, found in series.items()}
    points = [point for found in series.values() for point in found] or [(0.0, 0.0)]
    whole = all(p[0] == round(p[0]) for p in points)
    y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
    frame = Frame(
        min(p[0] for p in points),
        max(p[0] for p in points),
        *((y0, y1) if y_base else _wider(y0, y1, from_zero=from_zero)),
    )
    named = {name: wrap(name, MOST_WORDS) if len(series) > 1 else [] for name in series}
    longest = max((len(part) for parts in named.values() for part in parts), default=0)
    top = _top(title) + (LINE + 8 if y else 8)

    def draw(frame: Frame) -> tuple[float, list[str]]:
        y_ticks = _powers(frame.y0, frame.y1, y_base) if y_base else _ticks(frame.y0, frame.y1)
        x_ticks = _powers(frame.x0, frame.x1, x_base) if x_base else _ticks(frame.x0, frame.x1, whole=whole)
        left = 14 + LETTER * max(len(name) for _, name in y_ticks)
        right = WIDTH - RIGHT - LETTER * longest

        def place(point: Point) -> Point:
            across = (point[0] - frame.x0) / ((frame.x1 - frame.x0) or 1)
            up = (point[1] - frame.y0) / ((frame.y1 - frame.y0) or 1)
            bottom = HEIGHT - BOTTOM
            return round(left + across * (right - left), 1), round(bottom - up * (bottom - top), 1)

        body = [_text(4, top - 10, y, "tick")] if y else []
        for value, name in y_ticks:
            _, at = place((frame.x0, value))
            body += [
                f'<path d="M{_px(left)} {_px(at)}H{_px(right)}"/>',
                _text(left - 6, at + 4, name, "tick end"),
            ]
        for value, name in _apart(x_ticks, lambda value: place((value, frame.y0))[0]):
            body.append(_text(place((value, frame.y0))[0], HEIGHT - BOTTOM + 18, name, "tick mid"))
        body.append(_text((left + right) / 2, HEIGHT - 8, x, "tick mid"))
        placed = {name: [place(point) for point in _thinned(found)] for name, found in series.items()}
        for i, found in enumerate(placed.values()):
            body += _curve(found, f"c{i % len(INKS)}") if found else []
        return HEIGHT, body + _labels(placed, named)

    about = "; ".join(
        f"{name}: {_said(found[0], x_base, y_base)}, {_said(found[-1], x_base, y_base)}"
        for name, found in series.items()
        if found
    )
    return Chart.of(title, f"{y or 'value'} by {x}. {about}.", frame, draw)


def _apart(ticks: Sequence[tuple[float, str]], place: Callable[[float], float]) -> list[tuple[float, str]]:
    """Those that have room beside the one before."""
    kept: list[tuple[float, str]] = []
    for value, name in ticks:
        if not kept or place(value) - place(kept[-1][0]) > LETTER * (len(name) + len(kept[-1][1])) / 2 + 6:
            kept.append((value, name))
    return kept


def _said(point: Point, x_base: int, y_base: int) -> str:
    x, y = (base**value if base else value for base, value in zip((x_base, y_base), point, strict=True))
    return f"{_short(y)} at {x:,.6g}"


def _curve(points: Sequence[Point], ink: str) -> list[str]:
    drawn = [f'<path class="curve {ink}" d="M{" ".join(f"{_px(x)} {_px(y)}" for x, y in points)}"/>']
    if len(points) <= MOST_DOTS:
        dots = "".join(f"M{_px(x)} {_px(y)}h0" for x, y in points)
        drawn.append(f'<path class="dots {ink}" d="{dots}"/>')
    return drawn


def _labels(placed: Mapping[str, Sequence[Point]], named: Mapping[str, Sequence[str]]) -> list[str]:
    """The names of curves where they end, moved apart, each with a line to its curve if it had to move."""
    heights = [LINE * len(named[name]) for name in placed]
    ends = [points[-1] if points else (0.0, 0.0) for points in placed.values()]
    order = sorted((i for i, points in enumerate(placed.values()) if points), key=lambda i: (ends[i][1], i))
    middles = {i: ends[i][1] for i in order}
    for above, below in pairwise(order):
        middles[below] = max(middles[below], middles[above] + (heights[above] + heights[below]) / 2)
    floor = HEIGHT - BOTTOM + LINE / 2
    for i in reversed(order):
        middles[i] = min(middles[i], floor - heights[i] / 2)
        floor = middles[i] - heights[i] / 2
    body = []
    names = list(placed)
    for i in order:
        name = names[i]
        (x, y), ink = ends[i], f"c{i % len(INKS)}"
        if named[name] and abs(middles[i] - y) > LINE / 2:
            body.append(
                f'<path class="lead {ink}" d="M{_px(x + 2)} {_px(y)}L{_px(x + 7)} {_px(middles[i])}"/>'
            )
        first = middles[i] - heights[i] / 2 + 12
        body += [_text(x + 9, first + LINE * k, part, ink) for k, part in enumerate(named[name])]
    return body


def _short(value: float) -> str:
    """Three digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def bars(title: str, values: Mapping[str, float], *, unit: str = "") -> Chart:
    """A horizontal bar for each named value, none negative."""
    top, height = _top(title) + 4, 24.0
    named = {name: wrap(name, 23, break_on_hyphens=False) or [""] for name in values}
    left = 10 + LETTER * max(len(part) for parts in named.values() for part in parts)
    written = {name: f"{_short(value)}{unit}" for name, value in values.items()}
    room = WIDTH - left - 8 - LETTER * max(map(len, written.values()))

    def draw(frame: Frame) -> tuple[float, list[str]]:
        body, y = list[str](), top
        for name, value in values.items():
            length, parts = value / (frame.y1 or 1.0) * room, named[name]
            middle = y + (height + LINE * (len(parts) - 1)) / 2 + 4
            first = middle - LINE / 2 * (len(parts) - 1)
            body += [_text(left - 6, first + LINE * k, part, "end") for k, part in enumerate(parts)]
            body += [
                f'<rect x="{_px(left)}" y="{_px(middle - 13)}" width="{_px(length)}" height="18"/>',
                _text(left + length + 6, middle, written[name], "tick"),
            ]
            y += height + LINE * (len(parts) - 1)
        return y + 6, body

    about = "; ".join(f"{name}: {value}" for name, value in written.items()) + "."
    return Chart.of(title, about, Frame(0, 1, 0, max(values.values())), draw)


def grid(
    title: str, rows: Sequence[Sequence[float]], *, row_names: Sequence[str], column_names: Sequence[str]
) -> Chart:
    """A table of squares, darker for larger shares; few are written out in percent as well."""
    left = 10 + LETTER * max(map(len, row_names))
    wide = (WIDTH - left - RIGHT) / len(column_names)
    high = min(wide, 34.0)
    wide = wide if wide > high else high
    top = _top(title) + LINE + 8

    def draw(frame: Frame) -> tuple[float, list[str]]:
        body = [
            _text(left + (j + 0.5) * wide, top - 7, name, "tick mid") for j, name in enumerate(column_names)
        ]
        size = f'width="{_px(wide * len(column_names) - 1)}" height="{_px(high * len(rows) - 1)}"'
        body.append(f'<rect x="{_px(left)}" y="{_px(top)}" {size} fill-opacity="0.05"/>')
        for i, row in enumerate(rows):
            y = top + i * high
            body.append(_text(left - 6, y + high / 2 + 4, row_names[i], "end"))
            for j, value in enumerate(row):
                if value < 0.01 * frame.y1 and wide <= 4 * LETTER:
                    continue  # it looks like the ground
                body.append(
                    f'<rect x="{_px(left + j * wide)}" y="{_px(y)}" width="{_px(wide - 1)}"'
                    f' height="{_px(high - 1)}" fill-opacity="{0.5 * value / (frame.y1 or 1.0):.2f}"/>'
                )
                if wide > 4 * LETTER:
                    body.append(
                        _text(left + (j + 0.5) * wide, y + high / 2 + 4, f"{100 * value:.0f} %", "mid")
                    )
        return top + high * len(rows) + 8, body

    most = max((value for row in rows for value in row), default=1.0)
    about = "; ".join(
        f"{name}: {column_names[max(range(len(row)), key=lambda j: row[j])]} most"
        for name, row in zip(row_names, rows, strict=True)
        if row
    )
    return Chart.of(title, f"{about}.", Frame(0, 1, 0, most), draw)
