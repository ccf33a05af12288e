"""What stands in a talk: terms, and what a learner should study of its language."""

from studykit.annotate.ranking import known_key
from studykit.annotate.tagger import Embedder, Tagger
from studykit.annotate.terms import find_terms
from studykit.annotate.vocabulary import StudyItem, VocabularyOptions, find_vocabulary, lexicon_digest

__all__ = [
    "Embedder",
    "StudyItem",
    "Tagger",
    "VocabularyOptions",
    "find_terms",
    "find_vocabulary",
    "known_key",
    "lexicon_digest",
]
