"""Engines: the only importers of heavy packages, inside functions, behind the stages' protocols.

``registry.py`` lists them; these functions create them. Importing this package loads neither engines nor
stages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from studykit.engines.registry import ENGINES, EngineKind, chosen, engine_names, one_of
from studykit.errors import ConfigError
from studykit.types import DEVICES

if TYPE_CHECKING:
    from pathlib import Path

    from studykit.align.encoder import Encoder
    from studykit.annotate.tagger import Tagger
    from studykit.ingest import Fetcher
    from studykit.options import FetchOptions, TranslateOptions
    from studykit.segment.boundaries import BoundaryModel
    from studykit.transcribe import Audio, Diarizer, Recogniser
    from studykit.translate import Translator
    from studykit.types import Language

__all__ = [
    "ENGINES",
    "EngineKind",
    "audio_file",
    "boundary_model",
    "check_translation_engine",
    "diarizer",
    "encoder",
    "engine_names",
    "fetcher",
    "recogniser",
    "simplified",
    "tagger",
    "translator",
]


def encoder(name: str = "usem") -> Encoder:
    """The sentence encoder called ``name``; a model or folder may follow a colon.

    ``usem``, ``sentence-transformers`` (LaBSE) or ``sentence-transformers:MODEL_OR_FOLDER``. Raises
    ``ConfigError`` for an unknown name, ``MissingExtraError`` and ``MissingModelError`` if
    something must be installed first.
    """
    kind, model = chosen("encoder", name)
    return cast("Encoder", kind.load()(model) if model else kind.load()())


def boundary_model(name: str = "fast") -> BoundaryModel:
    """The finder of sentences in unpunctuated English; a model, folder or GGUF file may follow a colon.

    ``fast``; ``rules``, which needs no tagger; ``lm`` or ``lm:MODEL``; ``sat`` or ``sat:MODEL``. Raises
    ``ConfigError`` for an unknown name, ``MissingExtraError`` and ``MissingModelError`` if something has
    to be fetched first.
    """
    kind, model = chosen("boundaries", name)
    return cast("BoundaryModel", kind.load()(model) if model else kind.load()())


def translator(options: TranslateOptions, target: Language) -> Translator:
    """The translation engine named in ``options``, for translating into ``target``.

    ``transformers``, ``transformers:MODEL_OR_FOLDER`` or ``openai:MODEL``. Raises ``ConfigError`` for
    another name, ``MissingExtraError`` and ``MissingModelError`` if something must be installed first.
    """
    kind, model = chosen("translation engine", options.engine, besides=["captions"])
    return cast("Translator", kind.load()(model, options, target))


def check_translation_engine(name: str) -> None:
    """Raise ``ConfigError`` when ``translator`` would for this name, before anything is loaded."""
    if name != "captions":
        chosen("translation engine", name, besides=["captions"])


def recogniser(
    name: str, *, model: str, device: str, progress: Callable[[str], None] = lambda _: None
) -> Recogniser:
    """The recogniser called ``name`` with a model (a name or folder) on ``auto``, ``cuda`` or ``cpu``.

    Nothing is loaded yet; ``progress`` gets the state of a download. Raises ``ConfigError`` for an unknown
    engine, model or device, ``MissingExtraError`` when its packages are not installed.
    """
    kind, _ = chosen("recogniser", name)
    if device not in DEVICES:
        raise ConfigError("device", f"{device!r} is unknown; choose {one_of(DEVICES)}")
    return cast("Recogniser", kind.load()(model, device, progress))


def diarizer(device: str) -> Diarizer:
    """The speaker diarizer; raises ``MissingError`` without pyannote or a token for its model."""
    kind, _ = chosen("speaker diarizer", "pyannote")
    return cast("Diarizer", kind.load()(device))


def tagger() -> Tagger:
    """The English tagger and parser."""
    kind, _ = chosen("tagger", "spacy")
    return cast("Tagger", kind.load()())


def fetcher(options: FetchOptions) -> Fetcher:
    """The downloader of talks behind links."""
    kind, _ = chosen("fetcher", "yt-dlp")
    return cast("Fetcher", kind.load()(options))


def simplified(text: str) -> str:
    """``text`` with traditional Chinese characters converted to simplified ones."""
    from studykit.engines.opencc import simplified as converted

    return converted(text)


def audio_file(path: Path) -> Audio:
    """The sound of a recording or film.

    Raises ``InputError`` for a file without sound, ``MissingExtraError`` without PyAV.
    """
    from studykit.engines.speech.audio import AudioFile

    return AudioFile(path)
