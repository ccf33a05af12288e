"""Demos' formulas as MathML, which browsers draw by themselves; converted when a demo is recorded."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path

from studykit.demos.form import Demo

__all__ = ["equation_of", "mathml", "record_equation", "tex_of"]

FOLDER = Path(__file__).parent / "recorded" / "equations"
_OUTER = re.compile(r"<math[^>]*>(.*)</math>", re.DOTALL)
_TEX = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.DOTALL)


def mathml(tex: str) -> str:
    """A formula in TeX as a ``math`` element that carries the TeX along; needs latex2mathml."""
    from latex2mathml.converter import convert  # noqa: PLC0415

    found = _OUTER.search(convert(tex, display="block"))
    assert found
    return (
        f'<math display="block"><semantics>{found[1]}'
        f'<annotation encoding="application/x-tex">{escape(tex, quote=False)}</annotation></semantics></math>'
    )


def tex_of(element: str) -> str:
    """The formula that ``mathml`` was given."""
    found = _TEX.search(element)
    return unescape(found[1]) if found else ""


def equation_of(name: str) -> str:
    """The recorded formula of a demo; empty where it has none."""
    path = FOLDER / f"{name}.html"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def record_equation(demo: Demo) -> None:
    """Convert the formula anew if it has changed, and delete one that the demo no longer has."""
    path = FOLDER / f"{demo.name}.html"
    if not demo.equation:
        path.unlink(missing_ok=True)
    elif tex_of(equation_of(demo.name)) != demo.equation:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mathml(demo.equation) + "\n", encoding="utf-8", newline="\n")
