"""What stands in a talk: terms, and later vocabulary, expressions and claims."""

from studykit.annotate.terms import find_terms

__all__ = ["find_terms"]
