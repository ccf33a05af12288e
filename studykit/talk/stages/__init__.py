"""The stages of a talk, one per file: functions from values to a value, run through the cache.

Their results are mostly kept, so what makes them is loaded when the first is not.
"""

from __future__ import annotations

from studykit.faces import Late
from studykit.types import Alignment, Assistance, Claim, Finding, Notes, Slip, Source, StudyItem, TermMatch

__all__ = [
    "align",
    "best_claims",
    "check",
    "claims_of_parts",
    "compose",
    "prove",
    "slips_of",
    "study_items",
    "terms_of",
    "tested_claims",
    "with_headings",
]

align = Late("studykit.align", "align", Alignment)
check = Late("studykit.check.compare", "check", tuple[Finding, ...])
compose = Late("studykit.compose", "compose", Notes)
best_claims = Late("studykit.talk.stages.claims", "best_claims", tuple[Claim, ...])
claims_of_parts = Late("studykit.talk.stages.claims", "claims_of_parts", tuple[Claim, ...])
prove = Late("studykit.talk.proving", "prove", Assistance)
slips_of = Late("studykit.talk.stages.slips", "slips_of", tuple[Slip, ...])
study_items = Late("studykit.talk.stages.vocabulary", "study_items", tuple[StudyItem, ...])
tested_claims = Late("studykit.talk.stages.claims", "tested_claims", tuple[Claim, ...])
terms_of = Late("studykit.talk.stages.terms", "terms_of", tuple[TermMatch, ...])
with_headings = Late("studykit.talk.stages.headings", "with_headings", Source)
