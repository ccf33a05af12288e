"""The colours of charts, light and dark; every one can be read on its paper.

Written out in each rule and not as variables, which programs that show single files do not know.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["INKS", "INKS_IN_THE_DARK", "STYLE"]

INKS = ("#8a3b12", "#2f5d8a", "#4a7317", "#7a4b94", "#7d6200", "#55524b")
INKS_IN_THE_DARK = ("#f0a679", "#8abdf0", "#a9d06f", "#cfa6e8", "#e3c04f", "#bdb7ab")
_SHAPES = (
    ".plot text{font:13px/1 'Source Sans 3','Segoe UI','Helvetica Neue',Arial,sans-serif}"
    ".plot .name{font-weight:600;font-size:14px}.plot .end{text-anchor:end}.plot .mid{text-anchor:middle}"
    ".plot path{fill:none}.plot .curve{stroke-width:2.2;stroke-linejoin:round}"
    ".plot .dots{stroke-width:6;stroke-linecap:round}.plot .lead{opacity:.5}"
    ".plot text[class^=c]{stroke-width:3px;paint-order:stroke;stroke-linejoin:round}"
)


def _colours(ink: str, quiet: str, line: str, paper: str, inks: Sequence[str]) -> str:
    """``paper`` lies behind the names of curves, and behind a chart that stands alone."""
    curves = "".join(
        f".plot .c{i}{{stroke:{colour}}}.plot text.c{i}{{fill:{colour};stroke:{paper}}}"
        for i, colour in enumerate(inks)
    )
    return (
        f".plot:root{{background:{paper}}}.plot text{{fill:{ink}}}.plot .tick{{fill:{quiet}}}"
        f".plot path{{stroke:{line}}}.plot rect{{fill:{inks[0]}}}{curves}"
    )


STYLE = (
    _SHAPES
    + _colours("#1c1b19", "#66625a", "#ddd8cd", "#fdfcf9", INKS)
    + "@media (prefers-color-scheme:dark){"
    + _colours("#e9e5dc", "#a8a297", "#3a3731", "#191816", INKS_IN_THE_DARK)
    + "}\n"
)
"""What a page with charts needs; a chart that stands alone brings it along."""
