"""A text about paragraphs brings no number, name or term that they lack."""

from __future__ import annotations

from studykit.assist.proof.failure import UnprovenError
from studykit.assist.said import Judged

__all__ = ["require_nothing_new"]


def require_nothing_new(own: str, text: str, said: Judged) -> None:
    """Raise ``UnprovenError`` if ``own`` has a number, a name or a glossary term that ``text`` has not."""
    checker, language = said.judges.checker, said.language
    if checker.unsaid_numbers(own, text, language):
        raise UnprovenError("number")
    if checker.unsaid_names(own, text, language):
        raise UnprovenError("name")
    if checker.unsaid_terms(own, text, language):
        raise UnprovenError("term")
