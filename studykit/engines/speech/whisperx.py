"""Recognition with WhisperX (extra ``whisperx``): voice detection, batched Whisper, forced alignment.

Bain et al. (2023), "WhisperX: Time-Accurate Speech Transcription of Long-Form Audio". Word times come
from a wav2vec2 model of the language. If there is none, on this machine or on the hub, Whisper's own word
times are used, and ``timing`` says so.
"""

from __future__ import annotations

import dataclasses
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from msgspec.structs import replace

from studykit.engines.devices import DeviceConfig, FallbackModel, torch_name
from studykit.engines.machine import Machine, this_machine, threads
from studykit.engines.models import ensure, find
from studykit.engines.speech.faster_whisper import (
    FasterWhisper,
    language_of,
    recognise_chunk,
    recognise_piece_again,
)
from studykit.engines.speech.languages import Closer, listening, looked_closer
from studykit.errors import EngineError, MissingModelError
from studykit.transcribe import Recognised, RecognisedSegment, RecognisedWord, Samples

__all__ = ["WhisperX"]

Aligner = tuple[Any, Any]
"""A wav2vec2 model, and whisperx's notes on its letters."""
Windows = tuple[list[dict[str, Any]], Closer]
"""What whisperx returns before alignment, and what looking closer has found."""

_LOADED_ALIGNERS: dict[tuple[str, DeviceConfig], FallbackModel[Aligner | None]] = {}
"""Those of the recogniser in use, also for its next recording."""
_NO_TORCH = "torch does not work with CUDA"
_ALIGNERS = {"en": "wav2vec2-en", "zh": "wav2vec2-zh"}


class WhisperX(FasterWhisper):
    """A model by name or folder; found or downloaded, and loaded, when first used.

    Raises ``MissingExtraError`` if the package is not installed.
    """

    package = "whisperx"
    extra = "whisperx"

    def __init__(
        self, model: str, device: str, progress: Callable[[str], None] = lambda _: None, **options: Any
    ) -> None:
        super().__init__(model, device, progress, **options)
        # Results made without a wav2vec2 model are not reused once there is one.
        self.engine += "".join(f"+{name}" for name in _ALIGNERS.values() if find(name, "wav2vec2"))
        self._aligners: dict[str, FallbackModel[Aligner | None]] = {}
        self._unaligned: set[str] = set()

    def _look(self) -> Machine:
        found = this_machine()
        # Torch aligns the words: if it cannot use the GPU, the rest should not either.
        return found if found.torch else replace(found, cards=(), no_cards=found.no_cards or _NO_TORCH)

    @property
    def device(self) -> str:
        """Such as ``CUDA, float16, batch 16``; with where words are aligned, if that is elsewhere."""
        text = super().device
        moved = {str(aligner.config.device) for aligner in self._aligners.values()}
        return text + "".join(
            f", alignment on {place.upper()}" for place in moved - {self._loaded.config.device}
        )

    def language_of(self, samples: Samples) -> str | None:
        """The language of the first two minutes of speech in ``samples``."""
        return self._loaded.run(lambda pipeline, _: language_of(pipeline.model, samples))

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        """Recognise one chunk; times come from forced alignment if possible.

        Memory that runs out while words are aligned moves the aligner to the CPU; Whisper stays.
        """

        def work(pipeline: Any, config: DeviceConfig) -> Recognised | Windows:
            if language in self._unaligned or self._aligner(language).run(_itself) is None:
                self._unaligned.add(language)
                self._progress(f"no wav2vec2 model for {language!r}: using Whisper's own word times")
                return recognise_chunk(pipeline.model, samples, language, hot_words, config.batch_size)
            pipeline.options = dataclasses.replace(pipeline.options, hotwords=hot_words or None)
            with _own_stdout(), listening(pipeline.model) as languages:
                found = pipeline.transcribe(samples, batch_size=config.batch_size, language=language)
            windows = list(found["segments"])
            spans = [(float(window["start"]), float(window["end"])) for window in windows]
            said = [
                RecognisedSegment(window["text"], *span)
                for window, span in zip(windows, spans, strict=True)
                if window["text"].strip()
            ]
            return windows, looked_closer(pipeline.model, samples, language, languages, said, spans=spans)

        found = self._loaded.run(work)
        if isinstance(found, Recognised):
            return found

        def align(aligner: Aligner | None, config: DeviceConfig) -> Recognised:
            assert aligner
            windows, closer = found
            made = _aligned(windows, aligner, samples, torch_name(config))
            return made._replace(others=closer.others, passed_over=closer.passed_over)

        return self._aligner(language).run(align)

    def recognise_again(self, samples: Samples, *, language: str) -> Recognised:
        """Recognise a piece with the same Whisper, sequentially; times come from attention."""
        return self._loaded.run(lambda pipeline, _: recognise_piece_again(pipeline.model, samples, language))

    def _load(self, config: DeviceConfig) -> Any:
        import whisperx

        _LOADED_ALIGNERS.clear()  # they may be on a device that is no longer used
        with _own_stdout():
            return whisperx.load_model(
                str(self._folder),
                config.device,
                device_index=config.index,
                compute_type=config.compute_type,
                vad_method="pyannote",  # its weights come with the package
                threads=threads(),
                local_files_only=True,
            )

    def _aligner(self, language: str) -> FallbackModel[Aligner | None]:
        """The wav2vec2 model for a language with its letters, None if there is none."""
        if language not in self._aligners:
            config = replace(self._loaded.config, compute_type="float32", batch_size=1)
            configs = [config] if config.device == "cpu" else [config, replace(config, device="cpu", index=0)]
            if (language, config) not in _LOADED_ALIGNERS:
                _LOADED_ALIGNERS[language, config] = FallbackModel(
                    f"{self.package} alignment", configs, lambda at: _load_aligner(language, torch_name(at))
                )
            self._aligners[language] = _LOADED_ALIGNERS[language, config]
        return self._aligners[language]


def _itself(aligner: Aligner | None, _: DeviceConfig) -> Aligner | None:
    return aligner


@contextmanager
def _own_stdout() -> Iterator[None]:
    """Redirect WhisperX's prints and logs from stdout, which is for results, to stderr."""
    logger = logging.getLogger("whisperx")
    if not logger.handlers:  # otherwise it adds its own
        logger.addHandler(logging.StreamHandler(sys.stderr))
        logger.setLevel(logging.ERROR)
    with redirect_stdout(sys.stderr):
        yield


def _load_aligner(language: str, device: str) -> Aligner | None:
    from whisperx import alignment

    # It would download a sentence splitter; here a window stays whole, and its sentences are found
    # later.
    alignment.nltk_load = lambda _: _WholeText()
    name = _ALIGNERS.get(language) or alignment.DEFAULT_ALIGN_MODELS_HF.get(language)
    if name is None:
        return None
    try:
        folder = ensure(name, "wav2vec2")
    except MissingModelError:
        return None
    try:
        with _own_stdout():
            model, letters = alignment.load_align_model(language, device, model_name=str(folder))
    except ValueError as error:
        raise EngineError("whisperx", f"{folder} is not a wav2vec2 model with letters: {error}") from error
    return model, letters


class _WholeText:
    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def _aligned(windows: list[dict[str, Any]], aligner: Aligner, samples: Samples, device: str) -> Recognised:
    from whisperx import align

    model, letters = aligner
    segments = []
    for window in windows:
        window["text"] = " ".join(window["text"].split())
        if not window["text"]:
            continue
        words: list[RecognisedWord] = []
        for seg in align([window], model, letters, samples, device)["segments"]:
            words += [_word(word, letters["dictionary"]) for word in seg["words"]]
        words = words or _unplaced(window["text"], letters["language"])
        segments.append(
            RecognisedSegment(
                window["text"],
                float(window["start"]),
                float(window["end"]),
                tuple(words),
                mean_logprob=window.get("avg_logprob"),
            )
        )
    return Recognised("forced_alignment", tuple(segments))


def _word(word: dict[str, Any], letters: dict[str, int]) -> RecognisedWord:
    """A word as aligned; without a score if the model has no letter for anything in it.

    Digits and signs are placed by a wildcard that matches every sound, so their score means nothing.
    """
    known = any(char.lower() in letters for char in word["word"])
    if "start" not in word or "score" not in word:
        return RecognisedWord(word["word"])
    score = float(word["score"]) if known else None
    return RecognisedWord(word["word"], float(word["start"]), float(word["end"]), score)


def _unplaced(text: str, language: str) -> list[RecognisedWord]:
    from whisperx.alignment import LANGUAGES_WITHOUT_SPACES

    pieces = text.replace(" ", "") if language in LANGUAGES_WITHOUT_SPACES else text.split()
    return [RecognisedWord(piece) for piece in pieces]
