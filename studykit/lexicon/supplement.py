"""Our own English-Chinese dictionary of common words, by part of speech.

It holds what CC-CEDICT lacks (adverbs, takeaway, tweak) or puts in the wrong order for talks, and
outranks it. CC-CEDICT explains Chinese words, so it knows no parts of speech and no order of senses;
here the commonest sense in talks stands first. Files are ``lexicon/supplement/*.tsv``; how an entry is
written: docs/vocabulary-glosses.md.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from studykit.faces import late
from studykit.resources import data_dir
from studykit.tables.compiled import Compiled

__all__ = [
    "SUPPLEMENT",
    "TABLE",
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
_ALL_WORDS, _BETWEEN_WORDS = "", "\n"
"""The key of all words in the table, and what stands between them."""
_HINT = late(r"[（(][^）)]{0,80}[）)]")


class SupplementEntry(Struct, frozen=True):
    """``senses``: Chinese, best first; ``note``: a remark in Chinese, or empty."""

    head: str
    pos: str
    senses: tuple[str, ...]
    note: str


_DECODER = msgspec.msgpack.Decoder(list[SupplementEntry])


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


def _files() -> list[Path]:
    return sorted((data_dir("lexicon") / "supplement").glob("*.tsv"))


def supplement_entries() -> tuple[SupplementEntry, ...]:
    """All entries, file by file, as the files have them."""
    entries = []
    for path in _files():
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
    return frozenset((TABLE.table.get(_ALL_WORDS) or b"").decode().split(_BETWEEN_WORDS))


@cache
def _listed(head: str) -> dict[str, SupplementEntry]:
    """What is listed under a word, or under its American spelling, by part of speech: *organisation*."""
    head = head.lower()
    spelt = (head, *(re.sub(british, american, head) for british, american in _SPELLINGS))
    stored = next((found for word in spelt if word and (found := TABLE.table.get(word))), None)
    return {entry.pos: entry for entry in _DECODER.decode(stored)} if stored else {}


def _stored() -> dict[str, bytes]:
    """Entries by head, and all words."""
    entries = supplement_entries()
    by_head: dict[str, dict[str, SupplementEntry]] = {}
    for entry in entries:
        by_head.setdefault(entry.head.lower(), {})[entry.pos] = entry
    plain = {without_hints(sense) for entry in entries for sense in entry.senses}
    stems = {text[:-1] for text in plain if text.endswith(("的", "地"))}
    words = sorted(text for text in plain | stems if len(text) > 1)
    found = {head: msgspec.msgpack.encode(list(listed.values())) for head, listed in by_head.items()}
    return found | {_ALL_WORDS: _BETWEEN_WORDS.join(words).encode()}


TABLE = Compiled("supplement", _stored, _files, ("lexicon/supplement",))
