"""Arithmetic of another processor: ``pytest --rounding 1`` (2, 3, … for others).

Processors and libraries add up in different orders, so products, sums and functions of floating-point
numbers differ in the last digits. What a test compares must not depend on these. Here the package's
modules are compiled with every matrix product, and every call of a numpy function that rounds, wrapped in
one that changes the result by as much as the order of adding up may: at most one unit in the last place of
the sum of absolute values. What has no rounding error stays: whole numbers, short fractions and their sums.
The same result is always changed in the same way.

Code in other packages (spaCy, torch) and Python's own floats are not touched: ``math`` and ``+`` round in
the same way everywhere.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import numpy as np

__all__ = ["install"]

PRODUCT, CALL = "rounded_product", "rounded_call"

FUNCTIONS = frozenset("exp expm1 log log2 log10 log1p logaddexp sin cos tanh power norm var std".split())
"""Results change by their own size."""
SUMS = frozenset("sum mean average cumsum dot inner outer tensordot einsum".split())
"""Results change by the size of what was added up, unless that is exact."""
SOLVERS = frozenset("svd qr solve lstsq polyfit corrcoef rfft".split())
"""Like functions; they return several arrays."""
_SPREAD = 0x9E3779B97F4A7C15
"""2⁶⁴ by the golden ratio: a product with it has its upper bits from all bits (Knuth, volume 3, 6.4)."""


class Rounding:
    """One way of rounding, the ``draw``-th."""

    def __init__(self, draw: int) -> None:
        self._drawn = np.random.default_rng(draw).uniform(-1, 1, 2**19)

    def product(self, left: Any, right: Any) -> Any:
        """``left @ right``."""
        made = left @ right
        return self.changed(made, np.abs(left) @ np.abs(right)) if _is_float(made) else made

    def call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """``function(*args, **options)``, where it is numpy's."""
        made = function(*args, **options)
        out = options.pop("out", None)  # holds the result: nothing more is computed into it
        name = getattr(function, "__name__", "")
        if isinstance(made, tuple) and name in SOLVERS:
            parts = [self.changed(part, np.abs(part)) if _is_float(part) else part for part in made]
            return type(made)(*parts) if hasattr(made, "_fields") else tuple(parts)
        if not _is_float(made):
            return made
        if name in SUMS:
            owner = getattr(function, "__self__", None)  # of a method, the array
            given = [x for x in (owner, *args) if isinstance(x, np.ndarray | list | tuple)]
            if all(_is_exact(np.asarray(x)) for x in given):
                return made
        size = np.abs(made)
        if name in {"sum", "mean"} and (args or isinstance(owner, np.ndarray)):
            array, rest = (owner, args) if isinstance(owner, np.ndarray) else (args[0], args[1:])
            size = getattr(np, name)(np.abs(np.asarray(array)), *rest, **options)
        elif name == "einsum":
            size = function(args[0], *(np.abs(x) for x in args[1:]), **options)
        found = self.changed(made, size)
        if out is None:
            return found
        np.copyto(out, found)
        return out

    def changed(self, made: Any, size: Any) -> Any:
        """``made`` with other last digits."""
        array = np.asarray(made)
        error = self._chances(array)
        error *= np.finfo(array.dtype).eps
        error *= size
        error += array
        np.copyto(error, array, where=_short(array))
        found = error.astype(array.dtype, copy=False)
        return found if isinstance(made, np.ndarray) else found[()]

    def _chances(self, array: np.ndarray) -> np.ndarray:
        """Numbers from -1 to 1 in the shape of ``array``, which depend on all that is in it.

        Making new ones takes longer than most products: they are a stretch of those made at the start.
        """
        bits = np.ascontiguousarray(array, dtype=np.float64).view(np.uint64)
        start = int(bits.sum()) * _SPREAD % 2**64 >> 46  # of 18 bits
        return np.resize(self._drawn[start : start + array.size], array.shape)


def _is_float(made: Any) -> bool:
    return isinstance(made, np.ndarray | np.floating) and np.issubdtype(made.dtype, np.floating)


def _is_exact(array: np.ndarray) -> bool:
    return array.dtype.kind in "biu" or (array.dtype.kind == "f" and bool(_short(array).all()))


def _short(array: np.ndarray) -> Any:
    """Where the numbers have at most 20 binary digits after the point: these add up without an error."""
    with np.errstate(all="ignore"):
        scaled = array * array.dtype.type(2**20)
        return np.rint(scaled) == scaled


class _Wrapper(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        return ast.copy_location(ast.Call(ast.Name(PRODUCT, ast.Load()), [node.left, node.right], []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        assert not isinstance(node.op, ast.MatMult), "write x = x @ y"
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS | SUMS | SOLVERS):
            return node
        call = ast.Call(ast.Name(CALL, ast.Load()), [node.func, *node.args], node.keywords)
        return ast.copy_location(call, node)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, rounding: Rounding) -> None:
        super().__init__(name, path)
        self._rounding = rounding

    def get_code(self, fullname: str) -> CodeType:
        tree = _Wrapper().visit(ast.parse(self.get_data(self.path), self.path))
        return compile(ast.fix_missing_locations(tree), self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update({PRODUCT: self._rounding.product, CALL: self._rounding.call})
        super().exec_module(module)


class _Finder(MetaPathFinder):
    def __init__(self, package: str, rounding: Rounding) -> None:
        self._package, self._rounding = package, rounding

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.split(".", maxsplit=1)[0] != self._package:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path, self._rounding)
        return spec


def install(draw: int, package: str = "studykit") -> None:
    """Round in the ``draw``-th other way in modules of ``package`` imported from now on."""
    sys.meta_path.insert(0, _Finder(package, Rounding(draw)))
