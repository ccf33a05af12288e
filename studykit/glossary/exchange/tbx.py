"""What studykit's glossaries and TBX-Basic have in common.

TBX is ISO 30042:2019; its dialect TBX-Basic, version 1.2, is published by LTAC Global at
github.com/LTAC-Global/TBX-Basic_dialect. Files are written in the style "data category as attribute"
(DCA), which keeps to one namespace and has no place for fields of our own: these stand in notes of
the concept, each beginning with its name. docs/glossary-format.md has the table.

ISO 30042:2008, which many tools still write and read, has the same data categories in elements of
other names, and no namespace.
"""

from __future__ import annotations

from msgspec import Struct, field

__all__ = [
    "ADMITTED",
    "DEPRECATED",
    "EXTRA",
    "MISHEARD",
    "PREFERRED",
    "TBX_2008",
    "TBX_2019",
    "Edition",
]


class Edition(Struct, frozen=True, kw_only=True):
    """The names of an edition's elements, and the attributes of its root."""

    root: str
    header: str
    concept: str
    language: str
    term: str
    chinese: str
    """The language tag of Chinese terms."""
    deprecates: bool
    """Whether mis-hearings are deprecated terms; else they stand in a note."""
    attributes: dict[str, str] = field(default_factory=dict)


TBX_2019 = Edition(
    root="tbx",
    header="tbxHeader",
    concept="conceptEntry",
    language="langSec",
    term="termSec",
    chinese="zh",
    deprecates=True,
    attributes={"style": "dca", "xmlns": "urn:iso:std:iso:30042:ed-2"},
)
TBX_2008 = Edition(
    root="martif",
    header="martifHeader",
    concept="termEntry",
    language="langSet",
    term="tig",
    chinese="zh-Hans",  # Weblate's own, which translate-toolkit does not find under "zh"
    deprecates=False,  # OmegaT offers every term of a concept as right, whatever its status
)

PREFERRED = "preferredTerm-admn-sts"
ADMITTED = "admittedTerm-admn-sts"
DEPRECATED = "deprecatedTerm-admn-sts"
EXTRA = "studykit "
"""Begins a note that holds a field of ours: ``studykit demo: kv_cache``."""
MISHEARD = "studykit misheard: "
"""Begins the note of a deprecated term that is a mis-hearing; its place among them follows, from 1."""
