"""What stands in a talk: terms, what a learner should study of its language, and key claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.faces import lazy

if TYPE_CHECKING:
    from studykit.annotate.claims.find import ClaimOptions, find_claims, gists, notable_claims
    from studykit.annotate.tagger import Embedder, Tagger
    from studykit.annotate.terms import find_terms
    from studykit.annotate.vocabulary.study import find_vocabulary, lexicon_digest
    from studykit.types import StudyItem

__all__ = [
    "ClaimOptions",
    "Embedder",
    "StudyItem",
    "Tagger",
    "find_claims",
    "find_terms",
    "find_vocabulary",
    "gists",
    "lexicon_digest",
    "notable_claims",
]

__getattr__ = lazy(
    __name__,
    {
        "studykit.annotate.claims.find": (
            "ClaimOptions",
            "find_claims",
            "gists",
            "notable_claims",
        ),
        "studykit.annotate.tagger": (
            "Embedder",
            "Tagger",
        ),
        "studykit.annotate.terms": ("find_terms",),
        "studykit.annotate.vocabulary.study": (
            "find_vocabulary",
            "lexicon_digest",
        ),
        "studykit.types": ("StudyItem",),
    },
)
