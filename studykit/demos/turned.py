"""Every demo when one thing is turned: recorded, so that pages can show it without running anything.

One knob at a time takes five to nine values, with seed 0. What several runs print or draw alike is kept
once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from studykit.demos.form import Demo, Numbers, Runnable
from studykit.demos.settings import Setting, settings
from studykit.demos.svg import Chart, together

__all__ = ["State", "Turned", "Value", "packed", "stops", "turned", "turned_text", "unpacked"]

Value = bool | int | float | None
FOLDER = Path(__file__).parent / "recorded" / "turned"
WANTED = 7
MARKS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class State:
    """A run with one thing turned."""

    value: Value
    lines: tuple[str, ...]
    picture: tuple[str, ...]
    """A chart's pieces, in a frame that all states of this knob share; empty if the demo has no chart."""
    problem: str | None
    """The part of the claim that does not hold any more, or None."""


@dataclass(frozen=True, slots=True)
class Turned:
    """All recorded runs of a demo. The pictures of run and control share a frame as well."""

    run: State
    control: State
    knobs: Mapping[str, tuple[State, ...]]
    """By the name of the option, in the order of its values; the default is one of them."""


def stops(setting: Setting, demo: Demo) -> tuple[Value, ...]:
    """The values at which a knob is recorded: its ends, its default, what readers are told to try, and
    round numbers between, evenly or by powers of ten where the range is wide."""
    if setting.knob is None:
        return (False, True)
    low, high = setting.knob.low, setting.knob.high
    number = int if setting.kind == "int" else float
    tried = [one.set.get(setting.name) for one in demo.tries if len(one.set) == 1]
    wide = low >= 0 and high >= 20 * max(low, 1 if number is int else low or high)
    evenly: Callable[[float], float] = (lambda v: math.log(v + (0 if low else 1))) if wide else float
    found = {
        number(value)
        for value in (low, high, setting.default, demo.mechanism.off, *tried)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
    }
    between = {number(value) for value in _round_numbers(low, high, by_powers=wide, whole=number is int)}
    while len(found) < WANTED and between - found:
        gap = {value: min(abs(evenly(value) - evenly(other)) for other in found) for value in between - found}
        found.add(max(gap, key=lambda value: (round(gap[value], 9), -value)))
    return tuple(sorted(found))


def _round_numbers(low: float, high: float, *, by_powers: bool, whole: bool) -> list[float]:
    if by_powers:
        powers = range(math.floor(math.log10(low or 1)), math.ceil(math.log10(high)) + 1)
        found = [mark * 10.0**power for power in powers for mark in MARKS]
    else:
        power = 10.0 ** math.floor(math.log10((high - low) / WANTED))
        step = next(power * mark for mark in (*MARKS, 10) if (high - low) / (power * mark) <= WANTED)
        found = [round(step * k, 9) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [value for value in found if low < value < high and (not whole or value == round(value))]


def turned(demo: Runnable) -> Turned:
    """Run the demo with everything that is recorded of it."""
    off = demo.demo.mechanism
    numbers, control = demo.run(0), demo.control(0)
    as_it_is, without = _states(demo, [(None, numbers), (off.off, control)])
    knobs = {}
    for setting in settings(demo).values():
        if setting.knob is None and setting.name == off.keyword:
            continue  # run and control show it
        values = stops(setting, demo.demo)
        knobs[setting.name] = tuple(
            _states(demo, [(value, _run(demo, setting, value, numbers, control)) for value in values])
        )
    return Turned(as_it_is, without, knobs)


def _run(demo: Runnable, setting: Setting, value: Value, numbers: Numbers, control: Numbers) -> Numbers:
    if value == setting.default:
        return numbers
    if setting.name == demo.demo.mechanism.keyword and value == demo.demo.mechanism.off:
        return control
    return demo.run(0, **{setting.name: value})


def _states(demo: Runnable, made: Sequence[tuple[Value, Numbers]]) -> list[State]:
    charts = [chart for _, numbers in made if demo.plot and isinstance(chart := demo.plot(numbers), Chart)]
    pictures = together(charts) if charts else [[]] * len(made)
    return [
        State(value, tuple(demo.lines(numbers)), tuple(picture), demo.problem(numbers))
        for (value, numbers), picture in zip(made, pictures, strict=True)
    ]


def packed(found: Turned) -> str:
    """As JSON: strings once each, and runs as rows of ``[value, lines, picture, problem]``."""
    strings: dict[str, int] = {}

    def row(state: State) -> list[object]:
        lines, picture = (
            [strings.setdefault(text, len(strings)) for text in texts]
            for texts in (state.lines, state.picture)
        )
        return [state.value, lines, picture, state.problem]

    run, control = row(found.run), row(found.control)
    knobs = {name: [row(state) for state in states] for name, states in found.knobs.items()}
    parts = {"strings": list(strings), "run": run, "control": control, "knobs": knobs}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")) + "\n"


def unpacked(text: str) -> Turned:
    """What ``packed`` made."""
    found = json.loads(text)
    strings = found["strings"]

    def said(places: Iterable[int]) -> tuple[str, ...]:
        return tuple(strings[i] for i in places)

    def state(row: list[Any]) -> State:
        value, lines, picture, problem = row
        return State(value, said(lines), said(picture), problem)

    knobs = {name: tuple(map(state, rows)) for name, rows in found["knobs"].items()}
    return Turned(state(found["run"]), state(found["control"]), knobs)


@cache
def turned_text(name: str) -> str:
    """The record of a demo, as ``packed`` wrote it; raises ``FileNotFoundError`` when there is none."""
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")
