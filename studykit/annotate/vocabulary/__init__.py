"""What a learner should study of a talk's English: found, ranked, explained."""

from studykit.annotate.vocabulary.study import StudyItem, find_vocabulary, lexicon_digest

__all__ = ["StudyItem", "find_vocabulary", "lexicon_digest"]
