"""Recognition with faster-whisper (extra ``asr``): Whisper in CTranslate2, on CPU or CUDA.

Whisper: Radford et al. (2022). Silero's voice detector cuts the sound into windows of speech, which
are decoded in batches and independently, so that a mistake does not propagate. Word times come from the
cross-attention by dynamic time warping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from studykit.engines.card_locks import taken
from studykit.engines.devices import DeviceConfig, FallbackModel, by_room, chunk_s, device_configs
from studykit.engines.machine import Machine, cpu_types, this_machine, threads
from studykit.engines.models import ensure, model_label
from studykit.engines.speech.languages import listening, looked_closer
from studykit.errors import EngineError, MissingExtraError
from studykit.files import Held
from studykit.transcribe import Recognised, RecognisedSegment, RecognisedWord, Samples

__all__ = ["FasterWhisper", "language_of", "recognise_chunk", "recognise_piece_again"]

_DETECTION_WINDOWS = 4
"""Of up to 30 s each. The first window with a language above 50 % decides, or else the majority."""
_LOADED: dict[tuple[Any, ...], FallbackModel[Any]] = {}
"""The last model used, by engine, folder and what was asked of its device."""


class FasterWhisper:
    """A model by name or folder; found or downloaded, and loaded, when first used.

    Raises ``MissingExtraError`` if the package is not installed.
    """

    package = "faster-whisper"
    extra = "asr"

    def __init__(
        self,
        model: str,
        device: str,
        progress: Callable[[str], None] = lambda _: None,
        *,
        compute_type: str | None = None,
        batch_size: int | None = None,
        choice: str = "",
    ) -> None:
        try:
            self.engine = f"{self.package}-{version(self.package)}"
        except PackageNotFoundError:
            raise MissingExtraError(self.package, self.extra) from None
        if compute_type:  # asked for, so it may be another's words that are wanted
            self.engine += f"+{compute_type}"
        self.model = model_label(model)
        self.choice = choice
        self._name = model
        self._wanted = device
        self._compute_type = compute_type
        self._batch_size = batch_size
        self._progress = progress
        self._lock: Held | None = None

    @cached_property
    def _machine(self) -> Machine:
        """The machine, with the card to be used alone."""
        found = self._look()
        card, self._lock = taken(by_room(found.cards, self._wanted))
        return replace(found, cards=(card,) if card else found.cards, cpu_types=cpu_types())

    def _look(self) -> Machine:
        return this_machine()

    @cached_property
    def _folder(self) -> Path:
        return ensure(
            self._name, progress=lambda so_far: self._progress(f"downloading {self.model}: {so_far}")
        )

    @cached_property
    def _loaded(self) -> FallbackModel[Any]:
        """The model, also of an earlier recording: it is loaded once in a process."""
        key = (self.engine, self._folder, self._wanted, self._compute_type, self._batch_size)
        if key not in _LOADED:
            weights = (self._folder / "model.bin").stat().st_size
            configs = device_configs(
                self._wanted,
                self._machine,
                weights,
                compute_type=self._compute_type,
                batch_size=self._batch_size,
            )
            _LOADED.clear()  # two would fill a GPU
            _LOADED[key] = FallbackModel(self.engine, configs, self._load)
        return _LOADED[key]

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

    def recognise_again(self, samples: Samples, *, language: str) -> Recognised:
        """Recognise a piece with Whisper's own fallback to higher temperatures."""
        return self._loaded.run(lambda whisper, _: recognise_piece_again(whisper, samples, language))

    def _load(self, config: DeviceConfig) -> Any:
        from faster_whisper import WhisperModel

        return WhisperModel(
            str(self._folder),
            device=config.device,
            device_index=config.index,
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
    with listening(whisper) as windows:
        found, _ = BatchedInferencePipeline(whisper).transcribe(
            samples,
            language=language,
            batch_size=batch_size,
            word_timestamps=True,
            hotwords=hot_words or None,
        )
        segments = _segments(found)
    return Recognised("attention", segments, *looked_closer(whisper, samples, language, windows, segments))


def recognise_piece_again(whisper: Any, samples: Samples, language: str) -> Recognised:
    """Recognise a piece with a ``faster_whisper.WhisperModel``, sequentially and without hints.

    A repeating or improbable text is decoded again at higher temperatures, and left out if nobody
    seems to speak (Radford et al. 2022, 4.5).
    """
    segments, _ = whisper.transcribe(
        samples,
        language=language,
        word_timestamps=True,
        condition_on_previous_text=False,
        vad_filter=True,
    )
    return Recognised("attention", _segments(segments))


def _segments(segments: Iterable[Any]) -> tuple[RecognisedSegment, ...]:
    return tuple(
        RecognisedSegment(
            seg.text,
            float(seg.start),
            float(seg.end),
            tuple(
                RecognisedWord(word.word, float(word.start), float(word.end), float(word.probability))
                for word in seg.words or ()
            ),
            mean_logprob=float(seg.avg_logprob),
            no_speech=float(seg.no_speech_prob),
        )
        for seg in segments
        if seg.text.strip()
    )
