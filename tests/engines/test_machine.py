"""What is read of the machine: with a stand-in for nvidia-smi and for CTranslate2's view of CUDA."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from studykit.engines import card_locks, machine
from studykit.engines.cuda_libraries import Library, missing_libraries
from studykit.engines.machine import Card, this_machine, visible_cards

ROWS = """\
GPU-11111111-aaaa, NVIDIA H100, 81559, 80000
GPU-22222222-bbbb, NVIDIA H100, 81559, 1000
GPU-22333333-cccc, NVIDIA T4, 15360, 15000
"""
PCI = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
H100 = 81559 << 20


@pytest.mark.parametrize(
    ("visible", "ids"),
    [
        (None, ["GPU-11111111-aaaa", "GPU-22222222-bbbb", "GPU-22333333-cccc"]),
        ("1", ["GPU-22222222-bbbb"]),
        ("2,0", ["GPU-22333333-cccc", "GPU-11111111-aaaa"]),
        ("GPU-22333", ["GPU-22333333-cccc"]),
        ("", []),
        ("-1", []),
        ("1,9,0", ["GPU-22222222-bbbb"]),  # CUDA ends the list at what it does not know
        ("MIG-4f", ["MIG-4f"]),
    ],
)
def test_cards_are_those_that_cuda_shows_in_its_order(visible: str | None, ids: list[str]) -> None:
    found = visible_cards(ROWS, PCI if visible is None else {**PCI, "CUDA_VISIBLE_DEVICES": visible})
    assert [card.id for card in found] == ids
    assert [card.index for card in found] == list(range(len(ids)))


def test_memory_is_that_of_the_visible_card() -> None:
    (card,) = visible_cards(ROWS, {**PCI, "CUDA_VISIBLE_DEVICES": "1"})
    assert (card.name, card.memory, card.free) == ("NVIDIA H100", H100, 1000 << 20)


def test_numbers_in_another_order_than_nvidia_smi_tell_nothing_of_different_cards() -> None:
    fastest = {"CUDA_DEVICE_ORDER": "FASTEST_FIRST", "CUDA_VISIBLE_DEVICES": "1"}
    assert visible_cards(ROWS, fastest) == (Card(index=0),)
    alike = "".join(ROWS.splitlines(keepends=True)[:2])
    (card,) = visible_cards(alike, fastest)
    assert (card.memory, card.free) == (H100, None)


class Cuda:
    """Stands for CTranslate2 and nvidia-smi on a machine with ``count`` cards."""

    def __init__(self, count: int, rows: str) -> None:
        self.count = count
        self.rows = rows
        self.types = {"float16", "float32"}


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int, str], None]:
    def make(count: int, rows: str) -> None:
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{rows}END\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        library: Any = ModuleType("ctranslate2")
        library.get_cuda_device_count = lambda: count
        library.get_supported_compute_types = lambda device, index=0: {"float32", f"from {device}:{index}"}
        monkeypatch.setitem(sys.modules, "ctranslate2", library)
        monkeypatch.setitem(sys.modules, "torch", None)
        monkeypatch.setattr(machine, "missing_libraries", lambda: ())
        monkeypatch.delenv("CUDA_DEVICE_ORDER", raising=False)
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    return make


def test_a_machine_with_cards(cuda: Callable[[int, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(2, ROWS)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,1")
    found = this_machine()
    assert [(card.index, card.name) for card in found.cards] == [(0, "NVIDIA T4"), (1, "NVIDIA H100")]
    assert found.cards[1].compute_types == {"float32", "from cuda:1"}
    assert os.environ["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID"
    assert not found.torch
    assert found.cores >= 1


def test_cards_that_nvidia_smi_does_not_know_are_used_all_the_same(cuda: Callable[[int, str], None]) -> None:
    cuda(1, "")
    assert [(card.name, card.memory) for card in this_machine().cards] == [("GPU", None)]


def test_why_there_is_no_card(cuda: Callable[[int, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    cuda(0, ROWS)
    assert this_machine().no_cards == "CUDA finds no GPU"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert this_machine().no_cards == "CUDA_VISIBLE_DEVICES='' leaves no GPU"
    cuda(1, ROWS)
    monkeypatch.setattr(machine, "missing_libraries", lambda: ("cuBLAS 12",))
    found = this_machine()
    assert found.cards == ()
    assert found.no_cards.endswith("without cuBLAS 12, which pip install 'studykit[cuda]' brings")
    assert "NVIDIA H100" in found.no_cards


def test_without_a_driver_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_may_have_cards", lambda: False)
    monkeypatch.setitem(sys.modules, "ctranslate2", None)  # importing it would fail
    assert this_machine().no_cards == "no NVIDIA GPU"


def test_a_library_is_found_in_its_wheel_and_then_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a small library of our own in the place where pip puts NVIDIA's."""
    folder = tmp_path / "nvidia_standin" / "blas" / "lib"
    folder.mkdir(parents=True)
    source = tmp_path / "blas.c"
    source.write_text("int answer(void) { return 42; }\n", encoding="utf-8")
    name = f"libstudykit_test_{os.getpid()}.so.12"
    try:
        subprocess.run(
            ["cc", "-shared", "-fPIC", f"-Wl,-soname,{name}", "-o", str(folder / name), str(source)],
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs a C compiler")
    monkeypatch.syspath_prepend(str(tmp_path))
    script = (
        "import ctypes, sys\n"
        "from studykit.engines.cuda_libraries import Library, missing_libraries\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        f"library = Library('BLAS', 'nvidia_standin.blas', ({name!r},))\n"
        "assert missing_libraries((library,)) == ()\n"
        f"print(ctypes.CDLL({name!r}).answer())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("42\n", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looked for on Linux only")
def test_a_library_that_is_nowhere_is_missing() -> None:
    nowhere = Library("BLAS 99", "nvidia_nowhere.blas", ("libstudykit_nowhere.so.99",))
    assert missing_libraries((nowhere,)) == ("BLAS 99",)


def test_several_processes_take_several_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_locks, "cache_dir", lambda: tmp_path)
    two = [Card(index=i, id=f"GPU-{i}") for i in range(2)]
    first, lock = card_locks.taken(two)
    second, other_lock = card_locks.taken(two)
    third, no_lock = card_locks.taken(two)
    assert [card.index if card else None for card in (first, second, third)] == [0, 1, 0]
    assert no_lock is None
    assert lock
    assert other_lock
    other_lock.close()
    again, _ = card_locks.taken(two)
    assert again
    assert again.index == 1
    assert card_locks.taken([]) == (None, None)
