"""The colours of charts, light and dark; every one can be read on its paper."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["INKS", "INKS_IN_THE_DARK", "STYLE"]

INKS = ("#8a3b12", "#2f5d8a", "#4a7317", "#7a4b94", "#7d6200", "#55524b")
INKS_IN_THE_DARK = ("#f0a679", "#8abdf0", "#a9d06f", "#cfa6e8", "#e3c04f", "#bdb7ab")


def _variables(ink: str, quiet: str, line: str, paper: str, inks: Iterable[str]) -> str:
    named = {
        "ink": ink,
        "quiet": quiet,
        "line": line,
        "paper": paper,
        **{str(i): colour for i, colour in enumerate(inks)},
    }
    return ".plot{" + ";".join(f"--plot-{name}:{colour}" for name, colour in named.items()) + "}"


STYLE = (
    _variables("#1c1b19", "#66625a", "#ddd8cd", "#fdfcf9", INKS)
    + "@media (prefers-color-scheme:dark){"
    + _variables("#e9e5dc", "#a8a297", "#3a3731", "#191816", INKS_IN_THE_DARK)
    + "}"
    ".plot text{font:13px/1 'Source Sans 3','Segoe UI','Helvetica Neue',Arial,sans-serif;"
    "fill:var(--plot-ink)}"
    ".plot .name{font-weight:600;font-size:14px}.plot .tick{fill:var(--plot-quiet)}"
    ".plot .end{text-anchor:end}.plot .mid{text-anchor:middle}"
    ".plot path{fill:none;stroke:var(--plot-line)}.plot rect{fill:var(--plot-0)}"
    + "".join(
        f".plot .c{i}{{stroke:var(--plot-{i})}}.plot text.c{i}{{fill:var(--plot-{i});"
        "stroke:var(--plot-paper);stroke-width:3px;"
        "paint-order:stroke;stroke-linejoin:round}"
        for i in range(len(INKS))
    )
    + ".plot .curve{stroke-width:2.2;stroke-linejoin:round}.plot .dots{stroke-width:6;stroke-linecap:round}"
    ".plot .lead{opacity:.5}\n"
)
"""What a page with charts needs; a chart that stands alone brings it along."""
