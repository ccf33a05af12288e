"""The machine as speech recognition sees it: graphics cards, their memory, CUDA, cores.

What is read here decides nothing; ``devices.py`` and ``speech/choice.py`` get the description only. Cards are
numbered as CUDA numbers them in this process. ``CUDA_VISIBLE_DEVICES`` changes that, and nvidia-smi does
not heed it; so its rows are put into CUDA's order here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from studykit.engines.cuda_libraries import missing_libraries

__all__ = ["Card", "Machine", "cores", "cpu_types", "gpus", "this_machine", "threads", "visible_cards"]

_ORDER = "CUDA_DEVICE_ORDER"
_VISIBLE = "CUDA_VISIBLE_DEVICES"
_QUERY = "--query-gpu=uuid,name,memory.total,memory.free"
_NODES = ("/dev/nvidiactl", "/dev/nvhost-ctrl", "/dev/dxg")
"""Device files of NVIDIA's drivers: on Linux, on Jetson boards, on Linux within Windows."""
_ANSWERS_WITHIN_S = 20


class Card(Struct, frozen=True, kw_only=True):
    """A graphics card. Memory in bytes, None if unknown."""

    index: int
    """As CUDA counts in this process."""
    id: str = ""
    """NVIDIA's identifier, the same for all processes; empty if unknown."""
    name: str = "GPU"
    memory: int | None = None
    free: int | None = None
    compute_types: frozenset[str] = frozenset()
    """What CTranslate2 can compute with on it."""


class Machine(Struct, frozen=True, kw_only=True):
    """The available hardware. ``cards`` are those on which CTranslate2 works; memory in bytes."""

    cards: tuple[Card, ...] = ()
    no_cards: str = "no NVIDIA GPU"
    """Why there are no cards, in a few words."""
    torch: bool = False
    """Whether torch works on the cards, too."""
    cpu_types: frozenset[str] = frozenset()
    cores: int = 1
    ram: int | None = None
    ram_free: int | None = None


def this_machine() -> Machine:
    """This machine. Loads CTranslate2 (and torch, if installed) only if there may be a card."""
    ram, ram_free = _ram()
    machine = Machine(cpu_types=frozenset(), cores=threads(), ram=ram, ram_free=ram_free)
    if not _may_have_cards():
        return machine
    # Otherwise CUDA puts its fastest card first, and its numbers are not those of nvidia-smi.
    os.environ.setdefault(_ORDER, "PCI_BUS_ID")
    cards, problem = _cards()
    return replace(machine, cards=cards, no_cards=problem, torch=bool(cards) and _torch_works())


def cpu_types() -> frozenset[str]:
    """What CTranslate2 can compute with on the CPU."""
    import ctranslate2

    return frozenset(ctranslate2.get_supported_compute_types("cpu"))


def _may_have_cards() -> bool:
    return os.name == "nt" or shutil.which("nvidia-smi") is not None or any(map(os.path.exists, _NODES))


def _cards() -> tuple[tuple[Card, ...], str]:
    """The cards on which CTranslate2 works, or none and the reason."""
    try:
        import ctranslate2
    except ImportError:
        return (), "CTranslate2 is not installed"
    try:
        count = int(ctranslate2.get_cuda_device_count())
    except RuntimeError as error:
        return (), f"CUDA fails: {' '.join(str(error).split())[:100]}"
    if not count:
        hidden = os.environ.get(_VISIBLE)
        return (), "CUDA finds no GPU" if hidden is None else f"{_VISIBLE}={hidden!r} leaves no GPU"
    known = visible_cards(_nvidia_smi(), os.environ)
    missing = missing_libraries()
    if missing:
        names = " and ".join(card.name for card in known) or "GPU"
        what = " and ".join(missing)
        return (), f"{names} without {what}, which pip install 'studykit[cuda]' brings"
    return tuple(
        replace(
            known[i] if len(known) == count else Card(index=i),
            compute_types=frozenset(ctranslate2.get_supported_compute_types("cuda", i)),
        )
        for i in range(count)
    ), ""


def _torch_works() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def _nvidia_smi() -> str:
    """What nvidia-smi prints of each card, in the order of the bus; empty without it."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    command = [program, _QUERY, "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_ANSWERS_WITHIN_S)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def visible_cards(rows: str, environ: Mapping[str, str]) -> tuple[Card, ...]:
    """The cards in nvidia-smi's ``rows`` that CUDA shows, numbered as it numbers them.

    ``CUDA_VISIBLE_DEVICES`` lists numbers or beginnings of identifiers, and ends with the first that is
    neither (CUDA programming guide). Numbers that count in an order other than the bus's are
    unknown cards, unless all cards are alike.
    """
    found = [_card(i, row) for i, row in enumerate(filter(None, map(str.strip, rows.splitlines())))]
    named = environ.get(_VISIBLE)
    wanted = [str(card.index) for card in found] if named is None else named.split(",")
    alike = len({(card.name, card.memory) for card in found}) == 1
    by_bus = environ.get(_ORDER) == "PCI_BUS_ID"
    visible: list[Card] = []
    for name in map(str.strip, wanted):
        card = _named(name, found)
        if card is None:
            break
        if name.isdecimal() and not by_bus:
            card = replace(card, id="", free=None) if alike else Card(index=0)
        visible.append(replace(card, index=len(visible)))
    return tuple(visible)


def _named(name: str, cards: Sequence[Card]) -> Card | None:
    if name.isdecimal():
        return cards[int(name)] if int(name) < len(cards) else None
    if name.startswith("MIG-"):  # a part of a card, with memory of its own, which nvidia-smi does not list
        return Card(index=0, id=name, name="MIG")
    return next((card for card in cards if name.startswith("GPU-") and card.id.startswith(name)), None)


def _card(index: int, row: str) -> Card:
    identifier, name, total, free = (*(part.strip() for part in row.split(",")), "", "", "", "")[:4]
    return Card(index=index, id=identifier, name=name or "GPU", memory=_mib(total), free=_mib(free))


def _mib(text: str) -> int | None:
    return int(text) << 20 if text.isdecimal() else None


def _ram() -> tuple[int | None, int | None]:
    info = Path("/proc/meminfo")
    if not info.is_file():
        return None, None
    text = info.read_text(encoding="ascii")
    found = (re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE) for name in ("MemTotal", "MemAvailable"))
    total, free = (int(match[1]) << 10 if match else None for match in found)
    return total, free


def gpus() -> list[str]:
    """The GPUs that this process may use, as ``CUDA_VISIBLE_DEVICES`` names them."""
    cards, stated = visible_cards(_nvidia_smi(), os.environ), os.environ.get(_VISIBLE)
    if stated is not None:
        return [name.strip() for name in stated.split(",")][: len(cards)]
    return [card.id or str(card.index) for card in cards]


def cores() -> int:
    """Number of cores that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return usable or 1


def threads() -> int:
    """How many threads a model should use: one for each core, at most ``OMP_NUM_THREADS`` if that is set.

    A process that shares the machine with others of its kind is given few by that variable.
    """
    stated = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores(), int(stated)) if stated.isdecimal() and int(stated) else cores()
