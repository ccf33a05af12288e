"""Where no sentence of English ends: after an article, and after a clause that only leads up to one.

"If we want to save it as CSV | we use this function": a boundary network that sees a few words either side
takes such a seam for an end four times out of five. The form tells: a subordinator opens, one subject at
most follows, and the next words open with a subject again (Quirk et al. 1985, *A Comprehensive Grammar of
the English Language*, ch. 14).
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["after_leading_clauses", "wants_noun"]

_LONGEST = 20
"""Words of a leading clause; in a longer one the main clause is likelier there and not seen."""

_BEFORE_NOUNS = frozenset("a an the my your our their its every".split())
_LEAD_IN = frozenset("um uh so and but okay well now yeah right like then or also".split())
_SUBORDINATORS = frozenset(
    "if when once since although unless whenever while as after before until to".split()
)
_PRONOUNS = "i you we they he she it there this that these those who what".split()
_SUBJECTS = frozenset(_PRONOUNS) | {
    f"{word}'{verb}" for word in _PRONOUNS for verb in ("s", "re", "m", "ve", "ll", "d")
}
_OPENINGS = _SUBJECTS | frozenset(
    "the a an my your our his her their its let's how why can do does is are".split()
)
_JOINED = frozenset({("as", "well"), ("as", "far")})


def wants_noun(word: str) -> bool:
    """Whether the word is an article or the like, after which speech may pause but no sentence ends."""
    return _bare(word) in _BEFORE_NOUNS


def after_leading_clauses(words: Sequence[str], scores: Sequence[float]) -> set[int]:
    """The words before which a sentence would end that is a leading clause and nothing more.

    ``scores`` above 0 are where sentences start for all that is known; of these, the first after the
    clause is meant.
    """
    bare = [_bare(word) for word in words]
    found: set[int] = set()
    for start in range(len(words)):
        if start and scores[start] <= 0:
            continue
        at = start
        while at < len(bare) - 1 and bare[at] in _LEAD_IN:
            at += 1
        if bare[at] not in _SUBORDINATORS or tuple(bare[at : at + 2]) in _JOINED:
            continue
        subjects = 0
        for end in range(at + 1, min(at + _LONGEST, len(bare) - 1) + 1):
            if scores[end] > 0:
                if bare[end] in _OPENINGS:
                    found.add(end)
                break
            subjects += bare[end] in _SUBJECTS
            if subjects > 1:
                break
    return found


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").strip('.,;:"“”()[]')
