"""Where and how a speech model runs: the best configuration that fits, and fallbacks if memory runs out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from studykit.engines.machine import Card, Machine
from studykit.errors import EngineError
from studykit.types import cards_named

__all__ = ["DeviceConfig", "FallbackModel", "by_room", "chunk_s", "device_configs", "is_cuda", "torch_name"]

M = TypeVar("M")
T = TypeVar("T")

_OUT_OF_MEMORY = re.compile(r"out of memory|ALLOC_FAILED|bad_alloc|can.t allocate memory", re.IGNORECASE)
_BATCHES = {"cuda": (16, 8, 4, 1), "cpu": (4, 2, 1)}
"""Windows of up to 30 s per batch. A CPU gains little from more, and would report progress less often."""

_COMPUTE_TYPES = {"cuda": ("float16", "int8_float16", "int8"), "cpu": ("int8", "float32")}
"""Best first; on a CPU, int8 is the fastest and hardly less accurate."""

_SIZE = {"float32": 2.0, "float16": 1.0, "bfloat16": 1.0, "int16": 1.0}
"""Size of the weights in memory relative to the file, which holds half-precision numbers."""
_SIZE_INT8 = 0.55

_WINDOW = 0.12
"""Memory for one window with its five beams, relative to the weights: a rough, conservative guess.
If it is too low, a smaller configuration is tried."""

_CHUNK_S = {"cuda": 480.0, "cpu": 120.0}
"""Enough to fill a batch; independent of free memory, so that a killed run finds its chunks again."""


class DeviceConfig(Struct, frozen=True, kw_only=True):
    """A device (``cuda`` or ``cpu``), CTranslate2's compute type and the windows in a batch."""

    device: str
    compute_type: str
    batch_size: int
    index: int = 0
    """Which card, as CUDA counts."""

    def __str__(self) -> str:
        number = f":{self.index}" if self.index else ""
        return f"{self.device.upper()}{number}, {self.compute_type}, batch {self.batch_size}"


def is_cuda(device: str) -> bool:
    """Whether ``device`` names a card: ``cuda``, ``cuda:1`` or several, as ``cuda:0,cuda:1``."""
    return device.partition(":")[0] == "cuda"


def torch_name(config: DeviceConfig) -> str:
    """What torch calls the device: ``cpu``, ``cuda:0``."""
    return f"cuda:{config.index}" if config.device == "cuda" else config.device


def by_room(cards: Iterable[Card], device: str) -> list[Card]:
    """The cards that ``device`` allows (see ``types.is_device``), most free memory first."""
    if device == "cpu":
        return []
    named = cards_named(device)
    cards = [card for card in cards if not named or card.index in named]
    return sorted(cards, key=lambda card: -(card.memory or 0 if card.free is None else card.free))


def device_configs(
    device: str,
    machine: Machine,
    weights: int,
    *,
    compute_type: str | None = None,
    batch_size: int | None = None,
) -> list[DeviceConfig]:
    """Every way to run a model whose file has ``weights`` bytes, best first, never empty.

    ``device`` is ``auto`` (a card if there is one, then the CPU), ``cuda``, ``cuda:N`` (of several the one
    with the most room) or ``cpu``. What does not fit into free memory is left out, except the smallest. A
    ``compute_type`` leaves no other, a ``batch_size`` nothing larger. Raises ``EngineError`` if the device is
    not available or cannot compute so.
    """
    cards = by_room(machine.cards, device)
    if is_cuda(device) and (not cards or len(cards) < len(set(cards_named(device)))):
        raise EngineError("cuda", _no_card(device, machine))
    found: list[DeviceConfig] = []
    supported: set[str] = set()
    places = [("cuda", card.index, card.compute_types, card.free) for card in cards[:1]]
    places += [] if is_cuda(device) else [("cpu", 0, machine.cpu_types, machine.ram_free)]
    for name, index, types, free in places:
        supported |= types
        mine = [
            DeviceConfig(device=name, index=index, compute_type=kind, batch_size=size)
            for kind in _kinds(name, types, compute_type)
            for size in _batches(name, batch_size)
        ]
        fitting = [config for config in mine if free is None or _needs(config, weights) <= free]
        found += fitting or mine[-1:]
    if not found:
        known = ", ".join(sorted(supported))
        raise EngineError("compute_type", f"{compute_type!r} does not work on this machine; choose {known}")
    return found


def _no_card(device: str, machine: Machine) -> str:
    if machine.cards:
        there = ", ".join(f"cuda:{card.index} ({card.name})" for card in machine.cards)
        return f"there is no {device}; there is {there}"
    return f"no working GPU found ({machine.no_cards}); --device auto uses the CPU instead"


def _kinds(name: str, types: Collection[str], wanted: str | None) -> list[str]:
    """The compute types to try; float32, which every device has, on old cards that have no other."""
    if wanted:
        return [wanted] if wanted in types else []
    return [kind for kind in _COMPUTE_TYPES[name] if kind in types] or ["float32"]


def _batches(name: str, largest: int | None) -> list[int]:
    if largest is None:
        return list(_BATCHES[name])
    return [largest, *(size for size in _BATCHES[name] if size < largest)]


def _needs(config: DeviceConfig, weights: int) -> float:
    return weights * (_SIZE.get(config.compute_type, _SIZE_INT8) + _WINDOW * config.batch_size)


class FallbackModel(Generic[M]):
    """A model that is loaded when first used, and again with the next configuration when memory runs out."""

    def __init__(self, engine: str, choices: list[DeviceConfig], load: Callable[[DeviceConfig], M]) -> None:
        self._engine = engine
        self._choices = choices
        self._load = load
        self._model: M | None = None
        self._worked = False
        self._left_cuda = ""

    @property
    def config(self) -> DeviceConfig:
        """The configuration in use, or to be tried next."""
        return self._choices[0]

    def __str__(self) -> str:
        return f"{self.config}{self._left_cuda}"

    def run(self, work: Callable[[M, DeviceConfig], T]) -> T:
        """The result of ``work`` on the model; raises ``EngineError`` if no configuration is left.

        A GPU that has not worked yet is abandoned on any error (a missing library, an old driver), one
        that has worked only when memory runs out.
        """
        while True:
            try:
                if self._model is None:
                    self._model = self._load(self.config)
                result = work(self._model, self.config)
            except (RuntimeError, ValueError, MemoryError) as error:
                self._step_down(error)
            else:
                self._worked = True
                return result

    def _step_down(self, error: Exception) -> None:
        tried = self._choices[0]
        if isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(str(error)):
            left = self._choices[1:]
            _empty_torch_cache()
        elif tried.device == "cuda" and not self._worked:
            left = [config for config in self._choices if config.device != "cuda"]
        else:
            left = []
        if not left:
            raise EngineError(self._engine, f"{str(error) or type(error).__name__} ({tried})") from error
        if left[0].device != tried.device:
            self._left_cuda = f" (CUDA failed: {' '.join(str(error).split())[:200]})"
        if replace(left[0], batch_size=tried.batch_size) != tried:
            self._model = None
        self._choices = left


def _empty_torch_cache() -> None:
    """Give back the memory that torch, if loaded, keeps for later on its cards."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def chunk_s(device: str, machine: Machine) -> float:
    """How many seconds of sound to process at once."""
    return _CHUNK_S["cuda" if machine.cards and device != "cpu" else "cpu"]
