"""Does the Chinese say what the English says?

What two texts are to each other is told without loading what compares them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.faces import lazy

if TYPE_CHECKING:
    from studykit.check.compare import check
    from studykit.check.relation import Relation, relation_of, require_same_talk, summarised
    from studykit.check.slips import given_pairs, slipped

__all__ = [
    "Relation",
    "check",
    "given_pairs",
    "relation_of",
    "require_same_talk",
    "slipped",
    "summarised",
]

__getattr__ = lazy(
    __name__,
    {
        "studykit.check.compare": ("check",),
        "studykit.check.relation": ("Relation", "relation_of", "require_same_talk", "summarised"),
        "studykit.check.slips": ("given_pairs", "slipped"),
    },
)
