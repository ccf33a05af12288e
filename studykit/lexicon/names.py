"""Names that CC-CEDICT has, by their English and by their Chinese.

Names are definitions that begin with capitals. Other words are here by their English too: a name may be one.
"""

from __future__ import annotations

import re

from studykit.lexicon.sources import cedict_file, cedict_lines
from studykit.tables.compiled import Compiled

__all__ = ["TABLE", "chinese_forms", "english_forms", "is_chinese_name", "is_proper"]

_NAME = re.compile(r"[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")
_ASIDE = re.compile(r"^\s*\([^)]*\)\s*")
_END_OF_NAME = re.compile(r"$|,| \(")
_NO_NAME = re.compile(r"surname|month|abbr\.|day of|language|festival")
_SENSES = re.compile("[/;]")
_ORDINARY = re.compile(r"(?!abbr|see |variant|also |same |used |transliteration|CL:)[a-z]")
"""How a definition begins that is no name's: 现代 is Hyundai, but "modern" first."""
_ENGLISH, _PROPER, _CHINESE = "e", "p", "c"
"""What keys begin with: an English word, an English name, a Chinese name."""


def chinese_forms(english: str) -> list[str]:
    """Simplified and traditional words of two characters and more for an English word or name."""
    stored = TABLE.table.get(_ENGLISH + english.lower())
    return stored.decode().split(" ") if stored else []


def is_proper(english: str) -> bool:
    """Whether it is a name: a person, a place, a firm."""
    return _PROPER + english.lower() in TABLE.table


def is_chinese_name(chinese: str) -> bool:
    """Whether it is a name in Chinese characters, and no other word."""
    return _CHINESE + chinese in TABLE.table


def english_forms(chinese: str) -> frozenset[str]:
    """The English of a Chinese name, in lower case."""
    stored = TABLE.table.get(_CHINESE + chinese)
    return frozenset(stored.decode().split("/")) if stored else frozenset()


def _entries() -> dict[str, bytes]:
    english: dict[str, set[str]] = {}
    proper: set[str] = set()
    chinese: dict[str, set[str]] = {}
    ordinary: set[str] = set()
    for line in cedict_lines():
        head, _, definitions = line.strip().rstrip("/").partition("/")
        traditional, simplified = head.partition("[")[0].split()
        if len(simplified) < 2:
            continue
        both = {simplified, traditional}
        for definition in _SENSES.split(definitions):
            match = _NAME.match(definition)
            ordinary.update(both if _ORDINARY.match(_ASIDE.sub("", definition)) else ())
            plain = definition.split(" (")[0]
            for form in {match[0], match[0].split()[0]} if match else {plain} - {""}:
                english.setdefault(form.lower(), set()).update(both)
            if match and _END_OF_NAME.match(definition, match.end()):
                proper.add(match[0].lower())
                for name in both if not _NO_NAME.search(definition) else ():
                    chinese.setdefault(name, set()).add(match[0].lower())
    return {
        **{_ENGLISH + name: " ".join(sorted(forms)).encode() for name, forms in english.items()},
        **{_PROPER + name: b"" for name in sorted(proper)},
        **{
            _CHINESE + name: "/".join(sorted(words)).encode()
            for name, words in chinese.items()
            if name not in ordinary
        },
    }


TABLE = Compiled("names", _entries, lambda: [cedict_file()], ("lexicon/names", "lexicon/sources"))
