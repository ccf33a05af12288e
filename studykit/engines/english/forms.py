"""Parts of speech and lemmas from tags, labels and lists: rules with exceptions, in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from msgspec import Struct

from studykit.engines.english.data import unpack_words

__all__ = ["Forms", "Seen", "Word"]


class Seen(NamedTuple):
    """What tagger and parser say of a word, which is all that rules look at."""

    lower: str
    tag: str
    dep: str
    is_space: bool


class Word(NamedTuple):
    """What the rules make of it; ``morph``: features such as ``Number=Sing``, "|" between them."""

    tag: str
    dep: str
    pos: str = ""
    morph: str = ""
    lemma: str = ""


class _Matched(NamedTuple):
    """Rules that a word fits by itself, and rules of two words whose first or second it may be."""

    alone: tuple[int, ...]
    first: frozenset[int]
    second: frozenset[int]
    word: Word
    """What the rules of one word make of it."""


class _Rule(Struct, frozen=True):
    places: tuple[Mapping[str, Any], ...]
    index: int
    sets: dict[str, str]


class Forms:
    """Rules over all words of a text, later ones first; then lemmas. ``tables``: ``ruler`` and ``lemmas``."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._rules = [
            _Rule(
                tuple(pattern), rule["index"], {name.lower(): value for name, value in rule["attrs"].items()}
            )
            for rule in tables["ruler"]
            for pattern in rule["patterns"]
        ]
        self._by_value = self._indexed()
        self._matched: dict[Seen, _Matched] = {}
        self._lemmas = _Lemmas(tables["lemmas"])

    def _indexed(self) -> dict[tuple[str, str] | None, list[tuple[int, int]]]:
        """Rules and their places by a word or a tag that must stand there; under None where neither need."""
        found: dict[tuple[str, str] | None, list[tuple[int, int]]] = {}
        for number, rule in enumerate(self._rules):
            for place, asked in enumerate(rule.places):
                keys: list[tuple[str, str] | None] = [None]
                for name in ("TAG", "LOWER"):
                    values = asked.get(name, {})
                    listed = [values] if isinstance(values, str) else values.get("IN")
                    keys = [(name.lower(), value) for value in listed] if listed else keys
                for key in keys:
                    found.setdefault(key, []).append((number, place))
        return found

    def of(self, texts: Sequence[str], seen: Sequence[Seen]) -> list[Word]:
        """The words of one text with all their forms."""
        found = [self._match(word) for word in seen]
        made = [match.word for match in found]
        more: dict[int, list[int]] = {}
        for i, (a, b) in enumerate(pairwise(found)):
            for rule in a.first & b.second:
                more.setdefault(i + self._rules[rule].index, []).append(rule)
        for i, rules in more.items():
            made[i] = self._made(seen[i], sorted([*found[i].alone, *rules]))
        return [
            word if word.lemma else word._replace(lemma=self._lemmas.of(text, word.pos, word.morph))
            for text, word in zip(texts, made, strict=True)
        ]

    def _match(self, word: Seen) -> _Matched:
        found = self._matched.get(word)
        if found is None:
            may = (
                self._by_value.get(value, ()) for value in (("lower", word.lower), ("tag", word.tag), None)
            )
            fits = sorted(
                (number, place, len(self._rules[number].places))
                for number, place in chain.from_iterable(may)
                if all(
                    _fits(asks, getattr(word, name.lower()))
                    for name, asks in self._rules[number].places[place].items()
                )
            )
            alone = tuple(number for number, _, length in fits if length == 1)
            found = self._matched[word] = _Matched(
                alone=alone,
                first=frozenset(number for number, place, length in fits if length == 2 and place == 0),
                second=frozenset(number for number, place, length in fits if length == 2 and place == 1),
                word=self._made(word, alone),
            )
        return found

    def _made(self, seen: Seen, rules: Sequence[int]) -> Word:
        word = Word(tag=seen.tag, dep=seen.dep)
        for rule in rules:
            word = word._replace(**self._rules[rule].sets)
        return word._replace(morph=word.morph.strip("_"))


def _fits(asked: Any, value: Any) -> bool:
    if not isinstance(asked, dict):
        return bool(asked == value)
    ((operator, operand),) = asked.items()
    return _OPERATORS[operator](operand, value)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "IN": lambda operand, value: value in operand,
    "NOT_IN": lambda operand, value: value not in operand,
    "REGEX": lambda operand, value: re.search(operand, value) is not None,
}


class _Lemmas:
    """Base forms as they are, exceptions by list, else endings replaced until a listed word is found."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._endings: dict[str, list[list[str]]] = tables["endings"]
        self._exceptions: dict[str, dict[str, list[str]]] = tables["exceptions"]
        self._packed: dict[str, str] = tables["known"]
        self._known: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[str, str, str], str] = {}

    def of(self, text: str, pos: str, morph: str) -> str:
        key = text, pos, morph
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._lemma(text, pos.lower(), _features(morph))
        return found

    def _lemma(self, text: str, pos: str, features: Mapping[str, str]) -> str:
        lower = text.lower()
        if pos in {"", "space"} or _is_base(pos, features):
            return lower
        endings, exceptions = self._endings.get(pos, []), self._exceptions.get(pos, {})
        if not endings and not exceptions and not self._packed.get(pos):
            return text if pos == "propn" else lower
        listed: list[str] = []
        unlisted: list[str] = []
        for old, new in endings:
            form = lower.removesuffix(old) + new
            if not lower.endswith(old) or not form:
                continue
            if form in self._words(pos):
                listed.insert(0, form)
            elif not form.isalpha():
                listed.append(form)
            else:
                unlisted.append(form)
        forms = list(dict.fromkeys(listed))
        for form in exceptions.get(lower, ()):
            if form not in forms:
                forms.insert(0, form)
        return (forms or unlisted or [text])[0]

    def _words(self, pos: str) -> frozenset[str]:
        if pos not in self._known:
            self._known[pos] = unpack_words(self._packed.get(pos, ""))
        return self._known[pos]


def _features(morph: str) -> dict[str, str]:
    return dict(feature.split("=", 1) for feature in morph.split("|") if feature)


def _is_base(pos: str, features: Mapping[str, str]) -> bool:
    form = features.get("VerbForm")
    present = form == "Fin" and features.get("Tense") == "Pres" and "Number" not in features
    return (
        (pos == "noun" and features.get("Number") == "Sing")
        or (pos == "verb" and present)
        or form in {"Inf", "None"}
        or features.get("Degree") == "Pos"
    )
