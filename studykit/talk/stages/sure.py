"""The part of a text that a recogniser was sure of: what terms, study items, claims and titles come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from studykit.types import Document, Sentence

__all__ = ["sure", "sure_sentences"]

_NOTHING = "…"
D = TypeVar("D", Document, Document | None)


def sure(doc: D) -> D:
    """The document with nothing in place of each doubtful sentence; sentences keep their numbers."""
    if doc is None or not any(sent.doubtful for sent in doc.sentences):
        return doc
    return replace(doc, sentences=sure_sentences(doc.sentences))


def sure_sentences(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Sentences, with nothing in place of each doubtful one."""
    return tuple(replace(sent, text=_NOTHING, raw=_NOTHING) if sent.doubtful else sent for sent in sentences)
