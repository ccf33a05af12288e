"""Which recogniser and model a machine gets: a table of machines."""

from __future__ import annotations

import pytest

from studykit.engines.machine import Card, Machine
from studykit.engines.models import KNOWN
from studykit.engines.speech.choice import Here, choose

GB = 1_000_000_000
BOTH = frozenset({"faster-whisper", "whisperx"})
ASR = frozenset({"faster-whisper"})
BASE, SMALL, TURBO = "whisper-base", "whisper-small", "whisper-large-v3-turbo"


def gpu(*memory_gb: float, torch: bool = True, free: int | None = None) -> Machine:
    cards = (
        Card(index=i, name=f"card {i}", memory=int(size * GB), free=free) for i, size in enumerate(memory_gb)
    )
    return Machine(cards=tuple(cards), no_cards="", torch=torch, cores=16, ram=64 * GB)


def cpu(cores: int, ram_gb: int = 16) -> Machine:
    return Machine(cores=cores, ram=ram_gb * GB)


MACHINES = [
    # name, machine, installed, models here, device, engine and model
    ("H100", gpu(80), BOTH, (), "auto", ("whisperx", TURBO)),
    ("H100 without whisperx", gpu(80), ASR, (), "auto", ("faster-whisper", TURBO)),
    ("laptop card of 6 GB", gpu(6), BOTH, (), "auto", ("whisperx", TURBO)),
    ("card of 4 GB", gpu(4), BOTH, (), "auto", ("whisperx", SMALL)),
    ("the same without an aligner", gpu(4), ASR, (), "auto", ("faster-whisper", TURBO)),
    ("card of 2 GB", gpu(2), ASR, (), "auto", ("faster-whisper", SMALL)),
    ("card of 1 GB", gpu(1), ASR, (), "auto", ("faster-whisper", BASE)),
    ("torch is without CUDA", gpu(80, torch=False), BOTH, (), "auto", ("faster-whisper", TURBO)),
    ("a card that is full just now", gpu(80, free=0), BOTH, (), "auto", ("whisperx", TURBO)),
    ("base is here already", gpu(80), BOTH, (BASE,), "auto", ("whisperx", TURBO)),
    ("the second card is asked for", gpu(80, 4), BOTH, (), "cuda:1", ("whisperx", SMALL)),
    ("the CPU is asked for", gpu(80), BOTH, (), "cpu", ("faster-whisper", SMALL)),
    ("old laptop", cpu(2), ASR, (), "auto", ("faster-whisper", BASE)),
    ("laptop with whisperx", cpu(4), BOTH, (), "auto", ("faster-whisper", BASE)),
    ("only whisperx installed", cpu(4), frozenset({"whisperx"}), (), "auto", ("whisperx", BASE)),
    ("workstation", cpu(16), ASR, (), "auto", ("faster-whisper", SMALL)),
    ("workstation that has base", cpu(16), ASR, (BASE,), "auto", ("faster-whisper", BASE)),
    ("workstation that has both", cpu(16), ASR, (BASE, SMALL), "auto", ("faster-whisper", SMALL)),
    ("many cores, little memory", cpu(16, 3), ASR, (), "auto", ("faster-whisper", BASE)),
    ("nothing installed", cpu(4), frozenset(), (), "auto", ("faster-whisper", BASE)),
]


@pytest.mark.parametrize(
    ("machine", "engines", "models", "device", "expected"),
    [row[1:] for row in MACHINES],
    ids=[row[0] for row in MACHINES],
)
def test_each_machine_gets_what_suits_it(
    machine: Machine, engines: frozenset[str], models: tuple[str, ...], device: str, expected: tuple[str, str]
) -> None:
    choice = choose("auto", "auto", device, machine, Here(engines=engines, models=frozenset(models)))
    assert (choice.engine, choice.model) == expected
    assert choice.why


def test_offline_a_card_gets_the_best_model_that_is_here() -> None:
    offline = Here(engines=BOTH, models=frozenset({BASE, SMALL}), downloads=False)
    choice = choose("auto", "auto", "auto", gpu(80), offline)
    assert choice.model == SMALL
    assert "whisper-large-v3-turbo is not on this machine" in choice.why
    nothing = Here(engines=BOTH, downloads=False)
    assert choose("auto", "auto", "auto", gpu(80), nothing).model == TURBO  # and its absence is told


def test_what_is_named_stays() -> None:
    both = Here(engines=BOTH)
    assert choose("faster-whisper", "auto", "auto", gpu(80), both).engine == "faster-whisper"
    assert choose("auto", "./mine", "auto", gpu(80), both).model == "./mine"
    assert choose("whisperx", "auto", "auto", cpu(2), both).model == BASE


def test_free_memory_decides_nothing() -> None:
    """Otherwise a recording would be transcribed again by another model when the card is busy."""
    both = Here(engines=BOTH)
    busy, idle = (choose("auto", "auto", "auto", gpu(8, free=free), both) for free in (0, 8 * GB))
    assert busy == idle


def test_the_reason_names_the_card_or_why_there_is_none() -> None:
    both = Here(engines=BOTH)
    assert str(choose("auto", "auto", "auto", gpu(80), both)) == (
        "whisperx with whisper-large-v3-turbo: cuda:0 is card 0, 80 GB"
    )
    missing = Machine(cores=4, no_cards="T4 without cuBLAS 12")
    assert "CPU with 4 cores, T4 without cuBLAS 12" in choose("auto", "auto", "auto", missing, both).why
    assert "studykit[whisperx]" in choose("auto", "auto", "auto", gpu(80), Here(engines=ASR)).why
    here = Here(engines=ASR, models=frozenset({BASE}))
    assert "studykit models get whisper-small" in choose("auto", "auto", "auto", cpu(16), here).why


def test_the_models_of_the_choice_are_known() -> None:
    assert {BASE, SMALL, TURBO} <= KNOWN.keys()
