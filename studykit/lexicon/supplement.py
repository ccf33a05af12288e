"""Our own English-Chinese dictionary of common words, by part of speech.

It holds what CC-CEDICT lacks (adverbs, takeaway, tweak) or puts in the wrong order for talks, and
outranks it. CC-CEDICT explains Chinese words, so it knows no parts of speech and no order of senses;
here the commonest sense in talks stands first. Files are ``lexicon/supplement/*.tsv``; how an entry is
written: docs/vocabulary-glosses.md.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from studykit.resources import data_dir

__all__ = ["SUPPLEMENT", "SupplementEntry", "supplement", "supplement_entries"]

SUPPLEMENT = "studykit"
"""The source that glosses from here name."""

_BETWEEN = re.compile("[；;]")


@dataclass(frozen=True, slots=True)
class SupplementEntry:
    """``senses``: Chinese, best first; ``note``: a remark in Chinese, or empty."""

    head: str
    pos: str
    senses: tuple[str, ...]
    note: str


def supplement(head: str, pos: str | None) -> tuple[str, ...]:
    """The Chinese of a lemma as that Universal POS, best first; empty when it is not listed.

    Without ``pos``, a word is found if it is listed as one part of speech alone: to choose among
    several would be a guess.
    """
    by_pos = _by_head().get(head.lower(), {})
    if pos is None:
        return next(iter(by_pos.values())).senses if len(by_pos) == 1 else ()
    entry = by_pos.get(pos)
    return entry.senses if entry else ()


@cache
def supplement_entries() -> tuple[SupplementEntry, ...]:
    """All entries, file by file."""
    entries = []
    for path in sorted((data_dir("lexicon") / "supplement").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                senses = tuple(sense.strip() for sense in _BETWEEN.split(row["chinese"]))
                entries.append(
                    SupplementEntry(head=row["head"], pos=row["pos"], senses=senses, note=row["note"] or "")
                )
    return tuple(entries)


@cache
def _by_head() -> dict[str, dict[str, SupplementEntry]]:
    found: dict[str, dict[str, SupplementEntry]] = {}
    for entry in supplement_entries():
        found.setdefault(entry.head.lower(), {})[entry.pos] = entry
    return found
