"""What studykit's glossaries and TBX-Basic have in common.

TBX is ISO 30042:2019; its dialect TBX-Basic, version 1.2, is published by LTAC Global at
github.com/LTAC-Global/TBX-Basic_dialect. Files are written in the style "data category as attribute"
(DCA), which keeps to one namespace and has no place for fields of our own: these stand in notes of
the concept, each beginning with its name. docs/glossary-format.md has the table.
"""

from __future__ import annotations

__all__ = ["ADMITTED", "DEPRECATED", "EXTRA", "MISHEARD", "NAMESPACE", "PREFERRED"]

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
PREFERRED = "preferredTerm-admn-sts"
ADMITTED = "admittedTerm-admn-sts"
DEPRECATED = "deprecatedTerm-admn-sts"
EXTRA = "studykit "
"""Begins a note that holds a field of ours: ``studykit demo: kv_cache``."""
MISHEARD = "studykit misheard: "
"""Begins the note of a deprecated term that is a mis-hearing; its place among them follows, from 1."""
