"""Which recogniser and which model suit a machine. ``choose`` depends on its arguments alone.

What is stable decides (cores, whole memory, what is installed), not what happens to be free: otherwise
the same recording would be transcribed again tomorrow by another model.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

from msgspec import Struct

from studykit.engines.devices import by_room
from studykit.engines.machine import Card, Machine
from studykit.engines.models import KNOWN, find

__all__ = ["AUTO", "Choice", "Here", "choose", "here"]

AUTO = "auto"

_GB = 1_000_000_000
_ON_A_CARD = ("whisper-large-v3-turbo", "whisper-small", "whisper-base")
"""Best first. large-v3 itself makes hardly fewer mistakes, and takes several times as long."""
_ON_A_CPU = ("whisper-small", "whisper-base")
_CORES_FOR_SMALL = 8
"""With fewer, whisper-small is slower than an hour for an hour on an older laptop with other work to do."""
_RAM_FOR_SMALL = 4 * _GB

_WINDOWS = 1.5
"""Weights and four windows of 30 s, relative to the weights; see ``devices.py``."""
_CUDA_ITSELF = 1.0 * _GB
_ALIGNER = 2.0 * _GB
"""The largest wav2vec2 (Chinese, 1.3 GB) with a window, and the voice detector."""


class Here(Struct, frozen=True, kw_only=True):
    """What is installed: recognisers and models by name; ``downloads``: whether models may be fetched."""

    engines: frozenset[str]
    models: frozenset[str] = frozenset()
    downloads: bool = True


class Choice(Struct, frozen=True, kw_only=True):
    """A recogniser and a model, and in a few words why."""

    engine: str
    model: str
    why: str

    def __str__(self) -> str:
        return f"{self.engine} with {self.model}: {self.why}"


def choose(engine: str, model: str, device: str, machine: Machine, here: Here) -> Choice:
    """The recogniser and the model for ``auto``; anything else is kept as it is."""
    card = next(iter(by_room(machine.cards, device)), None)
    why = [_place(card, device, machine)]
    if engine == AUTO:
        engine, remark = _engine(card, machine, here)
        why.append(remark)
    if model == AUTO:
        model, remark = _model(card, engine, machine, here)
        why.append(remark)
    return Choice(engine=engine, model=model, why="; ".join(filter(None, why)))


def _place(card: Card | None, device: str, machine: Machine) -> str:
    if card:
        size = f", {card.memory / _GB:.0f} GB" if card.memory else ""
        return f"cuda:{card.index} is {card.name}{size}"
    cores = f"CPU with {machine.cores} core{'s' if machine.cores > 1 else ''}"
    return cores if device == "cpu" else f"{cores}, {machine.no_cards}"


def _engine(card: Card | None, machine: Machine, here: Here) -> tuple[str, str]:
    """WhisperX where its forced alignment is fast, that is, on a card; faster-whisper elsewhere."""
    if "whisperx" not in here.engines:
        aligns = (
            "" if card is None else "word times by forced alignment need pip install 'studykit[whisperx]'"
        )
        return "faster-whisper", aligns
    if card and machine.torch:
        return "whisperx", ""
    if "faster-whisper" not in here.engines:
        return "whisperx", ""
    return "faster-whisper", "torch does not work with CUDA here" if card else ""


def _model(card: Card | None, engine: str, machine: Machine, here: Here) -> tuple[str, str]:
    if card:
        beside = _CUDA_ITSELF + (_ALIGNER if engine == "whisperx" else 0)
        fitting = [
            name
            for name in _ON_A_CARD
            if card.memory is None or _WINDOWS * _bytes(name) + beside <= card.memory
        ]
        names = fitting or list(_ON_A_CARD[-1:])
        if here.downloads or not here.models.intersection(names):
            return names[0], ""
        best = next(name for name in names if name in here.models)
        return best, "" if best == names[0] else f"{names[0]} is not on this machine"
    strong = machine.cores >= _CORES_FOR_SMALL and (machine.ram is None or machine.ram >= _RAM_FOR_SMALL)
    names = list(_ON_A_CPU if strong else _ON_A_CPU[-1:])
    # What is there already is taken: on a CPU, patience decides, and a download was not asked for.
    best = next((name for name in names if name in here.models), names[0])
    return best, "" if best == names[0] else f"for {names[0]}: studykit models get {names[0]}"


def _bytes(model: str) -> int:
    return (KNOWN[model].size_mb or 0) * 1_000_000


def here() -> Here:
    """What is installed in this environment. Loads nothing."""
    names = {package: package.replace("-", "_") for package in ("faster-whisper", "whisperx")}
    return Here(
        engines=frozenset(package for package, module in names.items() if find_spec(module)),
        models=frozenset(name for name in {*_ON_A_CARD, *_ON_A_CPU} if find(name)),
        downloads=os.environ.get("HF_HUB_OFFLINE", "").upper() not in {"1", "ON", "YES", "TRUE"},
    )
