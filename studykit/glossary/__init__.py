"""The glossary: read it, check it, look terms up, find them in text.

``load`` reads TOML files (docs/glossary-format.md) into a ``Glossary`` of ``Entry``;
``studykit.glossary.match`` finds the entries' forms in a text, ``studykit.glossary.search`` finds entries
by what a person types. ``incoming``, ``merge`` and ``revise`` take terms in from CSV, TBX and TOML.
"""

from __future__ import annotations

from studykit.glossary.entry import CATEGORIES, VERDICTS, Entry, Glossary, SpokenClaim
from studykit.glossary.load import load, load_glossary, replacements, unfinished, validate
from studykit.glossary.match import Match, Matcher, Says
from studykit.glossary.search import Found, Searcher, near, search

__all__ = [
    "CATEGORIES",
    "VERDICTS",
    "Entry",
    "Found",
    "Glossary",
    "Match",
    "Matcher",
    "Says",
    "Searcher",
    "SpokenClaim",
    "load",
    "load_glossary",
    "near",
    "replacements",
    "search",
    "unfinished",
    "validate",
]
