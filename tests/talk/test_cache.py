"""Keys of results: what they depend on is found, not listed; what cannot be read is not there."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from studykit.align import align
from studykit.annotate import find_terms
from studykit.export import FORMATS
from studykit.ingest import ingest_file
from studykit.store import Store
from studykit.talk import SILENT, stages
from studykit.talk.cache import Cache, Result, keyed
from studykit.talk.codekey import code_key, modules_of
from studykit.talk.read.base import cut
from studykit.types import Span

PACKAGE = Path(__file__).parent.parent.parent / "studykit"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Store(tmp_path / "study.db") as store:
        yield Cache(store=store, source_id="s", progress=SILENT)


class Wish(Struct, frozen=True, kw_only=True):
    """Some options."""

    size: int = 1


class Engine:
    """Something with a name."""

    def __init__(self, name: str) -> None:
        self.name = name


CALLS: list[tuple[Any, ...]] = []


def counted(*args: Any, **kwargs: Any) -> Span:
    """A stage that remembers how often it ran."""
    CALLS.append((args, kwargs))
    return Span(start=0, end=len(CALLS))


def ran(cache: Cache, *args: Any, **kwargs: Any) -> bool:
    before = len(CALLS)
    cache.run("stage", counted, *args, **kwargs)
    return len(CALLS) > before


FIRST: dict[str, Any] = {
    "text": "a",
    "none": None,
    "number": 1,
    "options": Wish(),
    "items": (1, 2),
    "set": frozenset({"b", "a"}),
    "table": {"x": 1},
    "engine": Engine("one"),
    "result": Result.of(Span(start=1, end=2)),
    "path": Path("a"),
    "data": b"1",
}
OTHER: dict[str, Any] = {
    "text": "b",
    "none": "",
    "number": 2,
    "options": Wish(size=2),
    "items": (2, 1),
    "set": frozenset({"a"}),
    "table": {"x": 2},
    "engine": Engine("two"),
    "result": Result.of(Span(start=1, end=3)),
    "path": Path("b"),
    "data": b"2",
}


def test_the_same_arguments_are_computed_once(cache: Cache) -> None:
    assert ran(cache, **FIRST)
    assert not ran(cache, **{**FIRST, "set": frozenset({"a", "b"}), "engine": Engine("one")})


@pytest.mark.parametrize("name", OTHER)
def test_whatever_a_stage_is_given_it_is_keyed_by(cache: Cache, name: str) -> None:
    assert ran(cache, **FIRST)
    assert ran(cache, **{**FIRST, name: OTHER[name]})
    assert not ran(cache, **FIRST)


def test_a_keyed_argument_counts_by_its_key_alone_and_arrives_whole(cache: Cache) -> None:
    assert ran(cache, keyed([1], "k"))
    assert CALLS[-1][0] == ([1],)
    assert not ran(cache, keyed([2], "k"))
    assert ran(cache, keyed([1], "other"))


def test_a_result_arrives_as_its_value(cache: Cache) -> None:
    ran(cache, Result.of(Span(start=3, end=5)))
    assert CALLS[-1][0] == (Span(start=3, end=5),)


def test_what_has_no_key_is_refused(cache: Cache) -> None:
    with pytest.raises(TypeError, match="object cannot be part of a key"):
        cache.run("stage", counted, object())


def test_a_result_that_cannot_be_decoded_counts_as_missing(cache: Cache) -> None:
    first = cache.run("stage", counted, "x")
    with cache.store.transaction():
        cache.store.db.execute("UPDATE stage_results SET result = ?", [first._stored[:-5]])
    assert ran(cache, "x")
    assert not ran(cache, "x")


def test_imports_found_by_pattern_are_those_of_the_syntax_tree() -> None:
    """Type-checking imports aside, each module that Python would import is followed."""
    for path in PACKAGE.rglob("*.py"):
        if "demos" in path.parts:
            continue
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        reached = modules_of(_named(module))
        for imported in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            target = PACKAGE.parent.joinpath(*imported.split(".")).with_suffix(".py")
            if target.is_file():
                assert imported in reached, f"{module} imports {imported}"


def _named(module: str) -> type:
    return type("Anything", (), {"__module__": module})


def _imported(tree: ast.Module) -> Iterator[str]:
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) not in skipped and isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_a_function_does_not_depend_on_its_neighbours_in_the_package() -> None:
    assert "studykit.annotate.vocabulary.study" not in modules_of(find_terms)
    assert "studykit.glossary.match" in modules_of(find_terms)
    assert not [name for name in modules_of(align) if name.startswith("studykit.engines")]


def test_a_late_function_counts_where_it_is_defined_and_where_it_is_called() -> None:
    assert modules_of(stages.align) == modules_of(align)
    assert modules_of(align) <= modules_of(stages.slips_of)
    assert "studykit.segment.paragraphs" in modules_of(cut)


COUNT = """
from studykit.talk.codekey import code_key
from studykit.align import align
from studykit.annotate import find_terms
from studykit.export import FORMATS
from studykit.ingest import ingest_file
for thing in (align, find_terms, ingest_file, FORMATS["md"].make, FORMATS["tmx"].make):
    print(code_key(thing))
"""
THINGS = (align, find_terms, ingest_file, FORMATS["md"].make, FORMATS["tmx"].make)


def _keys(root: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", COUNT], cwd=root, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(root), "PATH": "", "STUDYKIT_CACHE": str(root / "cache")},
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("studykit/timecode.py", [False, False, True, True, False]),
        ("studykit/align/lattice.py", [True, False, False, False, False]),
        ("studykit/glossary/match.py", [False, True, False, False, False]),
        ("studykit/languages.py", [True, True, True, True, True]),
        ("studykit/engines/spacy.py", [False] * 5),
        ("templates/notes.md.j2", [False, False, False, True, False]),
    ],
)
def test_a_change_deep_down_runs_what_reaches_it_and_nothing_else(
    changed: str, again: list[bool], tmp_path: Path
) -> None:
    for name in ("studykit", "templates", "glossaries", "lexicon", "weights", "examples"):
        shutil.copytree(
            PACKAGE.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "recorded")
        )
    before = _keys(tmp_path)
    assert before == [code_key(thing) for thing in THINGS]
    file = tmp_path / changed
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert [a != b for a, b in zip(before, _keys(tmp_path), strict=True)] == again


def test_keys_are_kept_until_a_file_changes(tmp_path: Path) -> None:
    for name in ("studykit", "templates", "glossaries", "lexicon", "weights", "examples"):
        shutil.copytree(
            PACKAGE.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "recorded")
        )
    before = _keys(tmp_path)
    kept = sorted((tmp_path / "cache" / "codekeys").iterdir())
    assert len(kept) == len(THINGS)
    for path in kept:  # what is kept is believed while the files stay as they are
        path.write_bytes(path.read_bytes().replace(b'{"key":"', b'{"key":"kept'))
    assert _keys(tmp_path) == [f"kept{key}" for key in before]

    os.utime(tmp_path / "studykit" / "languages.py", ns=(0, 0))  # all reach it: worked out anew
    assert _keys(tmp_path) == before

    for path in kept:
        path.write_bytes(b"{damaged")
    assert _keys(tmp_path) == before
