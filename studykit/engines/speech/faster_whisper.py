"""Recognition with faster-whisper (extra ``asr``): Whisper in CTranslate2, on CPU or CUDA.

Whisper: Radford et al. (2022). Silero's voice detector cuts the sound into windows of speech, which
are decoded in batches and independently, so that a mistake does not propagate. Word times come from the
cross-attention by dynamic time warping.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from studykit.engines.devices import (
    DeviceConfig,
    FallbackModel,
    Machine,
    chunk_s,
    device_configs,
    machine,
    threads,
)
from studykit.engines.models import ensure, model_label
from studykit.errors import EngineError, MissingExtraError
from studykit.transcribe import Recognised, RecognisedSegment, RecognisedWord, Samples

__all__ = ["FasterWhisper", "language_of", "recognise_chunk"]

_DETECTION_WINDOWS = 4
"""Of up to 30 s each. The first window with a language above 50 % decides, or else the majority."""


class FasterWhisper:
    """A model by name or folder; found or downloaded, and loaded, when first used.

    Raises ``MissingExtraError`` if the package is not installed.
    """

    package = "faster-whisper"
    extra = "asr"

    def __init__(self, model: str, device: str, progress: Callable[[str], None] = lambda _: None) -> None:
        try:
            self.engine = f"{self.package}-{version(self.package)}"
        except PackageNotFoundError:
            raise MissingExtraError(self.package, self.extra) from None
        self.model = model_label(model)
        self._name = model
        self._wanted = device
        self._progress = progress

    @cached_property
    def _machine(self) -> Machine:
        return machine()

    @cached_property
    def _folder(self) -> Path:
        return ensure(
            self._name, progress=lambda so_far: self._progress(f"downloading {self.model}: {so_far}")
        )

    @cached_property
    def _loaded(self) -> FallbackModel[Any]:
        weights = (self._folder / "model.bin").stat().st_size
        return FallbackModel(self.engine, device_configs(self._wanted, self._machine, weights), self._load)

    @property
    def chunk_s(self) -> float:
        """Two minutes on a CPU, eight on CUDA."""
        return chunk_s(self._wanted, self._machine)

    @property
    def device(self) -> str:
        """Such as ``CPU, int8, batch 4``."""
        return str(self._loaded)

    def language_of(self, samples: Samples) -> str | None:
        """The language of the first two minutes of speech in ``samples``."""
        return self._loaded.run(lambda whisper, _: language_of(whisper, samples))

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        """Recognise one chunk; times come from attention."""
        return self._loaded.run(
            lambda whisper, config: recognise_chunk(whisper, samples, language, hot_words, config.batch_size)
        )

    def _load(self, config: DeviceConfig) -> Any:
        from faster_whisper import WhisperModel

        return WhisperModel(
            str(self._folder),
            device=config.device,
            compute_type=config.compute_type,
            cpu_threads=threads(),
            local_files_only=True,
        )


def language_of(whisper: Any, samples: Samples) -> str | None:
    """The language in ``samples`` by a ``faster_whisper.WhisperModel``, None without speech."""
    from faster_whisper import BatchedInferencePipeline

    # Segments are decoded lazily, so nothing is decoded here.
    _, info = BatchedInferencePipeline(whisper).transcribe(
        samples, language_detection_segments=_DETECTION_WINDOWS
    )
    return str(info.language) if info.duration_after_vad else None


def recognise_chunk(
    whisper: Any, samples: Samples, language: str, hot_words: str, batch_size: int
) -> Recognised:
    """Recognise one chunk with a ``faster_whisper.WhisperModel``; word times come from attention.

    Raises ``EngineError`` if the model does not know the language.
    """
    from faster_whisper import BatchedInferencePipeline

    if language not in whisper.supported_languages:
        known = ", ".join(whisper.supported_languages)
        raise EngineError("whisper", f"this model does not know the language {language!r}; it knows {known}")
    segments, _ = BatchedInferencePipeline(whisper).transcribe(
        samples,
        language=language,
        batch_size=batch_size,
        word_timestamps=True,
        hotwords=hot_words or None,
    )
    recognised = tuple(
        RecognisedSegment(
            seg.text,
            float(seg.start),
            float(seg.end),
            tuple(
                RecognisedWord(word.word, float(word.start), float(word.end), float(word.probability))
                for word in seg.words or ()
            ),
        )
        for seg in segments
        if seg.text.strip()
    )
    return Recognised("attention", recognised)
