"""What stands in a talk: terms, what a learner should study of its language, and key claims."""

from studykit.annotate.claims import ClaimOptions, find_claims, gists, notable_claims
from studykit.annotate.tagger import Embedder, Tagger
from studykit.annotate.terms import find_terms
from studykit.annotate.vocabulary import StudyItem, find_vocabulary, lexicon_digest

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
