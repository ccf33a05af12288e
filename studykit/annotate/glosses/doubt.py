"""What a link must have to be printed, and what our own dictionary says where a link is weak."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.annotate.glosses.affinity import Own, plain_senses
from studykit.annotate.glosses.aligner import Link
from studykit.annotate.glosses.guess import means_one_thing
from studykit.annotate.tagger import Embedder
from studykit.annotate.vocabulary.candidate import Found
from studykit.lexicon.supplement import SUPPLEMENT, without_hints
from studykit.types import Gloss

__all__ = ["OWN", "is_unsure", "is_weak", "own_gloss", "own_words"]

OWN = SUPPLEMENT

_SURE = 1.0
"""Below this score Chinese that no dictionary has for an item is a guess (docs/quality.md), and what
only CC-CEDICT has for it is doubted."""
_IN_PART = 0.5
"""A definition that has the item among other words, or a word of its family, is no entry for it."""
_NEAR, _BEHIND, _SAME = 0.5, 0.3, 0.8
"""Least cosine of a sense and of what the translation says for the sense to be meant; what others may lack
to the nearest; and from where on it says the same."""
_SENSES_SHOWN = 2


def is_unsure(link: Link) -> bool:
    """Whether too little speaks for a link to print it without a mark."""
    return link.listed <= _IN_PART and link.score < _SURE


def is_weak(item: Found, link: Link, own: Own) -> bool:
    """Whether what our dictionary has for a word is right more often than a link.

    So it is with a single character that is in none of its senses (粘 says as much as 粘合), with a weak
    link that no dictionary quite has or that is like none of its senses (退步 for backwards), and with
    one that is a part of a sense (要求 of 要求高的 for demanding).
    """
    senses = plain_senses(own.senses(item.lemma.lower(), item.upos))
    if len(link.text) == 1 and not any(link.text in sense for sense in senses):
        return True
    strange = bool(senses) and set(link.text).isdisjoint("".join(senses))
    part = link.text not in senses and any(link.text in sense for sense in senses)
    return is_unsure(link) or (link.score < _SURE and strange) or (link.listed <= _IN_PART and part)


def own_gloss(item: Found, link: Link, own: Own, embedder: Embedder) -> Gloss | None:
    """Of our senses of an item those that are nearest to what the translation says; without a mark where
    they say the same. None where it has several meanings and the translation says yet another."""
    senses = [plain for sense in own.senses(item.lemma.lower(), item.upos) if (plain := without_hints(sense))]
    if not senses:
        return None
    said, *rows = embedder.encode([link.text, *senses])
    near = {sense: float(row @ said) for sense, row in zip(senses, rows, strict=True)}
    best = max(near.values())
    if best >= _NEAR:
        least = _SAME if best >= _SAME else best - _BEHIND
        senses = [sense for sense in senses if near[sense] >= least]
    elif not means_one_thing([senses], embedder)[0]:
        return None
    return own_words(senses, guess=best < _SAME)


def own_words(senses: Sequence[str], *, guess: bool) -> Gloss:
    """The first of our dictionary's words."""
    source = f"{OWN}, a guess" if guess else OWN
    return Gloss(text="；".join(senses[:_SENSES_SHOWN]), language="zh", source=source, guess=guess)
