"""Runs a computation, or returns its stored result.

A result is stored under a key made of everything that went into it: the code of the function, all code
that it can reach, and each argument, so nothing can be left out. A killed run resumes where it stopped,
and after a change only what depends on it is computed again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

import msgspec
from msgspec import Struct, field

from studykit.faces import Late
from studykit.fingerprint import digest, digest_bytes
from studykit.store import Store
from studykit.talk.codekey import code_key

__all__ = ["SILENT", "Cache", "Keyed", "Progress", "Result", "StageReport", "keyed"]

T = TypeVar("T")


class StageReport(Struct, frozen=True, kw_only=True):
    """How long a stage took; ``cached``: its result was already stored."""

    stage: str
    cached: bool
    seconds: float


class Progress(Protocol):
    """Receives reports on the progress of a run."""

    def planned(self, stages: int) -> None:
        """``stages`` more stages will follow; earlier ones may not have been announced."""

    def started(self, stage: str) -> None:
        """A stage begins."""

    def finished(self, report: StageReport) -> None:
        """A stage has ended."""

    def said(self, text: str) -> None:
        """The progress of a long stage, in a few words."""

    def noted(self, text: str) -> None:
        """What the user should know before a stage begins, such as that it takes long; may have lines."""


class _Silent:
    """Progress that is not shown."""

    def planned(self, stages: int) -> None:
        """Show nothing."""

    def started(self, stage: str) -> None:
        """Show nothing."""

    def finished(self, report: StageReport) -> None:
        """Show nothing."""

    def said(self, text: str) -> None:
        """Show nothing."""

    def noted(self, text: str) -> None:
        """Show nothing."""


SILENT: Progress = _Silent()


class Result(Generic[T]):
    """A stored value: its digest is known at once, and it is decoded on first use."""

    def __init__(self, stored: bytes, kind: type[T]) -> None:
        self._stored = stored
        self._kind = kind
        self.digest = digest_bytes(stored)

    @classmethod
    def of(cls, value: T, kind: type[T] | None = None) -> Result[T]:
        """The result that holds ``value``, as if a stage had stored it."""
        return cls(msgspec.json.encode(value), kind or type(value))

    @cached_property
    def value(self) -> T:
        """The value itself."""
        return msgspec.json.decode(self._stored, type=self._kind)


class Keyed(Generic[T]):
    """An argument whose key is not made of its whole value, which is made when it is first needed."""

    def __init__(self, make: Callable[[], T], by: object) -> None:
        self._make = make
        self.by = by

    @cached_property
    def value(self) -> T:
        """The value itself."""
        return self._make()


def keyed(value: T, by: object) -> Any:
    """``value`` as an argument of ``Cache.run``, with ``by`` as its part of the key.

    For values that hold more than the function uses (a glossary), or that cannot be serialised (an
    encoder backed by a store).
    """
    return Keyed(lambda: value, by)


class Cache(Struct, kw_only=True):
    """The results of one talk; ``source_id`` is the digest of what it was read from."""

    store: Store
    source_id: str
    progress: Progress
    reports: list[StageReport] = field(default_factory=list)
    computing: Callable[[], object] = lambda: None
    """Called before anything is computed, not if all is stored."""

    def run(
        self, stage: str, function: Callable[..., T], *args: Any, fresh: bool = False, **kwargs: Any
    ) -> Result[T]:
        """What ``function`` returns for these arguments, taken from the store if computed before.

        Arguments may be values of ``studykit.types``, plain data, engines (objects with a ``name``),
        ``Result`` (the function gets its value) and ``keyed``. ``fresh`` always computes. Raises
        what ``function`` raises, and ``TypeError`` for an argument that has no key.
        """
        self.progress.started(stage)
        start = time.perf_counter()
        kind = _returned(function)
        key = _key_of_call(stage, function, args, kwargs)
        found = None if fresh else self._stored(key, kind)
        if found is None:
            self.computing()
            value = function(*_values(args), **_values(kwargs))
            found = Result(msgspec.json.encode(value), kind)
            self.store.keep_result(key, found._stored, stage=stage, source_id=self.source_id)
            self.report(stage, cached=False, start=start)
        else:
            self.report(stage, cached=True, start=start)
        return found

    def holds(self, stage: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Whether ``run`` with these arguments would find its result."""
        return self.kept(stage, function, *args, **kwargs) is not None

    def kept(self, stage: str, function: Callable[..., T], *args: Any, **kwargs: Any) -> Result[T] | None:
        """What ``run`` with these arguments would find, if anything."""
        return self._stored(_key_of_call(stage, function, args, kwargs), _returned(function))

    def keep(
        self, stage: str, result: bytes, function: Callable[..., T], *args: Any, **kwargs: Any
    ) -> Result[T]:
        """Store as JSON what ``function`` has returned for these arguments, in another process."""
        key = _key_of_call(stage, function, args, kwargs)
        self.store.keep_result(key, result, stage=stage, source_id=self.source_id)
        return Result(result, _returned(function))

    def _stored(self, key: str, kind: type[T]) -> Result[T] | None:
        stored = self.store.result(key)
        if stored is None:
            return None
        found = Result(stored, kind)
        try:
            _ = found.value
        except msgspec.MsgspecError:  # damaged: counts as missing
            return None
        return found

    def report(self, stage: str, *, cached: bool, start: float) -> None:
        """Report the end of a stage that began at ``start`` (``time.perf_counter``)."""
        report = StageReport(stage=stage, cached=cached, seconds=round(time.perf_counter() - start, 3))
        self.reports.append(report)
        self.progress.finished(report)


@cache
def _returned(function: Callable[..., T]) -> type[T]:
    if isinstance(function, Late):
        return function.returns
    # Of the other types some are imported for type checkers alone.
    stated = SimpleNamespace(__annotations__={"return": function.__annotations__["return"]})
    kind: type[T] = get_type_hints(stated, function.__globals__)["return"]
    return kind


def _key_of_call(
    stage: str, function: Callable[..., object], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> str:
    return digest(stage, code_key(function), _key(args), _key(kwargs))


def _key(value: Any) -> Any:
    """``value`` as JSON that differs whenever a result could differ."""
    key: Any
    match value:
        case None | bool() | int() | float() | str():
            key = value
        case Result():
            key = value.digest
        case Keyed():
            key = _key(value.by)
        case bytes():
            key = digest_bytes(value)
        case Path():
            key = str(value)
        case Mapping():
            key = [[_key(name), _key(item)] for name, item in value.items()]
        case AbstractSet():
            key = sorted(map(_key, value))
        case Sequence():
            key = [_key(item) for item in value]
        case _:
            key = _key_of_object(value)
    return key


def _key_of_object(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value, enc_hook=str)
    if callable(value) and hasattr(value, "__qualname__"):
        return code_key(value)
    if isinstance(name := getattr(value, "name", None), str):
        return [name, code_key(value)]
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


def _values(value: Any) -> Any:
    """The argument as the function receives it."""
    match value:
        case Result() | Keyed():
            return value.value
        case dict():
            return {name: _values(item) for name, item in value.items()}
        case tuple() | list():
            return type(value)(_values(item) for item in value)
    return value
