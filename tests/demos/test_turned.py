"""Recorded runs with one thing turned: that they are what a run gives, and small."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from studykit.demos import NAMES, load
from studykit.demos.record import recorded, recorded_control
from studykit.demos.settings import Setting, settings
from studykit.demos.turned import (
    FOLDER,
    State,
    Turned,
    packed,
    stops,
    turned,
    turned_text,
    unpacked,
)

ROOT = Path(__file__).parent.parent.parent
RECORD = "python -m studykit.demos.record {} records it anew"
QUICK = ("bpe", "elo", "param_count", "jagged")
MOST_BYTES, MOST_BYTES_IN_ALL = 150_000, 3_000_000
ROUNDINGS = range(1, 33)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def shape(pieces: tuple[str, ...]) -> list[str]:
    return [NUMBER.sub("#", piece) for piece in pieces]


def assert_equal(made: State, kept: State, name: str) -> None:
    """Lines to the letter; a picture to a pixel, since the last digits differ between machines."""
    assert made.value == kept.value, RECORD.format(name)
    assert made.lines == kept.lines, RECORD.format(name)
    assert made.problem == kept.problem, RECORD.format(name)
    assert shape(made.picture) == shape(kept.picture), RECORD.format(name)
    for one, other in zip(made.picture, kept.picture, strict=True):
        if not one.startswith(("<desc", "<text")):
            numbers = (map(float, NUMBER.findall(piece)) for piece in (one, other))
            assert all(abs(a - b) <= 1 for a, b in zip(*numbers, strict=True)), RECORD.format(name)


def assert_recorded(name: str) -> None:
    made, kept = turned(load(name)), unpacked(turned_text(name))
    assert set(made.knobs) == set(kept.knobs), RECORD.format(name)
    for knob in made.knobs:
        for one, other in zip(made.knobs[knob], kept.knobs[knob], strict=True):
            assert_equal(one, other, name)
    assert_equal(made.run, kept.run, name)
    assert_equal(made.control, kept.control, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*NAMES} - {*QUICK}))
def test_every_third_position_prints_what_was_recorded(name: str) -> None:
    """All of them, with their pictures, would take ten minutes of CPU.

    A line that differs must be one that last digits decide, as where a rate of 50 makes training chaotic:
    it differs between processors, and so between ways of rounding on this one.
    """
    demo = load(name)
    as_it_is = {setting.name: setting.default for setting in settings(demo).values()}
    for knob, states in unpacked(turned_text(name)).knobs.items():
        for state in states[::3]:
            if state.value == as_it_is[knob]:
                continue  # its lines are those of the run itself, which has tests of its own
            numbers = demo.run(0, **{knob: state.value})
            lines = tuple(demo.lines(numbers))
            assert len(lines) == len(state.lines), RECORD.format(name)
            other = {i for i, (made, kept) in enumerate(zip(lines, state.lines, strict=True)) if made != kept}
            assert last_digits_decide(other, name, {knob: state.value}, lines), RECORD.format(name)
            assert demo.problem(numbers) == state.problem, RECORD.format(name)


def last_digits_decide(numbers: set[int], name: str, knob: dict[str, object], lines: tuple[str, ...]) -> bool:
    """Whether each line of these numbers changes where products and sums are rounded in another way."""
    code = (
        "import json, sys; from tests import rounding; rounding.install(int(sys.argv[1]))\n"
        "from studykit.demos import load; demo = load(sys.argv[2])\n"
        "print(json.dumps(list(demo.lines(demo.run(0, **json.loads(sys.argv[3]))))))"
    )
    for draw in ROUNDINGS:
        if not numbers:
            break
        command = [sys.executable, "-c", code, str(draw), name, json.dumps(knob)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
        rounded: list[str] = json.loads(done.stdout)
        assert len(rounded) == len(lines)
        numbers = {i for i in numbers if rounded[i] == lines[i]}
    return not numbers


@pytest.mark.parametrize("name", QUICK)
def test_what_was_recorded_is_what_a_run_gives_quick(name: str) -> None:
    assert_recorded(name)


@pytest.mark.parametrize("name", NAMES)
class TestEveryDemo:
    def test_every_knob_was_recorded_at_the_values_that_it_has_now(self, name: str) -> None:
        demo, kept = load(name), unpacked(turned_text(name))
        wanted = {
            setting.name: stops(setting, demo.demo)
            for setting in settings(demo).values()
            if setting.knob or setting.name != demo.demo.mechanism.keyword
        }
        found = {knob: tuple(state.value for state in states) for knob, states in kept.knobs.items()}
        assert found == wanted, RECORD.format(name)
        for values in wanted.values():
            assert 2 <= len(values) <= 9
        assert bool(kept.run.picture) == (demo.plot is not None)

    def test_the_lines_are_those_recorded_as_text(self, name: str) -> None:
        kept = unpacked(turned_text(name))
        assert "\n".join(kept.run.lines) + "\n" == recorded(name), RECORD.format(name)
        assert "\n".join(kept.control.lines) + "\n" == recorded_control(name), RECORD.format(name)
        assert kept.run.problem is None
        assert kept.control.problem
        for knob, states in kept.knobs.items():
            default = settings(load(name))[knob].default
            as_it_is = next(state for state in states if state.value == default)
            assert as_it_is.lines == kept.run.lines
            assert as_it_is.problem is None

    def test_what_a_page_holds_is_small(self, name: str) -> None:
        assert len(turned_text(name).encode()) <= MOST_BYTES


def test_all_records_together_are_small_and_each_belongs_to_a_demo() -> None:
    files = list(FOLDER.glob("*.json"))
    assert {path.stem for path in files} == set(NAMES)
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES_IN_ALL


def test_turning_changes_what_is_seen() -> None:
    for name in NAMES:
        for knob, states in unpacked(turned_text(name)).knobs.items():
            assert len({state.lines for state in states}) > 1, f"{name}: {knob} moves nothing"


def test_packing_keeps_everything_and_nothing_twice() -> None:
    one, two = State(1, ("a", "b"), ("<svg>",), None), State(2, ("a", "c"), ("<svg>",), "no <c>")
    found = Turned(one, two, {"knob": (one, two)})
    assert unpacked(packed(found)) == found
    assert json.loads(packed(found))["strings"] == ["a", "b", "<svg>", "c"]


def test_values_have_the_ends_the_default_and_what_readers_are_told_to_try() -> None:
    demo = load("ppo_clip")
    (clip,) = (setting for setting in settings(demo).values() if setting.name == "clip")
    found = stops(clip, demo.demo)
    assert {0.01, 0.2, 10} <= set(found)
    assert list(found) == sorted(found)
    assert stops(Setting(name="x", kind="bool", default=True, help=""), demo.demo) == (False, True)
