"""The form that all demos share: what a demo says about itself, and what it can do."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

__all__ = [
    "LAYERS",
    "ClaimError",
    "Demo",
    "Knob",
    "Mechanism",
    "Numbers",
    "Runnable",
    "Said",
    "Try",
    "expect",
]

Numbers = dict[str, Any]
"""What a run computed, by name; only what JSON can hold."""

LAYERS = (
    "data and tokens",
    "objective and architecture",
    "inference",
    "post-training",
    "reinforcement learning",
    "retrieval",
    "knowledge in weights",
    "evaluation",
)
"""Parts of the stack that have demos, from the ground up."""


class ClaimError(Exception):
    """The numbers of a run do not bear out the demo's claim."""


def expect(holds: bool, claim: str) -> None:
    """Raise ``ClaimError`` with ``claim`` unless it holds."""
    if not holds:
        raise ClaimError(claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who makes the claim, and where: a talk, a time or place in it, and the claim in our words."""

    talk: str
    where: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """What makes a demo's claim hold, and how ``run`` is told to do without it."""

    keyword: str
    """The option of ``run`` that switches it."""
    off: bool | int | float | None
    """The option's value without the mechanism."""
    without: str
    """One sentence: what is switched off, a colon, and what happens instead."""

    @property
    def sentence(self) -> str:
        """The same to stand after "Switched off:", with a dash for the colon."""
        what, _, instead = self.without.partition(": ")
        return f"{what[0].lower()}{what[1:]} – {instead}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """An option of ``run`` that takes a number, for readers to turn."""

    name: str
    low: float
    high: float
    help: str
    """What it is, with its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Something for readers to turn that ends otherwise than they would expect."""

    set: Mapping[str, bool | int | float | None]
    """Options of ``run``, within the ranges of the knobs."""
    then: str
    """What to turn, and what is then seen, in one or two sentences."""
    shows: Callable[[Numbers, Numbers], bool]
    """Whether the run as it is and the one so turned, both with seed 0, bear that out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What a demo says about itself."""

    name: str
    title: str
    layer: str
    terms: tuple[str, ...]
    """Ids of the glossary entries that it explains."""
    claim: str
    """One sentence that the run bears out."""
    said: tuple[Said, ...]
    cannot_show: str
    """What is different in the real thing."""
    mechanism: Mechanism
    knobs: tuple[Knob, ...] = ()
    """A range for each option of ``run`` that is a number."""
    tries: tuple[Try, ...] = ()
    """Three things to turn."""
    equation: str = ""
    """The formula that it computes, in TeX; empty where none teaches more than the words."""
    letters: str = ""
    """What the formula's letters stand for."""
    seconds: float
    """Roughly what a run takes on one core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """A demo's parts. Keyword options of ``run`` besides ``seed`` are what a user may set."""

    demo: Demo
    run: Callable[..., Numbers]
    check: Callable[[Numbers], None]
    lines: Callable[[Numbers], list[str]]
    plot: Callable[[Numbers], str] | None
    source: str

    @classmethod
    def of(cls, module: ModuleType) -> Runnable:
        """The parts of a demo module; raises ``AttributeError`` when one is missing."""
        return cls(
            demo=module.DEMO,
            run=module.run,
            check=module.check,
            lines=module.lines,
            plot=getattr(module, "plot", None),
            source=inspect.getsource(module),
        )

    def control(self, seed: int) -> Numbers:
        """A run with the mechanism switched off; ``check`` must reject it."""
        return self.run(seed, **{self.demo.mechanism.keyword: self.demo.mechanism.off})

    def problem(self, numbers: Numbers) -> str | None:
        """The part of the claim that these numbers do not bear out, or None."""
        try:
            self.check(numbers)
        except ClaimError as error:
            return str(error)
        return None

    @property
    def takes_text(self) -> bool:
        """Whether ``run`` takes the user's own text."""
        return "text" in inspect.signature(self.run).parameters
