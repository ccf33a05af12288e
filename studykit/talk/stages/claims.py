"""The key claims of a talk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studykit.align import Encoder
from studykit.annotate import Tagger, find_claims, gists, notable_claims
from studykit.annotate.claims.tested import Tested, with_demos
from studykit.talk.stages.sure import sure
from studykit.types import Alignment, Claim, Document, TermMatch

__all__ = ["best_claims", "claims_of_parts", "tested_claims"]


def claims_of_parts(
    lead: Document,
    other: Document | None,
    alignment: Alignment | None,
    terms: Sequence[TermMatch],
    encoder: Encoder,
    tagger: Tagger,
) -> tuple[Claim, ...]:
    """The claims that notes show, by part, in the order of the talk."""
    lead, other = sure(lead), sure(other)
    vectors = encoder.encode(gists(lead))
    return notable_claims(lead, vectors, terms=terms, tagger=tagger, other=other, alignment=alignment)


def best_claims(
    lead: Document,
    other: Document | None,
    alignment: Alignment | None,
    terms: Sequence[TermMatch],
    encoder: Encoder,
    tagger: Tagger,
    count: int,
) -> tuple[Claim, ...]:
    """The ``count`` best claims of the whole talk, best first."""
    lead, other = sure(lead), sure(other)
    vectors = encoder.encode(gists(lead))
    return find_claims(
        lead, vectors, count=count, terms=terms, tagger=tagger, other=other, alignment=alignment
    )


def tested_claims(
    claims: Sequence[Claim], language: str, spoken: Callable[[str], Sequence[Tested]], encoder: Encoder
) -> tuple[Claim, ...]:
    """The claims of a talk in ``language``, each with the demo that tests it, if there is one."""
    return with_demos(claims, language, spoken, encoder.encode) if claims else ()
