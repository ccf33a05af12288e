"""The glossary: read it, check it, look terms up, find them in text.

``load`` reads TOML files (docs/glossary-format.md) into a ``Glossary`` of ``Entry``;
``studykit.glossary.match`` finds the entries' forms in a text.
"""

from __future__ import annotations

from studykit.glossary.entry import CATEGORIES, VERDICTS, Entry, Glossary, SpokenClaim
from studykit.glossary.load import load, unfinished, validate
from studykit.glossary.match import Match, Matcher

__all__ = [
    "CATEGORIES",
    "VERDICTS",
    "Entry",
    "Glossary",
    "Match",
    "Matcher",
    "SpokenClaim",
    "load",
    "unfinished",
    "validate",
]
