"""What runs demos in their pages."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Literal

import click

from studykit import demos
from studykit.demos import NAMES
from studykit.engines.programs.pyodide import find_pyodide
from studykit.export.site import Interpreter

__all__ = ["How", "interpreter_of_demos", "run_of"]

How = Literal["", "plain", "with numpy", "lacks numpy"]

_PACKAGE = "studykit.demos"
_FOLDER = Path(demos.__file__).parent


def interpreter_of_demos(pyodide: Path | None, *, quiet: bool) -> Interpreter:
    """Pyodide, from ``pyodide`` or the registry, with the programs of all demos.

    Raises ``InputError`` and ``EngineError`` as ``find_pyodide`` does.
    """

    def say(text: str) -> None:
        if not quiet:
            click.echo(f"note: {text}", err=True)

    found = find_pyodide(pyodide, say)
    modules = {"__init__", *NAMES, *(module for name in NAMES for module in _imported(name))}
    sources = {f"{module}.py": _source(module) for module in sorted(modules)}
    return Interpreter(files=found.files, sources=sources, has_numpy=found.has_numpy)


def run_of(name: str, interpreter: Interpreter | None) -> How:
    """Whether and how ``interpreter`` runs a demo; empty without one."""
    if interpreter is None:
        return ""
    if not any("numpy" in _imports(module) for module in (name, *_imported(name))):
        return "plain"
    return "with numpy" if interpreter.has_numpy else "lacks numpy"


def _imported(name: str) -> set[str]:
    """The other modules of the package that a demo's module imports, and those that they do."""
    found: set[str] = set()
    new = {name}
    while new:
        found |= new
        new = {
            imported.removeprefix(f"{_PACKAGE}.")
            for module in new
            for imported in _imports(module)
            if imported.startswith(f"{_PACKAGE}.")
        } - found
    return found - {name}


@cache
def _imports(module: str) -> frozenset[str]:
    """The modules that a module of the package names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == _PACKAGE:
            found |= {f"{_PACKAGE}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return frozenset(found)


def _source(module: str) -> str:
    return (_FOLDER / f"{module}.py").read_text(encoding="utf-8")
