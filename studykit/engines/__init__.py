"""Engines: the only importers of heavy packages, inside functions, behind the stages' protocols.

To add one: a module here with a class that fulfils the protocol, and a line in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from studykit.align.encoder import Encoder
from studykit.engines.programs.ytdlp import YtDlpFetcher
from studykit.engines.spacy import SpacyTagger
from studykit.engines.translators.openai_chat import OpenAIChat
from studykit.engines.translators.transformers_mt import transformers_translator
from studykit.errors import ConfigError
from studykit.ingest import Fetcher, FetchOptions
from studykit.segment.boundaries import BoundaryModel
from studykit.transcribe import Diarizer, Recogniser
from studykit.translate import ChatTranslator, Language, TranslateOptions, Translator

__all__ = [
    "BOUNDARY_CODE",
    "BOUNDARY_MODELS",
    "ENCODERS",
    "RECOGNISERS",
    "boundary_model",
    "diarizer",
    "encoder",
    "fetcher",
    "recogniser",
    "tagger",
    "translator",
]

ENCODERS: dict[str, tuple[str, str, str | None]] = {
    "usem": ("studykit.engines.encoders.usem", "UsemEncoder", None),
    "sentence-transformers": (
        "studykit.engines.encoders.sentence_transformers",
        "SentenceTransformersEncoder",
        "embed",
    ),
}
"""Name: module, class, the extra that its packages come with."""

BOUNDARY_MODELS: dict[str, tuple[str, str, str | None]] = {
    "fast": ("studykit.engines.boundaries.net", "BoundaryNet", None),
    "rules": ("studykit.segment.word_rules", "WordRules", None),
    "lm": ("studykit.engines.boundaries.lm", "BoundaryLM", "lm"),
    "sat": ("studykit.engines.boundaries.sat", "BoundarySaT", "sat"),
}
"""The same for what finds sentences in English without marks."""

BOUNDARY_CODE = ("engines/boundaries",)
"""Modules, by path inside studykit, whose source their results depend on."""


def encoder(name: str = "usem") -> Encoder:
    """The encoder of that name; a model or folder follows a colon.

    ``usem``, ``sentence-transformers`` (LaBSE) or ``sentence-transformers:MODEL_OR_FOLDER``. Raises
    ``ConfigError`` for an unknown name, ``MissingExtraError`` and ``MissingModelError`` when
    something has to be fetched first.
    """
    kind, _, model = name.partition(":")
    if kind not in ENCODERS or (model and kind == "usem"):
        raise ConfigError(
            "encoder", f"{name!r} is unknown; choose usem or sentence-transformers[:MODEL_OR_FOLDER]"
        )
    module, cls, _ = ENCODERS[kind]
    made = getattr(import_module(module), cls)
    return cast(Encoder, made(model) if model else made())


def translator(options: TranslateOptions, target: Language) -> Translator:
    """The engine that ``options`` name, for translating into ``target``.

    ``transformers``, ``transformers:MODEL_OR_FOLDER`` or ``openai:MODEL``. Raises ``ConfigError`` for
    another name, ``MissingExtraError`` and ``MissingModelError`` when something has to be fetched first.
    """
    kind, _, model = options.engine.partition(":")
    if kind == "transformers":
        return transformers_translator(model, options, target)
    if kind == "openai":
        return ChatTranslator(OpenAIChat(model, options))
    raise ConfigError(
        "translation engine",
        f"{options.engine!r} is unknown; choose captions, openai:MODEL or transformers[:MODEL_OR_FOLDER]",
    )


def tagger() -> SpacyTagger:
    """The English tagger and parser."""
    return SpacyTagger()


def fetcher(options: FetchOptions) -> Fetcher:
    """What gets talks from the web."""
    return YtDlpFetcher(options)


def boundary_model(name: str = "fast") -> BoundaryModel:
    """The model of that name; a model, folder or GGUF file follows a colon.

    ``fast``; ``rules``, which needs no tagger; ``lm`` or ``lm:MODEL``; ``sat`` or ``sat:MODEL``. Raises
    ``ConfigError`` for an unknown name, ``MissingExtraError`` and ``MissingModelError`` when something has
    to be fetched first.
    """
    kind, colon, model = name.partition(":")
    if kind not in BOUNDARY_MODELS or (colon and (not model or BOUNDARY_MODELS[kind][2] is None)):
        raise ConfigError("boundaries", f"{name!r} is unknown; choose fast, rules, lm[:MODEL] or sat[:MODEL]")
    module, cls, _ = BOUNDARY_MODELS[kind]
    made = getattr(import_module(module), cls)
    return cast(BoundaryModel, made(model) if model else made())


RECOGNISERS: dict[str, tuple[str, str, str]] = {
    "faster-whisper": ("studykit.engines.speech.faster_whisper", "FasterWhisper", "asr"),
    "whisperx": ("studykit.engines.speech.whisperx", "WhisperX", "whisperx"),
}
"""Name: module, class, extra."""


def recogniser(
    name: str, *, model: str, device: str, said: Callable[[str], None] = lambda _: None
) -> Recogniser:
    """The recogniser of that name with a model (a name or a folder) on ``auto``, ``cuda`` or ``cpu``.

    Nothing is loaded yet; ``said`` is told how a download goes. Raises ``ConfigError`` for an unknown
    engine, model or device, ``MissingExtraError`` when its packages are not installed.
    """
    if name not in RECOGNISERS:
        raise ConfigError("engine", f"{name!r} is unknown; choose {' or '.join(RECOGNISERS)}")
    if device not in {"auto", "cpu", "cuda"}:
        raise ConfigError("device", f"{device!r} is unknown; choose auto, cpu or cuda")
    module, cls, _ = RECOGNISERS[name]
    return cast(Recogniser, getattr(import_module(module), cls)(model, device, said))


def diarizer(device: str) -> Diarizer:
    """Tells speakers apart; raises ``MissingError`` without pyannote or a token for its model."""
    from studykit.engines.speech.pyannote import Pyannote

    return Pyannote(device)
