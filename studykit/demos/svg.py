"""Small charts as SVG, drawn by hand so that a demo needs no plotting library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

__all__ = ["bars", "grid", "lines"]

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 360, 64, 48, 40
COLOURS = ("#8a3b12", "#2f5d8a", "#5b7f2b", "#7a4b94", "#b8860b", "#444444")
STYLE = "font: 13px Georgia, 'Noto Serif CJK SC', serif; fill: #333"

Point = tuple[float, float]


def _page(title: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fdfcf9"/><g style="{STYLE}">'
        f'<text x="{LEFT}" y="24" font-weight="bold">{escape(title)}</text>{"".join(body)}</g></svg>\n'
    )


def _ticks(low: float, high: float) -> list[float]:
    """Four to eight round numbers from ``low`` to ``high``."""
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if span / (power * m) <= 7)
    first = math.ceil(low / step - 1e-9)
    return [step * k for k in range(first, first + 9) if step * k <= high + 1e-9 * span]


def lines(title: str, series: Mapping[str, Sequence[Point]], *, x: str, y: str) -> str:
    """A line for each named series of points; ``x`` and ``y`` name the axes."""
    points = [point for found in series.values() for point in found]
    x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
    y0, y1 = min(0.0, *(p[1] for p in points)), max(p[1] for p in points)

    def place(point: Point) -> str:
        across = (point[0] - x0) / ((x1 - x0) or 1)
        up = (point[1] - y0) / ((y1 - y0) or 1)
        return (
            f"{LEFT + across * (WIDTH - LEFT - 24):.1f},{HEIGHT - BOTTOM - up * (HEIGHT - BOTTOM - TOP):.1f}"
        )

    body = []
    for value in _ticks(y0, y1):
        _, at = place((x0, value)).split(",")
        body.append(f'<path d="M{LEFT} {at}H{WIDTH - 24}" stroke="#ddd8cd"/>')
        body.append(f'<text x="{LEFT - 8}" y="{at}" dy="4" text-anchor="end">{value:.3g}</text>')
    for value in _ticks(x0, x1):
        at, _ = place((value, y0)).split(",")
        body.append(f'<text x="{at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:.4g}</text>')
    for i, (name, found) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        path = " ".join(place(point) for point in found)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body.append(
            f'<text x="{WIDTH - 28}" y="{TOP + 14 + 17 * i}" text-anchor="end" style="fill:{colour}">'
            f"{escape(name)}</text>"
        )
    body.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x)}</text>')
    body.append(f'<text x="14" y="{HEIGHT / 2}" transform="rotate(-90 14 {HEIGHT / 2})" text-anchor="middle">'
                f"{escape(y)}</text>")  # fmt: skip
    return _page(title, body)


def bars(title: str, values: Mapping[str, float], *, unit: str = "") -> str:
    """A horizontal bar for each named value, none negative."""
    high = max(values.values()) or 1.0
    step = (HEIGHT - TOP - 16) / len(values)
    body = []
    for i, (name, value) in enumerate(values.items()):
        top = TOP + i * step
        length = value / high * (WIDTH - 300)
        body.append(f'<text x="180" y="{top + step / 2:.1f}" dy="4" text-anchor="end">{escape(name)}</text>')
        body.append(
            f'<rect x="190" y="{top + step * 0.15:.1f}" width="{length:.1f}" height="{step * 0.7:.1f}"'
            f' fill="{COLOURS[0]}"/>'
        )
        body.append(
            f'<text x="{196 + length:.1f}" y="{top + step / 2:.1f}" dy="4">{value:.4g}{escape(unit)}</text>'
        )
    return _page(title, body)


def grid(
    title: str, rows: Sequence[Sequence[float]], *, row_names: Sequence[str], column_names: Sequence[str]
) -> str:
    """A table of squares, darker for larger values; values from 0 up."""
    high = max((value for row in rows for value in row), default=1.0) or 1.0
    size = min((HEIGHT - TOP - 30) / len(rows), (WIDTH - 120) / len(rows[0]))
    body = []
    for i, row in enumerate(rows):
        y = TOP + 22 + i * size
        body.append(
            f'<text x="96" y="{y + size / 2:.1f}" dy="4" text-anchor="end">{escape(row_names[i])}</text>'
        )
        for j, value in enumerate(row):
            body.append(
                f'<rect x="{104 + j * size:.1f}" y="{y:.1f}" width="{size - 1:.1f}" height="{size - 1:.1f}"'
                f' fill="#8a3b12" fill-opacity="{value / high:.3f}" stroke="#ddd8cd"/>'
            )
    for j, name in enumerate(column_names):
        at = 104 + (j + 0.5) * size
        body.append(f'<text x="{at:.1f}" y="{TOP + 16}" text-anchor="middle">{escape(name)}</text>')
    return _page(title, body)
