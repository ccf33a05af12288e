"""Packages whose public names are loaded on first use, so that small commands stay light.

Such a package imports its names under ``TYPE_CHECKING``, for readers and type checkers, and tells
``lazy`` which module each comes from; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazy"]


def lazy(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """A package's ``__getattr__``. ``homes`` lists the names that each module provides."""
    home = {name: module for module, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(home[name]), name)

    return get
