"""Our own English-Chinese dictionary of common words, by part of speech.

It holds what CC-CEDICT lacks (adverbs, takeaway, tweak) or puts in the wrong order for talks, and
outranks it. CC-CEDICT explains Chinese words, so it knows no parts of speech and no order of senses;
here the commonest sense in talks stands first. Files are ``lexicon/supplement/*.tsv``; how an entry is
written: docs/vocabulary-glosses.md.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from studykit.faces import late
from studykit.resources import data_dir

__all__ = [
    "SUPPLEMENT",
    "SupplementEntry",
    "supplement",
    "supplement_any",
    "supplement_entries",
    "supplement_parts",
    "supplement_words",
    "without_hints",
]

SUPPLEMENT = "studykit"
"""The source that glosses from here name."""

_BETWEEN = re.compile("[；;]")
_SPELLINGS = (
    (r"is(e[rs]?|ation|ational)$", r"iz\1"),
    (r"yse(r?)$", r"yze\1"),
    (r"(?<=[a-z]{2})our(?!n)", "or"),
    (r"tre$", "ter"),
    (r"ogue$", "og"),
    (r"ence$", "ense"),
    (r"ell(er|ing)$", r"el\1"),
    (r"gramme$", "gram"),
)
"""British endings and the American ones that entries are listed under."""
_HINT = late(r"[（(][^）)]{0,80}[）)]")


class SupplementEntry(Struct, frozen=True):
    """``senses``: Chinese, best first; ``note``: a remark in Chinese, or empty."""

    head: str
    pos: str
    senses: tuple[str, ...]
    note: str


def supplement(head: str, pos: str | None) -> tuple[str, ...]:
    """The Chinese of a lemma as that Universal POS, best first; empty when it is not listed.

    Without ``pos``, a word is found if it is listed as one part of speech alone: to choose among
    several would be a guess. ``supplement_any`` has all.
    """
    by_pos = _listed(head)
    if pos is None:
        return next(iter(by_pos.values())).senses if len(by_pos) == 1 else ()
    entry = by_pos.get(pos)
    return entry.senses if entry else ()


def supplement_parts(head: str) -> tuple[str, ...]:
    """The parts of speech that it lists a lemma as."""
    return tuple(_listed(head))


def supplement_any(head: str) -> tuple[str, ...]:
    """The Chinese of a lemma as any part of speech."""
    return tuple(sense for entry in _listed(head).values() for sense in entry.senses)


@cache
def supplement_entries() -> tuple[SupplementEntry, ...]:
    """All entries, file by file."""
    entries = []
    for path in sorted((data_dir("lexicon") / "supplement").glob("*.tsv")):
        _, *rows = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")  # without the columns
        for row in rows:
            head, pos, chinese, note = row.split("\t")
            senses = tuple(map(str.strip, _BETWEEN.split(chinese)))
            entries.append(SupplementEntry(head=head, pos=pos, senses=senses, note=note))
    return tuple(entries)


def without_hints(chinese: str) -> str:
    """Chinese without what stands in brackets: 接 of 接（人）."""
    return _HINT.sub("", chinese)


@cache
def supplement_words() -> frozenset[str]:
    """All senses as a translation may hold them, without hints and final 的 or 地; no single characters."""
    plain = {without_hints(sense) for entry in supplement_entries() for sense in entry.senses}
    stems = {text[:-1] for text in plain if text.endswith(("的", "地"))}
    return frozenset(text for text in plain | stems if len(text) > 1)


@cache
def _listed(head: str) -> dict[str, SupplementEntry]:
    """What is listed under a word, or under its American spelling: *organisation*, *colourful*."""
    head = head.lower()
    spelt = (head, *(re.sub(british, american, head) for british, american in _SPELLINGS))
    return next((_by_head()[word] for word in spelt if word in _by_head()), {})


@cache
def _by_head() -> dict[str, dict[str, SupplementEntry]]:
    found: dict[str, dict[str, SupplementEntry]] = {}
    for entry in supplement_entries():
        found.setdefault(entry.head.lower(), {})[entry.pos] = entry
    return found
