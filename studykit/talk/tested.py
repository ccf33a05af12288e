"""Leads from a talk's claims to the mini-demos that test them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from studykit import engines
from studykit.demos.claims import FILE, SpokenClaim, spoken_claims
from studykit.fingerprint import digest_file
from studykit.talk import stages
from studykit.talk.cache import Cache, Keyed
from studykit.types import Claim

if TYPE_CHECKING:
    from studykit.align import Encoder

__all__ = ["Spoken", "spoken", "tested", "usual_encoder"]

Spoken = Callable[[str], Sequence[SpokenClaim]]
"""What people say that demos test, by language."""


def spoken() -> Keyed[Spoken]:
    """All of it, as an argument of a stage."""
    return Keyed(lambda: spoken_claims, digest_file(FILE))


def usual_encoder() -> Encoder:
    """The default encoder, whichever aligns the talk: what counts as near was measured with it."""
    return engines.encoder("usem")


def tested(claims: Sequence[Claim], language: str, cache: Cache) -> tuple[Claim, ...]:
    """The claims of a talk in ``language``, each with the demo that tests it, if there is one."""
    if not claims:  # a result that is the same for all talks would be kept for the first alone
        return ()
    return cache.run("demos", stages.tested_claims, claims, language, spoken(), usual_encoder()).value
