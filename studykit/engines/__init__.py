"""Engines: the only importers of heavy packages, inside functions, behind the stages' protocols.

To add one: a module here with a class that fulfils the protocol, and a line in the table.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from studykit.align.encoder import Encoder
from studykit.engines.spacy import SpacyTagger
from studykit.engines.ytdlp import YtDlpFetcher
from studykit.errors import ConfigError
from studykit.ingest import Fetcher, FetchOptions
from studykit.segment.boundaries import BoundaryModel

__all__ = ["BOUNDARY_MODELS", "ENCODERS", "boundary_model", "encoder", "fetcher", "tagger"]

ENCODERS: dict[str, tuple[str, str, str | None]] = {
    "usem": ("studykit.engines.usem", "UsemEncoder", None),
    "sentence-transformers": (
        "studykit.engines.sentence_transformers",
        "SentenceTransformersEncoder",
        "embed",
    ),
}
"""Name: module, class, the extra that its packages come with."""

BOUNDARY_MODELS: dict[str, tuple[str, str, str | None]] = {
    "fast": ("studykit.engines.boundary_net", "BoundaryNet", None),
    "rules": ("studykit.segment.word_rules", "WordRules", None),
}
"""The same for what finds sentences in English without marks."""


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


def tagger() -> SpacyTagger:
    """The English tagger and parser."""
    return SpacyTagger()


def fetcher(options: FetchOptions) -> Fetcher:
    """What gets talks from the web."""
    return YtDlpFetcher(options)


def boundary_model(name: str = "fast") -> BoundaryModel:
    """The model of that name: ``fast``, or ``rules`` which needs no tagger. Raises ``ConfigError``."""
    if name not in BOUNDARY_MODELS:
        raise ConfigError("boundaries", f"{name!r} is unknown; choose {' or '.join(BOUNDARY_MODELS)}")
    module, cls, _ = BOUNDARY_MODELS[name]
    return cast(BoundaryModel, getattr(import_module(module), cls)())
