"""Names and patterns that are made on first use, so that small commands stay light.

A package whose names are loaded so imports them under ``TYPE_CHECKING``, for readers and type checkers, and
tells ``lazy`` which module each comes from; a test compares the two. ``Late`` is one function.

Compiling a class of a pattern goes through all characters of its ranges, so one with all Chinese characters
takes a millisecond or more, and so do long alternatives. A command needs few of the patterns that it loads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Generic, TypeVar, cast

__all__ = ["Late", "LatePattern", "late", "lazy"]

T = TypeVar("T")


def lazy(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """A package's ``__getattr__``. ``homes`` lists the names that each module provides."""
    home = {name: module for module, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(home[name]), name)

    return get


class Late(Generic[T]):
    """The function ``name`` of ``module``, which is imported when it is first called.

    For functions that are seldom called, or whose results are mostly kept: ``returns`` is their type. It
    counts as that function wherever code is asked where it comes from; a test calls for every one.
    """

    def __init__(self, module: str, name: str, returns: type[T]) -> None:
        self.__module__ = module
        self.__qualname__ = self.__name__ = name
        self.returns = returns

    @property
    def function(self) -> Callable[..., T]:
        """The function itself."""
        found: Callable[..., T] = getattr(import_module(self.__module__), self.__name__)
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> T:
        return self.function(*args, **kwargs)


class LatePattern:
    """Stands for a pattern; what it has been asked for it keeps as its own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled(), name)
        setattr(self, name, found)
        return found

    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.pattern, self._flags)


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What has the methods of ``re.compile(pattern, flags)``, and is compiled when one is first asked for."""
    return cast("re.Pattern[str]", LatePattern(pattern, flags))
