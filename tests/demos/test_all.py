"""What must hold for every demo; what is special to one has a test file of its own."""

from __future__ import annotations

import ast
import functools
import inspect
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from studykit import demos
from studykit.demos import LAYERS, NAMES, ClaimError, Numbers, load
from studykit.demos.form import Try
from studykit.demos.record import CONTROLS, FOLDER, recorded, recorded_control
from studykit.demos.settings import command, settings
from studykit.glossary import load as load_glossary
from studykit.resources import data_dir

PACKAGE = Path(demos.__file__).parent
GLOSSARY = load_glossary([data_dir("glossaries")])
ORDINARY = {
    *("__init__", "claims", "equations", "form", "inks", "papers", "path", "record"),
    *("settings", "sides", "svg", "told", "turned"),
}


@functools.cache
def numbers_of(name: str) -> Numbers:
    """What the demo computes with seed 0: one run for all tests here."""
    return load(name).run(0)


def test_the_table_names_every_module() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} - ORDINARY == set(NAMES)
    layers = [LAYERS.index(load(name).demo.layer) for name in NAMES]
    assert layers == sorted(layers)


# With this scope all tests of a demo follow each other, so that one process runs them and computes once.
@pytest.mark.parametrize("name", NAMES, scope="class")
class TestEveryDemo:
    @pytest.mark.slow
    @pytest.mark.parametrize("seed", [1, 2])
    def test_the_claim_holds_with_other_seeds_and_fails_without_the_mechanism(
        self, name: str, seed: int
    ) -> None:
        demo = load(name)
        numbers = demo.run(seed)
        demo.check(numbers)
        assert json.loads(json.dumps(numbers)) == numbers
        with pytest.raises(ClaimError):
            demo.check(demo.control(seed))

    def test_its_claim_fails_with_the_mechanism_off(self, name: str) -> None:
        demo = load(name)
        mechanism = demo.demo.mechanism
        switch = inspect.signature(demo.run).parameters[mechanism.keyword]
        assert switch.kind == switch.KEYWORD_ONLY
        assert switch.default != mechanism.off
        demo.check(numbers_of(name))
        without = demo.control(0)
        assert json.loads(json.dumps([numbers_of(name), without])) == [numbers_of(name), without]
        with pytest.raises(ClaimError):
            demo.check(without)
        lines = demo.lines(without)
        assert "\n".join(lines) + "\n" == recorded_control(name), "python -m studykit.demos.record records it"
        assert lines != demo.lines(numbers_of(name)), "a reader sees the control fail"
        assert all(len(line) <= 100 for line in lines)

    @pytest.mark.slow
    def test_what_readers_are_told_to_turn_shows_what_is_said(self, name: str) -> None:
        demo = load(name)
        taken = settings(demo)
        as_it_is = numbers_of(name)
        for one in demo.demo.tries:
            for option, value in one.set.items():
                knob = taken[option].knob
                assert value != taken[option].default
                assert knob is None or value is None or knob.low <= value <= knob.high
            assert one.shows(as_it_is, demo.run(0, **one.set)), one.then
            assert not one.shows(as_it_is, as_it_is), f"needs no turning: {one.then}"

    def test_what_can_be_set_has_a_range(self, name: str) -> None:
        demo = load(name)
        assert {knob.name for knob in demo.demo.knobs} <= set(settings(demo))
        for setting in settings(demo).values():
            assert setting.help
            assert (setting.knob is None) == (setting.kind == "bool")
            assert setting.read(setting.shown_default) == setting.default

    def test_it_prints_what_was_recorded(self, name: str) -> None:
        lines = load(name).lines(numbers_of(name))
        assert "\n".join(lines) + "\n" == recorded(name), "python -m studykit.demos.record records it anew"
        assert 5 <= len(lines) <= 15
        assert all(len(line) <= 100 for line in lines)

    def test_it_draws_a_chart_that_is_xml(self, name: str) -> None:
        demo = load(name)
        if demo.plot is None:
            pytest.skip("a table says it all")
        assert ET.fromstring(demo.plot(numbers_of(name))).tag.endswith("svg")

    def test_it_says_what_it_is(self, name: str) -> None:
        demo = load(name)
        about = demo.demo
        assert about.name == name
        assert about.claim.endswith(".")
        assert about.cannot_show.endswith(".")
        assert all(said.claim.endswith(".") for said in about.said)
        what, colon, instead = about.mechanism.without.partition(": ")
        assert what
        assert colon
        assert instead.endswith(".")
        program = ast.parse(demo.source)
        assert ast.get_docstring(program)
        itself = next(node for node in program.body if ast.unparse(node).startswith("DEMO = "))
        assert itself.end_lineno
        assert 40 <= demo.source.count("\n") - (itself.end_lineno - itself.lineno + 1) <= 155

    def test_the_glossary_and_the_demo_point_at_each_other(self, name: str) -> None:
        about = load(name).demo
        assert about.terms
        for term in about.terms:
            entry = GLOSSARY.get(term)
            assert entry, f"no glossary entry {term!r}"
            assert entry.demo in NAMES, f"{term} names no demo"
        assert [entry.id for entry in GLOSSARY.entries if entry.demo == name]

    def test_it_needs_numpy_at_most(self, name: str) -> None:
        tree = ast.parse(load(name).source)
        for node in ast.walk(tree):
            for imported in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            ):
                assert imported.split(".")[0] in __import__("sys").stdlib_module_names | {"numpy", "studykit"}
                assert not imported.startswith("studykit") or imported.startswith("studykit.demos")


def test_nothing_is_recorded_that_is_no_demo() -> None:
    for folder in (FOLDER, CONTROLS):
        assert {path.stem for path in folder.glob("*.txt")} == set(NAMES)


def test_every_demo_that_the_glossary_names_exists() -> None:
    assert {entry.demo for entry in GLOSSARY.entries if entry.demo} <= set(NAMES)


def test_it_is_said_what_to_type_to_turn_something() -> None:
    for turned, typed in (
        ({"a": True, "b": 0.05}, "--set a=yes --set b=0.05"),
        ({"c": None}, "--set c=none"),
    ):
        one = Try(set=turned, then="", shows=lambda was, now: bool(was))
        assert command("bpe", one) == f"studykit demo run bpe {typed}"
