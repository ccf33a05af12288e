"""Finds the regular expressions of the product by itself, and texts that could keep each of them busy.

A text repeats something that a repetition of the pattern takes, after something that leads to it, and ends
in a character that fits nowhere: a pattern that then tries every start or every end is quadratic.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from msgspec import Struct

from studykit.faces import LatePattern

ROOT = Path(__file__).parent.parent.parent / "studykit"
METHODS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
NO_END = 50
"""A repetition that may go on longer than this is tried."""
MOST_PUMPS, MOST_LEADS, MOST_PAIRS = 14, 6, 5
FITS_NOWHERE = "\x00"
_CHARACTERS = "a1 \n\t,.:;-_<>[](){}*#\"'&|/\\=中，。A–\u00a0"
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


@dataclass
class Found:
    """A pattern, the names it has or the lines it stands in, and the methods that are called on it."""

    pattern: re.Pattern[str]
    places: list[str] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)


def patterns(without: Sequence[str] = ()) -> list[Found]:
    """All patterns of the product, except in the rooms ``without``."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] not in without
    }
    called = _called(trees.values())
    found: dict[tuple[str, int], Found] = {}

    def add(pattern: re.Pattern[str], place: str, methods: set[str]) -> None:
        one = found.setdefault((pattern.pattern, pattern.flags), Found(pattern))
        one.places.append(place)
        one.methods |= methods

    for path, tree in trees.items():
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        for name, pattern in _named(importlib.import_module(module)):
            add(pattern, f"{module}.{name}", called.get(name, set()))
        for line, pattern, method in _written(tree):
            if method in METHODS or not any(text == pattern.pattern for text, _ in found):
                add(pattern, f"{module}:{line}", {method} & METHODS)
    return list(found.values())


def _called(trees: Any) -> dict[str, set[str]]:
    """The methods of patterns that are called on anything of a name."""
    called: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                for of in ast.walk(node.value):
                    name = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
                    called.setdefault(name, set()).add(node.attr)
    return called


def _named(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        for pattern in _inside(value):
            if isinstance(pattern.pattern, str):
                yield name, pattern


def _inside(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern | LatePattern):
        yield value.compiled() if isinstance(value, LatePattern) else value
        return
    parts: Sequence[Any] = ()
    if isinstance(value, dict):
        parts = [*value, *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    elif isinstance(value, Struct):
        parts = [getattr(value, name, None) for name in value.__struct_fields__]
    if depth < 4 and len(parts) < 3000:  # longer ones are word lists
        for part in parts:
            yield from _inside(part, depth + 1)


def _written(tree: ast.Module) -> Iterator[tuple[int, re.Pattern[str], str]]:
    """Literal patterns in calls of ``re``, with the line and the name of what is called."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
            and node.func.attr != "escape"
        ):
            yield node.lineno, re.compile(node.args[0].value), node.func.attr


def texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of about ``length`` characters that may keep ``pattern`` busy."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    pumps = list(dict.fromkeys(_pumps(tree)))[:MOST_PUMPS]
    leads = list(dict.fromkeys(["", *_leads(tree)]))[:MOST_LEADS]
    for pump in pumps:
        for lead in leads:
            yield lead + _repeated(pump, length) + FITS_NOWHERE
    for unit in [*leads[1:], _sample(tree)]:
        if unit:
            yield _repeated(unit, length)
    for one in pumps[:MOST_PAIRS]:
        for other in pumps[:MOST_PAIRS]:
            if one != other:
                yield _repeated(one + other, length) + FITS_NOWHERE


def _repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _pumps(nodes: Any) -> Iterator[str]:
    """Texts that a repetition without an end takes, one after the other."""
    for code, value in nodes:
        if code in _REPEATS:
            body = value[2]
            if value[1] > NO_END:
                yield _sample(body) or "a"
                if len(body) == 1 and body[0][0] is codes.IN:
                    yield from _members(body[0][1])[:6]
                elif len(body) == 1 and body[0][0] in (codes.ANY, codes.NOT_LITERAL):
                    yield from "a 1"
            yield from _pumps(body)
        else:
            for inner in _inner(code, value):
                yield from _pumps(inner)


def _inner(code: Any, value: Any) -> list[Any]:
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.ATOMIC_GROUP:
        return [value]
    if code is codes.BRANCH:
        return list(value[1])
    return [value[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def _leads(nodes: Any) -> Iterator[str]:
    """What stands before each repetition without an end."""
    for number, (code, value) in enumerate(nodes):
        before = _sample(nodes[:number])
        if code in _REPEATS:
            if value[1] > NO_END:
                yield before
        elif code is codes.SUBPATTERN or code is codes.BRANCH:
            for inner in _inner(code, value):
                for lead in _leads(inner):
                    yield before + lead


def _sample(nodes: Any) -> str:
    """A text that ``nodes`` match, where that can be had by looking at one after the other."""
    made = ""
    for code, value in nodes:
        if code is codes.LITERAL:
            made += chr(value)
        elif code is codes.NOT_LITERAL:
            made += next(char for char in _CHARACTERS if ord(char) != value)
        elif code is codes.ANY:
            made += "a"
        elif code is codes.IN:
            made += _members(value)[0]
        elif code in _REPEATS:
            made += _sample(value[2]) * value[0]
        elif code in (codes.SUBPATTERN, codes.ATOMIC_GROUP, codes.BRANCH):
            made += _sample(_inner(code, value)[0])
    return made


def _members(items: Any) -> list[str]:
    """Characters of a class, at least one."""
    negated = any(code is codes.NEGATE for code, _ in items)
    members = [char for char in _CHARACTERS if _is_among(char, items) != negated]
    if not negated:
        members += [chr(value) for code, value in items if code is codes.LITERAL]
        members += [chr(value[0]) for code, value in items if code is codes.RANGE]
    return members or ["a"]


def _is_among(char: str, items: Any) -> bool:
    for code, value in items:
        if code is codes.LITERAL and ord(char) == value:
            return True
        if code is codes.RANGE and value[0] <= ord(char) <= value[1]:
            return True
        if code is codes.CATEGORY:
            name = str(value)
            if "DIGIT" in name:
                inside = char.isdigit()
            elif "SPACE" in name:
                inside = char.isspace()
            else:
                inside = char.isalnum() or char == "_"
            if inside != ("NOT" in name):
                return True
    return False
