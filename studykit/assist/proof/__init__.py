"""The proof: what a model wrote, held against what was said; what fails says by which test."""

from studykit.assist.proof.failure import UnprovenError
from studykit.assist.proof.headings import proven_heading, proven_title
from studykit.assist.proof.items import proven_item, proven_misreading, proven_note
from studykit.assist.proof.statements import proven_question, proven_statement
from studykit.assist.proof.summaries import proven_sentence

__all__ = [
    "UnprovenError",
    "proven_heading",
    "proven_item",
    "proven_misreading",
    "proven_note",
    "proven_question",
    "proven_sentence",
    "proven_statement",
    "proven_title",
]
