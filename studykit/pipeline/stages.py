"""Runs stages, or finds that they have run.

Every result is stored under a key of everything it depends on: the digests of its inputs, its
options, its engine and its own code. A stage whose key is there is not run again, so a killed run
goes on where it was, and a change re-runs what depends on it and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, Protocol, TypeVar

import msgspec

from studykit.fingerprint import code_digest, digest, digest_bytes
from studykit.store import Store
from studykit.types import Document, Notes

__all__ = ["Progress", "StageReport", "StageResult", "Stages"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """What a stage took; ``cached``: its result was there already."""

    stage: str
    cached: bool
    seconds: float


class Progress(Protocol):
    """Told what is going on."""

    def started(self, stage: str) -> None:
        """A stage begins."""

    def finished(self, report: StageReport) -> None:
        """A stage has ended."""

    def said(self, text: str) -> None:
        """How far a long stage is, in a few words."""


class StageResult(Generic[T]):
    """A stage's result: its digest at once, its value when someone asks."""

    def __init__(self, stored: bytes, kind: type[T]) -> None:
        self._stored = stored
        self._kind = kind
        self.digest = digest_bytes(stored)

    @classmethod
    def of(cls, value: T, kind: type[T]) -> StageResult[T]:
        """A value as a stage would have stored it."""
        return cls(msgspec.json.encode(value), kind)

    @cached_property
    def value(self) -> T:
        """The result itself."""
        return msgspec.json.decode(self._stored, type=self._kind)


@dataclass(slots=True, kw_only=True)
class Stages:
    """The stages of one talk."""

    store: Store
    source_id: str
    progress: Progress
    reports: list[StageReport] = field(default_factory=list)

    def run(
        self,
        stage: str,
        kind: type[T],
        *,
        inputs: list[object],
        code: tuple[str, ...],
        compute: Callable[[], T],
        fresh: bool = False,
    ) -> StageResult[T]:
        """The result of ``compute``, from the store when nothing in ``inputs`` or ``code`` changed.

        ``code`` names the modules, by path inside studykit, whose source the result depends on.
        ``fresh`` computes in any case.
        """
        self.progress.started(stage)
        start = time.perf_counter()
        key = digest(stage, inputs, code_digest("types", *code))
        stored = None if fresh else self.store.result(key)
        cached = stored is not None
        if stored is None:
            stored = msgspec.json.encode(compute())
            self.store.keep_result(key, stored, stage=stage, source_id=self.source_id)
        self.report(stage, cached, start)
        return StageResult(stored, kind)

    def save(self, notes: StageResult[Notes], documents: Sequence[StageResult[Document]]) -> None:
        """Put the notes, and what they were composed from, into the store's tables."""
        self.progress.started("store")
        start = time.perf_counter()
        stored = self.store.notes_key(self.source_id) == notes.digest
        if not stored:
            self.store.save(notes.value, key=notes.digest, documents=[doc.value for doc in documents])
        self.report("store", stored, start)

    def report(self, stage: str, cached: bool, start: float) -> None:
        """Tell that a stage which began at ``start`` (``time.perf_counter``) has ended."""
        report = StageReport(stage=stage, cached=cached, seconds=round(time.perf_counter() - start, 3))
        self.reports.append(report)
        self.progress.finished(report)
