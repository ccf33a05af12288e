"""WhisperX's way through two models and two devices, with stand-ins for the package and for CUDA.

What is tested is our side: which device each model gets, what happens when memory runs out, and how
doubtful windows are heard again. That the real package does this on a real card is not tested here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from studykit.engines.machine import Card, Machine
from studykit.engines.speech import faster_whisper, languages, whisperx
from studykit.errors import EngineError
from studykit.transcribe import SAMPLE_RATE, OtherLanguage, Recognised, Samples
from studykit.transcribe.doubt import heard_twice

GB = 1 << 30
SAMPLES = np.zeros(60 * SAMPLE_RATE, dtype=np.float32)
CARDS = tuple(
    Card(index=i, id=f"GPU-{i}", memory=80 * GB, free=(70 + i) * GB, compute_types=frozenset({"float16"}))
    for i in range(2)
)


@dataclass
class Options:
    hotwords: str | None = None


@dataclass
class Package:
    """Stands for whisperx; ``room`` says what fits on a card: ``whisper``, ``aligner``, ``alignment``."""

    room: set[str] = field(default_factory=lambda: {"whisper", "aligner", "alignment"})
    loaded: list[str] = field(default_factory=list)
    aligned_on: list[str] = field(default_factory=list)
    again: list[dict[str, Any]] = field(default_factory=list)
    looked_at: list[float] = field(default_factory=list)
    speech_s: list[tuple[float, float]] = field(default_factory=list)
    windows: list[dict[str, Any]] = field(
        default_factory=lambda: [{"text": " We measure it.", "start": 1.0, "end": 3.0, "avg_logprob": -0.2}]
    )

    def _fits(self, what: str, device: str) -> None:
        if device.startswith("cuda") and what not in self.room:
            raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")

    def load_model(self, folder: str, device: str, *, device_index: int, **_: Any) -> Any:
        self.loaded.append(f"whisper {device}:{device_index}")
        self._fits("whisper", device)
        model = SimpleNamespace(
            transcribe=self.transcribe,
            encode=lambda windows: windows,
            detect_language=self.detect_language,
            model=SimpleNamespace(
                is_multilingual=True, detect_language=lambda windows: [[self.language(w)] for w in windows]
            ),
        )

        def transcribe(samples: Samples, **_: Any) -> dict[str, Any]:
            model.encode([window["text"] for window in self.windows])
            return {"segments": [dict(window) for window in self.windows]}

        return SimpleNamespace(options=Options(), model=model, transcribe=transcribe)

    def speech(self, _: Samples) -> list[tuple[int, int]]:
        return [(round(low * SAMPLE_RATE), round(high * SAMPLE_RATE)) for low, high in self.speech_s]

    def language(self, text: str) -> tuple[str, float]:
        return ("<|de|>" if "das" in text else "<|en|>", 0.9)

    def detect_language(self, sound: Samples) -> tuple[str, float, list[tuple[str, float]]]:
        self.looked_at.append(float(sound[0]))
        return "de", 0.9, [("de", 0.9), ("en", 0.05)]

    def transcribe(self, samples: Samples, **options: Any) -> tuple[list[Any], None]:
        self.again.append({"seconds": len(samples) / SAMPLE_RATE, **options})
        word = SimpleNamespace(word=" Yes.", start=0.0, end=1.0, probability=0.9)
        seg = SimpleNamespace(
            text=" Yes.", start=0.0, end=1.0, words=[word], avg_logprob=-0.2, no_speech_prob=0.1
        )
        return [seg], None

    def load_align_model(self, language: str, device: str, *, model_name: str) -> tuple[Any, Any]:
        self.loaded.append(f"aligner {device}")
        self._fits("aligner", device)
        return "wav2vec2", {
            "language": language,
            "dictionary": {letter: i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
        }

    def align(self, windows: Any, model: Any, letters: Any, samples: Samples, device: str) -> dict[str, Any]:
        self.aligned_on.append(device)
        self._fits("alignment", device)
        (window,) = windows
        words = [
            {"word": word, "start": 1.0 + i, "end": 1.5 + i, "score": 0.8}
            for i, word in enumerate(window["text"].split())
        ]
        return {"segments": [{"words": words}]}


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Package:
    made = Package()
    module: Any = ModuleType("whisperx")
    module.load_model, module.align = made.load_model, made.align
    alignment: Any = ModuleType("whisperx.alignment")
    alignment.load_align_model = made.load_align_model
    alignment.DEFAULT_ALIGN_MODELS_HF = {}
    module.alignment = alignment
    monkeypatch.setitem(sys.modules, "whisperx", module)
    monkeypatch.setitem(sys.modules, "whisperx.alignment", alignment)
    monkeypatch.setattr(faster_whisper, "version", lambda _: "3.8")
    monkeypatch.setattr(faster_whisper, "cpu_types", lambda: frozenset({"int8"}))
    monkeypatch.setattr(whisperx, "ensure", lambda name, kind: tmp_path)
    monkeypatch.setattr(
        whisperx, "this_machine", lambda: Machine(cards=CARDS, no_cards="", torch=True, cores=8)
    )
    monkeypatch.setattr(languages, "_speech", made.speech)
    monkeypatch.setattr(faster_whisper, "_LOADED", {})
    monkeypatch.setattr(whisperx, "_LOADED_ALIGNERS", {})
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    for name in ("model.bin", "config.json"):
        (tmp_path / name).touch()
    return made


def made(tmp_path: Path, device: str = "auto", **options: Any) -> whisperx.WhisperX:
    return whisperx.WhisperX(str(tmp_path), device, **options)


def recognised(engine: whisperx.WhisperX) -> Recognised:
    return engine.recognise(SAMPLES, language="en", hot_words="")


def test_both_models_run_on_the_card_with_the_most_room(package: Package, tmp_path: Path) -> None:
    engine = made(tmp_path)
    assert recognised(engine).timing == "forced_alignment"
    assert package.loaded == ["whisper cuda:1", "aligner cuda:1"]
    assert package.aligned_on == ["cuda:1"]
    assert engine.device == "CUDA:1, float16, batch 16"
    assert recognised(engine) == recognised(engine)
    assert len(package.loaded) == 2


def test_two_runs_at_once_take_two_cards_and_a_number_is_obeyed(package: Package, tmp_path: Path) -> None:
    both = [made(tmp_path), made(tmp_path)]
    for engine in both:
        faster_whisper._LOADED.clear()  # as if each had a process of its own
        recognised(engine)
    assert [engine.device for engine in both] == ["CUDA:1, float16, batch 16", "CUDA, float16, batch 16"]
    third = made(tmp_path, "cuda:0")
    faster_whisper._LOADED.clear()
    recognised(third)
    assert third.device == "CUDA, float16, batch 16"


@pytest.mark.parametrize("lacking", ["aligner", "alignment"])
def test_memory_that_runs_out_in_alignment_moves_the_aligner_and_not_whisper(
    package: Package, tmp_path: Path, lacking: str
) -> None:
    package.room.remove(lacking)
    engine = made(tmp_path)
    found = recognised(engine)
    assert found.timing == "forced_alignment"
    assert [word.score for word in found.segments[0].words] == [0.8, 0.8, 0.8]
    assert [what for what in package.loaded if what.startswith("whisper")] == ["whisper cuda:1"]
    assert package.aligned_on[-1] == "cpu"
    assert engine.device == "CUDA:1, float16, batch 16, alignment on CPU"


def test_memory_that_runs_out_in_whisper_moves_both(package: Package, tmp_path: Path) -> None:
    package.room.remove("whisper")
    engine = made(tmp_path)
    assert recognised(engine).timing == "forced_alignment"
    assert package.loaded[-2:] == ["whisper cpu:0", "aligner cpu"]
    assert engine.device.startswith("CPU, int8, batch 4 (CUDA failed: CUDA out of memory")


def test_cards_that_torch_cannot_use_are_left(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisperx, "this_machine", lambda: Machine(cards=CARDS, no_cards="", torch=False))
    recognised(made(tmp_path))
    assert package.loaded == ["whisper cpu:0", "aligner cpu"]
    with pytest.raises(EngineError, match="torch does not work with CUDA"):
        recognised(made(tmp_path, "cuda"))


def test_a_doubtful_window_is_heard_again_by_the_same_whisper_one_by_one(
    package: Package, tmp_path: Path
) -> None:
    package.windows[0] |= {"text": "former, " * 40, "end": 20.0}
    engine = made(tmp_path)
    found = recognised(engine)

    def again(piece: Samples, start_s: float) -> Recognised:
        return engine.recognise_again(piece, language="en")

    heard, left_out = heard_twice(found, SAMPLES, again, "", 0.0)
    assert ([seg.text for seg in heard.segments], left_out, heard.timing) == ([" Yes."], [], "attention")
    (options,) = package.again
    assert options["condition_on_previous_text"] is False
    assert "hotwords" not in options
    assert "temperature" not in options  # the library's own, which rise


def test_a_window_in_another_language_is_told(package: Package, tmp_path: Path) -> None:
    package.windows += [
        {"text": " this is das Modell", "start": 10.0, "end": 30.0, "avg_logprob": -0.2},
        {"text": " And so on.", "start": 30.0, "end": 40.0, "avg_logprob": -0.2},
    ]
    package.speech_s = [(1.0, 3.0), (10.0, 19.0), (20.0, 22.0), (22.0, 30.0), (31.0, 40.0)]
    found = recognised(made(tmp_path))
    assert found.others == (OtherLanguage(10.0, 30.0, "de"),)
    assert len(package.looked_at) == 2  # the pieces of one window, and no others


def test_a_stated_compute_type_is_part_of_the_engines_name(package: Package, tmp_path: Path) -> None:
    """So that words made with other numbers are not taken for these."""
    assert made(tmp_path, compute_type="float16").engine != made(tmp_path).engine
