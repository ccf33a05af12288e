"""Runs a computation, or finds that it has been run.

The key of a result is everything that went into it: the function's code and all code that it can reach,
and each of its arguments. What a function is given it is keyed by, so nothing can be forgotten. A killed
run goes on where it was, and a change runs again what depends on it and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, is_dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

import msgspec

from studykit.fingerprint import digest, digest_bytes
from studykit.store import Store
from studykit.talk.codekey import code_key

__all__ = ["SILENT", "Cache", "Keyed", "Progress", "Result", "StageReport", "keyed"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """What a stage took; ``cached``: its result was there already."""

    stage: str
    cached: bool
    seconds: float


class Progress(Protocol):
    """Is told what is going on."""

    def planned(self, stages: int) -> None:
        """So many more stages are to come; others may have gone before without being announced."""

    def started(self, stage: str) -> None:
        """A stage begins."""

    def finished(self, report: StageReport) -> None:
        """A stage has ended."""

    def said(self, text: str) -> None:
        """How far a long stage is, in a few words."""


class _Silent:
    """Progress that nobody watches."""

    def planned(self, stages: int) -> None:
        """Nothing to show."""

    def started(self, stage: str) -> None:
        """Nothing to show."""

    def finished(self, report: StageReport) -> None:
        """Nothing to show."""

    def said(self, text: str) -> None:
        """Nothing to show."""


SILENT: Progress = _Silent()


class Result(Generic[T]):
    """A value as it is stored: its digest at once, decoded when someone asks."""

    def __init__(self, stored: bytes, kind: type[T]) -> None:
        self._stored = stored
        self._kind = kind
        self.digest = digest_bytes(stored)

    @classmethod
    def of(cls, value: T, kind: type[T] | None = None) -> Result[T]:
        """A value as a stage would have stored it."""
        return cls(msgspec.json.encode(value), kind or type(value))

    @cached_property
    def value(self) -> T:
        """The value itself."""
        return msgspec.json.decode(self._stored, type=self._kind)


@dataclass(frozen=True, slots=True)
class Keyed(Generic[T]):
    """An argument that is keyed by something else than all of itself."""

    value: T
    by: object


def keyed(value: T, by: object) -> Any:
    """``value`` as an argument of ``Cache.run``, known there by ``by`` alone.

    For what holds more than the function looks at (a glossary), or cannot be written down (an encoder
    with a store behind it).
    """
    return Keyed(value, by)


@dataclass(slots=True, kw_only=True)
class Cache:
    """The results of one talk; ``source_id`` is the digest of what it was read from."""

    store: Store
    source_id: str
    progress: Progress
    reports: list[StageReport] = field(default_factory=list)

    def run(
        self, stage: str, function: Callable[..., T], *args: Any, fresh: bool = False, **kwargs: Any
    ) -> Result[T]:
        """What ``function`` returns for these arguments, from the store when it has been computed.

        Arguments may be values of ``studykit.types``, plain data, engines (objects with a ``name``),
        ``Result`` (the function gets its value) and ``keyed``. ``fresh`` computes in any case. Raises
        what ``function`` raises, and ``TypeError`` for an argument that has no key.
        """
        self.progress.started(stage)
        start = time.perf_counter()
        kind = _returned(function)
        key = digest(stage, code_key(function), _key(args), _key(kwargs))
        found = None if fresh else self._stored(key, kind)
        if found is None:
            value = function(*_values(args), **_values(kwargs))
            found = Result(msgspec.json.encode(value), kind)
            self.store.keep_result(key, found._stored, stage=stage, source_id=self.source_id)
            self.report(stage, cached=False, start=start)
        else:
            self.report(stage, cached=True, start=start)
        return found

    def _stored(self, key: str, kind: type[T]) -> Result[T] | None:
        stored = self.store.result(key)
        if stored is None:
            return None
        found = Result(stored, kind)
        try:
            _ = found.value
        except msgspec.MsgspecError:  # damaged: as if it were not there
            return None
        return found

    def report(self, stage: str, *, cached: bool, start: float) -> None:
        """Say that a stage which began at ``start`` (``time.perf_counter``) has ended."""
        report = StageReport(stage=stage, cached=cached, seconds=round(time.perf_counter() - start, 3))
        self.reports.append(report)
        self.progress.finished(report)


@cache
def _returned(function: Callable[..., T]) -> type[T]:
    kind: type[T] = get_type_hints(function)["return"]
    return kind


def _key(value: Any) -> Any:
    """``value`` as JSON that differs whenever a result could."""
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
    if is_dataclass(value) and not isinstance(value, type):
        return msgspec.to_builtins(value, enc_hook=str)
    if callable(value) and hasattr(value, "__qualname__"):
        return code_key(value)
    if isinstance(name := getattr(value, "name", None), str):
        return [name, code_key(value)]
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


def _values(value: Any) -> Any:
    """Arguments as the function gets them."""
    match value:
        case Result() | Keyed():
            return value.value
        case dict():
            return {name: _values(item) for name, item in value.items()}
        case tuple() | list():
            return type(value)(_values(item) for item in value)
    return value
