"""Engines: the only importers of heavy packages, inside functions, behind the stages' protocols.

``registry.py`` lists them; these functions create them. Importing this package loads neither engines nor
stages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from studykit.engines.registry import ENGINES, EngineKind, chosen, engine_names, one_of
from studykit.errors import ConfigError
from studykit.types import DEVICES, cards_named, is_device

if TYPE_CHECKING:
    from pathlib import Path

    from studykit.align.encoder import Encoder
    from studykit.annotate.tagger import Tagger
    from studykit.chat import ChatModel
    from studykit.engines.speech.choice import Choice
    from studykit.ingest import Fetcher, FilmTracks
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
    "chat_model",
    "check_translation_engine",
    "cores",
    "diarizer",
    "encoder",
    "encoder_ahead",
    "engine_names",
    "fetcher",
    "film_tracks",
    "gpus",
    "gpus_to_share",
    "recogniser",
    "simplified",
    "speech_choice",
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


def encoder_ahead(name: str) -> None:
    """Unpack the files of an encoder that will be needed soon, in another thread, if it has such files."""
    if name == "usem":
        from studykit.engines.encoders import usem, usem_files

        usem_files.unpack_ahead(usem.VERSION)


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


def chat_model(name: str, options: TranslateOptions) -> ChatModel:
    """The language model called ``name``: ``openai:MODEL`` or ``transformers:MODEL_OR_FOLDER``.

    ``options`` name the service or the device. Nothing is sent or loaded yet. Raises ``ConfigError`` for
    another name or an invalid address.
    """
    kind, model = chosen("chat engine", name)
    return cast("ChatModel", kind.load()(model, options))


def check_translation_engine(name: str) -> None:
    """Raise ``ConfigError`` when ``translator`` would for this name, before anything is loaded."""
    if name != "captions":
        chosen("translation engine", name, besides=["captions"])


def recogniser(
    name: str,
    *,
    model: str,
    device: str,
    progress: Callable[[str], None] = lambda _: None,
    compute_type: str | None = None,
    batch_size: int | None = None,
) -> Recogniser:
    """The recogniser called ``name`` with a model (a name or folder) on a device of ``types.is_device``.

    ``auto`` for name or model is what suits the machine. Nothing is loaded yet; ``progress`` gets the
    state of a download. Raises ``ConfigError`` for an unknown engine, model or device, ``MissingExtraError``
    when its packages are not installed.
    """
    if not is_device(device):
        raise ConfigError("device", f"{device!r} is unknown; choose {one_of([*DEVICES, 'cuda:N'])}")
    if name != "auto":
        chosen("recogniser", name, besides=["auto"])
    choice = speech_choice(name, model, device) if "auto" in {name, model} else None
    kind, _ = chosen("recogniser", choice.engine if choice else name)
    made = kind.load()(
        choice.model if choice else model,
        device,
        progress,
        compute_type=compute_type,
        batch_size=batch_size,
        choice=str(choice or ""),
    )
    return cast("Recogniser", made)


def speech_choice(name: str, model: str, device: str) -> Choice:
    """The recogniser and model that suit this machine, and why."""
    from studykit.engines.machine import Machine, this_machine, threads
    from studykit.engines.speech.choice import choose, here

    machine = Machine(cores=threads()) if device == "cpu" else this_machine()
    return choose(name, model, device, machine, here())


def cores() -> int:
    """Number of cores that this process may use."""
    from studykit.engines.machine import cores as found

    return found()


def gpus(device: str = "auto") -> list[str]:
    """The GPUs that this process may use and ``device`` allows, as ``CUDA_VISIBLE_DEVICES`` names them."""
    from studykit.engines.machine import gpus as found

    named = cards_named(device)
    return [] if device == "cpu" else [gpu for i, gpu in enumerate(found()) if not named or i in named]


def gpus_to_share(device: str) -> list[str]:
    """As ``gpus``, if CUDA works and all those that ``device`` names are there; empty for fewer than two."""
    from studykit.engines.machine import this_machine

    found = gpus(device)
    if len(found) < max(2, len(cards_named(device))) or not this_machine().cards:
        return []
    return found


def diarizer(device: str, *, min_speakers: int | None = None, max_speakers: int | None = None) -> Diarizer:
    """The speaker diarizer; raises ``MissingError`` without pyannote or a token for its model."""
    kind, _ = chosen("speaker diarizer", "pyannote")
    return cast("Diarizer", kind.load()(device, min_speakers, max_speakers))


def tagger(name: str = "english") -> Tagger:
    """The English tagger and parser: ``english``, or ``spacy``, which runs the same weights by spaCy.

    Raises ``ConfigError`` for another name.
    """
    kind, _ = chosen("tagger", name)
    return cast("Tagger", kind.load()())


def fetcher(options: FetchOptions) -> Fetcher:
    """The downloader of talks behind links."""
    kind, _ = chosen("fetcher", "yt-dlp")
    return cast("Fetcher", kind.load()(options))


def simplified(text: str) -> str:
    """``text`` with traditional Chinese characters converted to simplified ones."""
    from studykit.engines.opencc import simplified as converted

    return converted(text)


def film_tracks(path: Path) -> FilmTracks:
    """The subtitle tracks inside a film; none without PyAV and the program ffmpeg."""
    from studykit.engines.programs.film import film_tracks as found

    return found(path)


def audio_file(path: Path) -> Audio:
    """The sound of a recording or film.

    Raises ``InputError`` for a file without sound, ``MissingExtraError`` without PyAV.
    """
    from studykit.engines.speech.audio import AudioFile

    return AudioFile(path)
