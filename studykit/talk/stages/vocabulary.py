"""What a learner should study in a talk."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import Any

from studykit.align import Encoder
from studykit.annotate import StudyItem, Tagger, find_vocabulary
from studykit.glossary import Glossary
from studykit.lexicon.dictionary import load_ecdict
from studykit.options import VocabularyOptions
from studykit.talk.cache import Keyed, keyed
from studykit.types import Alignment, Document, TermMatch, VocabularyItem

__all__ = ["ecdict", "printed", "study_items"]

_ECDICT = "ECDICT"


def study_items(
    lead: Document,
    other: Document | None,
    alignment: Alignment | None,
    terms: Sequence[TermMatch],
    glossary: Glossary,
    tagger: Tagger,
    encoder: Encoder,
    known: AbstractSet[str],
    user_dictionary: Path | None,
    options: VocabularyOptions,
) -> tuple[StudyItem, ...]:
    """Everything worth studying in a talk's English, best first; empty if it has no English."""
    texts = {doc.language: doc for doc in (lead, other) if doc}
    if "en" not in texts:
        return ()
    return find_vocabulary(
        texts["en"],
        texts.get("zh"),
        alignment,
        terms=terms,
        glossary=glossary,
        tagger=tagger,
        embedder=encoder,
        known=known,
        extra=(_ECDICT, partial(load_ecdict, user_dictionary)) if user_dictionary else None,
        options=options,
    )


def printed(items: Sequence[StudyItem]) -> tuple[VocabularyItem, ...]:
    """The items that notes print: no glossary terms, none without Chinese, a few per paragraph."""
    return tuple(
        study.item for study in items if study.item.glosses and not study.in_glossary and not study.crowded
    )


def ecdict(path: Path | None) -> Keyed[Path | None]:
    """The user's dictionary as an argument of a stage, keyed by its size and time of change."""
    if path is None or not path.is_file():
        return _keyed(path, [str(path) if path else None])
    stat = path.stat()
    return _keyed(path, [str(path), stat.st_size, stat.st_mtime_ns])


def _keyed(path: Path | None, by: list[Any]) -> Keyed[Path | None]:
    made: Keyed[Path | None] = keyed(path, by)
    return made
