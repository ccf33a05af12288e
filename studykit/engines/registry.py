"""The table of all engines: what each does, where its code is, what it needs.

To add one, write a module in this package with a class (or function) that implements the stage's
protocol, and add a row here. Importing this module loads no engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Literal

from msgspec import Struct

from studykit.errors import ConfigError

__all__ = ["ENGINES", "EngineKind", "Task", "chosen", "engine_names", "one_of"]

Task = Literal[
    "encoder",
    "boundaries",
    "recogniser",
    "translation engine",
    "chat engine",
    "tagger",
    "fetcher",
    "speaker diarizer",
]
"""The tasks of engines, as named in error messages."""


class EngineKind(Struct, frozen=True, kw_only=True):
    """One engine. ``make`` is the class or function in ``module`` that creates it."""

    task: Task
    name: str
    module: str
    make: str
    extra: str | None = None
    """The extra of studykit that its packages come with; None when the base install has them."""
    package: str | None = None
    """The package, by import name, that tells `studykit doctor` whether the extra is installed; None if
    another row of the same extra has it."""
    purpose: str = ""
    """The purpose of the extra."""
    model: str | None = None
    """What may follow the name and a colon, such as ``MODEL``; None if nothing may."""
    needs_model: bool = False
    """Whether a model must be named, since there is no default."""

    @property
    def usage(self) -> str:
        """How to name it: ``lm[:MODEL]``, ``openai:MODEL``."""
        if self.model is None:
            return self.name
        return f"{self.name}:{self.model}" if self.needs_model else f"{self.name}[:{self.model}]"

    def load(self) -> Any:
        """The class or function that creates the engine."""
        return getattr(import_module(self.module), self.make)


ENGINES = (
    EngineKind(task="encoder", name="usem", module="studykit.engines.encoders.usem", make="UsemEncoder"),
    EngineKind(
        task="encoder",
        name="sentence-transformers",
        module="studykit.engines.encoders.sentence_transformers",
        make="SentenceTransformersEncoder",
        extra="embed",
        package="sentence_transformers",
        purpose="better sentence encoders",
        model="MODEL_OR_FOLDER",
    ),
    EngineKind(task="boundaries", name="fast", module="studykit.engines.boundaries.fast", make="BoundaryNet"),
    EngineKind(task="boundaries", name="rules", module="studykit.segment.word_rules", make="WordRules"),
    EngineKind(
        task="boundaries",
        name="lm",
        module="studykit.engines.boundaries.lm",
        make="BoundaryLM",
        extra="lm",
        package="accelerate",
        purpose="sentences by a language model",
        model="MODEL",
    ),
    EngineKind(
        task="boundaries",
        name="sat",
        module="studykit.engines.boundaries.sat",
        make="BoundarySaT",
        extra="sat",
        package="wtpsplit",
        purpose="sentences by Segment any Text",
        model="MODEL",
    ),
    EngineKind(
        task="recogniser",
        name="whisperx",
        module="studykit.engines.speech.whisperx",
        make="WhisperX",
        extra="whisperx",
        package="whisperx",
        purpose="speech recognition with forced alignment and speakers",
    ),
    EngineKind(
        task="recogniser",
        name="faster-whisper",
        module="studykit.engines.speech.faster_whisper",
        make="FasterWhisper",
        extra="asr",
        package="faster_whisper",
        purpose="speech recognition",
    ),
    EngineKind(
        task="speaker diarizer",
        name="pyannote",
        module="studykit.engines.speech.pyannote",
        make="Pyannote",
        extra="whisperx",
    ),
    EngineKind(
        task="translation engine",
        name="openai",
        module="studykit.engines.translators.openai_chat",
        make="openai_translator",
        model="MODEL",
        needs_model=True,
    ),
    EngineKind(
        task="chat engine",
        name="openai",
        module="studykit.engines.chat",
        make="OpenAIChat",
        model="MODEL",
        needs_model=True,
    ),
    EngineKind(
        task="chat engine",
        name="transformers",
        module="studykit.engines.translators.transformers_mt",
        make="transformers_chat",
        extra="translate",
        model="MODEL_OR_FOLDER",
        needs_model=True,
    ),
    EngineKind(
        task="translation engine",
        name="transformers",
        module="studykit.engines.translators.transformers_mt",
        make="transformers_translator",
        extra="translate",
        package="sentencepiece",
        purpose="translation models on this machine",
        model="MODEL_OR_FOLDER",
    ),
    EngineKind(task="tagger", name="english", module="studykit.engines.english.engine", make="EnglishTagger"),
    EngineKind(
        task="tagger",
        name="spacy",
        module="studykit.engines.spacy",
        make="SpacyTagger",
        extra="spacy",
        package="spacy",
        purpose="spaCy itself as the tagger",
    ),
    EngineKind(
        task="fetcher",
        name="yt-dlp",
        module="studykit.engines.programs.ytdlp",
        make="YtDlpFetcher",
        extra="youtube",
        package="yt_dlp",
        purpose="talks from YouTube and other sites",
    ),
)


def engine_names(task: Task) -> tuple[str, ...]:
    """The names of the engines for a task."""
    return tuple(kind.name for kind in ENGINES if kind.task == task)


def chosen(task: Task, name: str, *, besides: Iterable[str] = ()) -> tuple[EngineKind, str]:
    """The engine called ``name`` and the model that follows a colon, empty for its default.

    ``besides`` are other valid choices, to list in the message. Raises ``ConfigError`` for an unknown name,
    for a model where none is allowed, and for a missing model.
    """
    kinds = [kind for kind in ENGINES if kind.task == task]
    wanted, colon, model = name.partition(":")
    kind = next((kind for kind in kinds if kind.name == wanted), None)
    if kind is None or (colon and (kind.model is None or not model)):
        usages = one_of([*besides, *(kind.usage for kind in kinds)])
        raise ConfigError(task, f"{name!r} is unknown; choose {usages}")
    if kind.needs_model and not model:
        raise ConfigError(task, f"{kind.name} needs a model: {kind.usage}")
    return kind, model


def one_of(names: Iterable[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
