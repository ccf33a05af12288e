"""What a learner should study in a talk."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path

from studykit.align import Encoder
from studykit.annotate import Tagger, find_vocabulary
from studykit.glossary import Glossary
from studykit.lexicon.dictionary import load_ecdict
from studykit.options import VocabularyOptions
from studykit.talk.stages.sure import sure
from studykit.types import Alignment, Document, StudyItem, TermMatch

__all__ = ["study_items"]

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
    texts = {doc.language: sure(doc) for doc in (lead, other) if doc}
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
