from __future__ import annotations

import pytest

from studykit import engines
from studykit.engines.devices import DeviceConfig, FallbackModel, chunk_s, device_configs
from studykit.engines.machine import Card, Machine, threads
from studykit.errors import ConfigError, EngineError

GB = 1 << 30
CARD_TYPES = frozenset({"float16", "int8_float16", "int8", "float32"})
LARGE = 3 * GB


def machine(*, cuda: bool = True, gpu: int | None = 80 * GB, ram: int | None = 16 * GB) -> Machine:
    card = Card(index=0, name="H100", memory=80 * GB, free=gpu, compute_types=CARD_TYPES)
    return Machine(
        cards=(card,) if cuda else (), cpu_types=frozenset({"int8", "float32"}), ram=64 * GB, ram_free=ram
    )


def test_auto_takes_cuda_when_there_is_one_and_ends_on_the_cpu() -> None:
    found = device_configs("auto", machine(), LARGE)
    assert str(found[0]) == "CUDA, float16, batch 16"
    assert [config.device for config in found].index("cpu") > 0
    assert found[-1].device == "cpu"


def test_without_a_gpu_auto_is_int8_on_the_cpu_and_cuda_an_error() -> None:
    found = device_configs("auto", machine(cuda=False), LARGE)
    assert str(found[0]) == "CPU, int8, batch 4"
    assert {config.device for config in found} == {"cpu"}
    with pytest.raises(EngineError, match="--device auto"):
        device_configs("cuda", machine(cuda=False), LARGE)


def test_the_cpu_is_not_left_when_it_was_asked_for() -> None:
    assert {config.device for config in device_configs("cpu", machine(), LARGE)} == {"cpu"}
    assert {config.device for config in device_configs("cuda", machine(), LARGE)} == {"cuda"}


@pytest.mark.parametrize(
    ("free_gb", "first"),
    [
        (40, "CUDA, float16, batch 16"),
        (6, "CUDA, float16, batch 8"),
        (3, "CUDA, int8_float16, batch 1"),
        (1, "CUDA, int8, batch 1"),
    ],
)
def test_what_cannot_fit_the_memory_is_not_tried(free_gb: int, first: str) -> None:
    assert str(device_configs("cuda", machine(gpu=free_gb * GB), LARGE)[0]) == first


def cards(*free_gb: int, types: frozenset[str] = CARD_TYPES) -> Machine:
    found = [Card(index=i, memory=80 * GB, free=gb * GB, compute_types=types) for i, gb in enumerate(free_gb)]
    return Machine(cards=tuple(found), cpu_types=frozenset({"int8", "float32"}), ram_free=16 * GB)


def test_a_card_that_has_only_float32_is_used_with_it() -> None:
    found = device_configs("auto", cards(4, types=frozenset({"float32"})), GB)
    assert str(found[0]) == "CUDA, float32, batch 16"
    assert {config.compute_type for config in found if config.device == "cuda"} == {"float32"}
    assert device_configs("cuda", cards(4, types=frozenset()), GB)  # whatever a library says, never empty


def test_the_card_with_the_most_free_memory_is_taken_or_the_one_asked_for() -> None:
    assert {config.index for config in device_configs("cuda", cards(1, 70, 30), LARGE)} == {1}
    assert str(device_configs("cuda:2", cards(1, 70, 30), LARGE)[0]) == "CUDA:2, float16, batch 16"
    several = {config.index for config in device_configs("cuda:0,cuda:2", cards(1, 70, 30), LARGE)}
    assert several == {2}
    with pytest.raises(EngineError, match=r"there is no cuda:0,cuda:3; there is cuda:0"):
        device_configs("cuda:0,cuda:3", cards(1, 70, 30), LARGE)
    with pytest.raises(EngineError, match=r"there is no cuda:3; there is cuda:0 \(GPU\), cuda:1"):
        device_configs("cuda:3", cards(1, 70, 30), LARGE)


def test_what_is_asked_for_is_tried_alone() -> None:
    found = device_configs("cuda", cards(70), LARGE, compute_type="float32", batch_size=6)
    assert [(config.compute_type, config.batch_size) for config in found] == [
        ("float32", 6),
        ("float32", 4),
        ("float32", 1),
    ]
    assert str(device_configs("cuda", cards(70), LARGE, batch_size=64)[0]) == "CUDA, float16, batch 64"
    assert {config.device for config in device_configs("auto", cards(70), LARGE, compute_type="float16")} == {
        "cuda"
    }
    with pytest.raises(EngineError, match="'bfloat16' does not work on this machine; choose float32, int8"):
        device_configs("cpu", cards(70), LARGE, compute_type="bfloat16")


def test_memory_that_cannot_be_told_is_tried_out() -> None:
    assert str(device_configs("auto", machine(gpu=None, ram=None), LARGE)[0]) == "CUDA, float16, batch 16"


def test_the_length_of_a_chunk_depends_on_the_device_alone() -> None:
    assert chunk_s("auto", machine(gpu=GB)) == chunk_s("cuda", machine())
    assert chunk_s("auto", machine(cuda=False)) == chunk_s("cpu", machine()) < chunk_s("auto", machine())


class Room:
    """A model that fits only some configurations, as a graphics card with ``room`` windows would have it."""

    def __init__(self, room: float, error: str = "CUDA out of memory. Tried to allocate") -> None:
        self.room = room
        self.error = error
        self.loaded: list[DeviceConfig] = []
        self.tried: list[DeviceConfig] = []

    def load(self, config: DeviceConfig) -> str:
        self.loaded.append(config)
        return config.compute_type

    def work(self, model: str, config: DeviceConfig) -> str:
        assert model == config.compute_type
        self.tried.append(config)
        if config.device == "cuda" and config.batch_size > self.room:
            raise RuntimeError(self.error)
        return str(config)


def test_memory_that_runs_out_steps_down_and_stays_down() -> None:
    card = Room(room=5)
    stepping: FallbackModel[str] = FallbackModel(
        "engine", device_configs("auto", machine(), LARGE), card.load
    )
    assert stepping.run(card.work) == "CUDA, float16, batch 4"
    assert stepping.run(card.work) == "CUDA, float16, batch 4"
    assert [config.batch_size for config in card.tried] == [16, 8, 4, 4]
    assert len(card.loaded) == 1  # a smaller batch needs no other model
    assert str(stepping) == "CUDA, float16, batch 4"


def test_memory_that_never_suffices_ends_on_the_cpu_and_says_why() -> None:
    card = Room(room=0)
    stepping: FallbackModel[str] = FallbackModel(
        "engine", device_configs("auto", machine(), LARGE), card.load
    )
    assert stepping.run(card.work) == "CPU, int8, batch 4"
    assert [config.compute_type for config in card.loaded] == ["float16", "int8_float16", "int8", "int8"]
    assert str(stepping).startswith("CPU, int8, batch 4 (CUDA failed: CUDA out of memory")


def test_a_gpu_that_does_not_work_at_all_is_left_at_once() -> None:
    card = Room(room=0, error="Library libcublas.so.12 is not found or cannot be loaded")
    stepping: FallbackModel[str] = FallbackModel(
        "engine", device_configs("auto", machine(), LARGE), card.load
    )
    assert stepping.run(card.work) == "CPU, int8, batch 4"
    assert len(card.tried) == 2
    assert "libcublas" in str(stepping)


def test_a_gpu_that_worked_is_not_left_for_another_error() -> None:
    card = Room(room=16, error="a bug")
    stepping: FallbackModel[str] = FallbackModel(
        "engine", device_configs("auto", machine(), LARGE), card.load
    )
    stepping.run(card.work)
    card.room = 0
    with pytest.raises(EngineError, match=r"engine: a bug \(CUDA, float16, batch 16\)"):
        stepping.run(card.work)


def test_no_memory_on_the_cpu_either_is_an_error() -> None:
    def work(model: str, config: DeviceConfig) -> str:
        raise MemoryError

    stepping: FallbackModel[str] = FallbackModel("engine", device_configs("cpu", machine(), LARGE), str)
    with pytest.raises(EngineError, match=r"MemoryError \(CPU, float32, batch 1\)"):
        stepping.run(work)


@pytest.mark.parametrize(
    ("name", "device", "told"), [("whisper", "auto", "whisperx"), ("whisperx", "gpu", "cuda")]
)
def test_unknown_engines_and_devices_are_refused_with_the_known_ones_named(
    name: str, device: str, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        engines.recogniser(name, model="base", device=device)


def test_a_process_among_others_takes_the_cores_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    usable = threads()
    for stated, taken in (("1", 1), ("0", usable), ("many", usable), ("9999", usable)):
        monkeypatch.setenv("OMP_NUM_THREADS", stated)
        assert threads() == taken
