"""Where and how a speech model runs: the best configuration that fits, and fallbacks if memory runs out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from studykit.errors import EngineError

__all__ = ["DeviceConfig", "FallbackModel", "Machine", "chunk_s", "device_configs", "machine", "threads"]

M = TypeVar("M")
T = TypeVar("T")

_OUT_OF_MEMORY = re.compile(r"out of memory|ALLOC_FAILED|bad_alloc|can.t allocate memory", re.IGNORECASE)
_BATCHES = {"cuda": (16, 8, 4, 1), "cpu": (4, 2, 1)}
"""Windows of up to 30 s per batch. A CPU gains little from more, and would report progress less often."""

_COMPUTE_TYPES = {"cuda": ("float16", "int8_float16", "int8"), "cpu": ("int8", "float32")}
"""Best first; on a CPU, int8 is the fastest and hardly less accurate."""

_SIZE = {"float16": 1.0, "int8_float16": 0.55, "int8": 0.55, "float32": 2.0}
"""Size of the weights in memory relative to the file, which holds half-precision numbers."""

_WINDOW = 0.12
"""Memory for one window with its five beams, relative to the weights: a rough, conservative guess.
If it is too low, a smaller configuration is tried."""

_CHUNK_S = {"cuda": 480.0, "cpu": 120.0}
"""Enough to fill a batch; independent of free memory, so that a killed run finds its chunks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceConfig:
    """A device (``cuda`` or ``cpu``), CTranslate2's compute type and the windows in a batch."""

    device: str
    compute_type: str
    batch_size: int

    def __str__(self) -> str:
        return f"{self.device.upper()}, {self.compute_type}, batch {self.batch_size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The available hardware. ``gpu_free`` is None if unknown, 0 without a GPU."""

    cuda: bool
    compute_types: dict[str, Collection[str]]
    """The compute types that CTranslate2 supports, by device."""
    gpu_free: int | None
    ram_free: int | None


def device_configs(device: str, machine: Machine, weights: int) -> list[DeviceConfig]:
    """Every way to run a model whose file has ``weights`` bytes, best first, never empty.

    ``device`` is ``auto`` (CUDA if available, then the CPU), ``cuda`` or ``cpu``. What does not fit
    into free memory is left out, except the smallest. Raises ``EngineError`` if CUDA is requested but
    not available.
    """
    if device == "cuda" and not machine.cuda:
        raise EngineError(
            "cuda", "no working GPU found (check nvidia-smi); --device auto uses the CPU instead"
        )
    devices = {"auto": ["cuda", "cpu"] if machine.cuda else ["cpu"]}.get(device, [device])
    found: list[DeviceConfig] = []
    for name in devices:
        free = machine.gpu_free if name == "cuda" else machine.ram_free
        mine = [
            DeviceConfig(device=name, compute_type=compute_type, batch_size=batch_size)
            for compute_type in _COMPUTE_TYPES[name]
            if compute_type in machine.compute_types.get(name, ())
            for batch_size in _BATCHES[name]
        ]
        fitting = [config for config in mine if free is None or _needs(config, weights) <= free]
        found += fitting or mine[-1:]
    return found


def _needs(config: DeviceConfig, weights: int) -> float:
    return weights * (_SIZE[config.compute_type] + _WINDOW * config.batch_size)


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
        elif tried.device == "cuda" and not self._worked:
            left = [config for config in self._choices if config.device != "cuda"]
        else:
            left = []
        if not left:
            raise EngineError(self._engine, f"{str(error) or type(error).__name__} ({tried})") from error
        if left[0].device != tried.device:
            self._left_cuda = f" (CUDA failed: {' '.join(str(error).split())[:200]})"
        if (left[0].device, left[0].compute_type) != (tried.device, tried.compute_type):
            self._model = None
        self._choices = left


def chunk_s(device: str, machine: Machine) -> float:
    """How many seconds of sound to process at once."""
    return _CHUNK_S["cuda" if machine.cuda and device != "cpu" else "cpu"]


def machine(*, also: bool = True) -> Machine:
    """This machine, as CTranslate2 and nvidia-smi see it; ``also``: whether what CUDA needs works."""
    import ctranslate2

    cuda = also and ctranslate2.get_cuda_device_count() > 0
    return Machine(
        cuda=cuda,
        compute_types={
            name: ctranslate2.get_supported_compute_types(name)
            for name in (["cuda", "cpu"] if cuda else ["cpu"])
        },
        gpu_free=_gpu_free() if cuda else 0,
        ram_free=_ram_free(),
    )


def _gpu_free() -> int | None:
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    query = [program, "--query-gpu=memory.free", "--format=csv,noheader,nounits", "--id=0"]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    return int(done.stdout) << 20 if done.stdout.strip().isdigit() else None


def _ram_free() -> int | None:
    info = Path("/proc/meminfo")
    if not info.is_file():
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB", info.read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) << 10 if found else None


def threads() -> int:
    """Number of cores that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return usable or 1
