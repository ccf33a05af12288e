"""The expression list: what it holds, and where its entries stand in tagged sentences.

Where two entries share a word the one with more words counts; what stands in a gap stays free.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from studykit.annotate.vocabulary.marker_use import MarkerUse, load_marker_use
from studykit.annotate.vocabulary.patterns import Element, Pattern, parse, words_of
from studykit.types import CefrLevel, ItemKind, Span, Token

__all__ = ["Expression", "ExpressionMatch", "Expressions", "Register", "load_expressions", "visible"]

Register = Literal["spoken", "neutral", "formal", "academic"]
Place = Literal["start", "tag", "inserted", "alone", "opening", "closing"]

_Found = tuple[tuple[int, ...], "Expression"]
"""The tokens that an entry matched, and the entry."""

_REPLACED = {"|": "", "{sth}": "sth", "{sb}": "sb", "~": "…", "...": "…", "{one's}": "one's"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An entry of the list. ``pattern`` is written as in ``studykit.annotate.vocabulary.patterns``."""

    pattern: str
    head: str
    kind: ItemKind
    chinese: str
    note: str | None
    register: Register
    level: CefrLevel
    """By our own judgement."""
    inflected: bool
    where: Place | None
    """``start``: opens a sentence or follows a comma, with a comma after it if it is a lone word;
    ``tag``: after a comma, at the end of a clause; ``inserted``: between commas; ``alone``: between
    marks or edges of the sentence; ``opening``: after one that is no comma; ``closing``: before one.
    ``MarkerUse`` decides where it can judge."""
    not_after: frozenset[str]
    not_before: frozenset[str]
    """Words, lower case, or UPOS and Penn tags of what follows; ``only_before`` likewise."""
    only_before: frozenset[str]
    only_after: frozenset[str]
    only_as: str | None
    """UPOS or Penn tag that the last word must have."""
    last_dep: frozenset[str]
    """If any, how the last word must hang on the first: "have it checked", not "have you checked"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionMatch:
    """An entry in a sentence: code points from its first to its last word, and its own tokens."""

    expression: Expression
    span: Span
    tokens: tuple[int, ...]


class Expressions:
    """Finds entries in sentences. ``use`` decides whether what may be a marker is one."""

    def __init__(self, entries: Sequence[Expression], use: MarkerUse | None = None) -> None:
        self.entries = tuple(entries)
        self._use = use
        self._starting: dict[str, list[tuple[Expression, Pattern]]] = {}
        self._anywhere: list[tuple[Expression, Pattern]] = []
        for entry in entries:
            pattern = parse(entry.pattern, inflected=entry.inflected, verb_first=entry.kind == "phrasal_verb")
            first: Element = pattern.elements[0]
            for word in first.words:
                self._starting.setdefault(word, []).append((entry, pattern))
            if not first.words:
                self._anywhere.append((entry, pattern))

    def _fits(
        self, entry: Expression, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int
    ) -> bool:
        if self._use and entry.pattern.lower() in self._use.forms and entry.kind == "expression":
            return self._use.accepts(entry.pattern.lower(), tokens, start, end)
        return _placed(entry, tokens, start, end) and _governed(entry, tokens, indices, start, end)

    def find(self, tokens: Sequence[Token]) -> list[ExpressionMatch]:
        """The entries in a tagged sentence, in order, none sharing a word."""
        indices = visible(tokens)
        seen = [tokens[i] for i in indices]
        found: list[_Found] = []
        for start, token in enumerate(seen):
            candidates = {
                id(entry): (entry, pattern)
                for word in words_of(token, inflected=True)
                for entry, pattern in self._starting.get(word, ())
            }
            for entry, pattern in (*candidates.values(), *self._anywhere):
                matched = pattern.match(seen, indices, start)
                if matched and self._fits(entry, seen, indices, start, matched[-1] + 1):
                    found.append((matched, entry))
        return [
            ExpressionMatch(
                expression=entry,
                span=Span(start=_first_word(seen, matched).start, end=seen[matched[-1]].end),
                tokens=tuple(indices[i] for i in matched),
            )
            for matched, entry in _longest(found)
        ]


def visible(tokens: Sequence[Token]) -> list[int]:
    """The tokens that patterns see: neither white space nor the hyphens inside words."""
    return [i for i, t in enumerate(tokens) if t.upos != "SPACE" and t.text not in {"-", "‐"}]


def _longest(found: list[_Found]) -> list[_Found]:
    taken: set[int] = set()
    kept = []
    for matched, entry in sorted(found, key=lambda match: (-len(match[0]), match[0])):
        if taken.isdisjoint(matched):
            taken.update(matched)
            kept.append((matched, entry))
    return sorted(kept, key=lambda match: match[0])


def _first_word(tokens: Sequence[Token], matched: Sequence[int]) -> Token:
    """The first that is a word of its own: of "it's willing to" only "willing to" is marked."""
    whole = (tokens[i] for i in matched if tokens[i].text[:1] not in {"'", "’"})
    return next(whole, tokens[matched[0]])


_MARKS = {"", ",", ".", "...", "…", "?", "!", ";", ":", "-", "–", "—", "--"}
"""What sets words off; "" is the edge of a sentence."""
_QUOTES = {'"', "“", "”"}
_OPENERS = {"and", "but", "so"}


def _placed(entry: Expression, tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether what stands around a match is what the entry asks for."""
    before = tokens[start - 1].text.lower() if start else ""
    after = tokens[end].text.lower() if end < len(tokens) else ""
    set_off = before in _MARKS | _QUOTES
    closes = after in _MARKS | _QUOTES
    placed = {
        None: True,
        "start": (set_off or before in _OPENERS) and (closes or end - start > 1),
        "tag": before in _MARKS - {""} and after in _MARKS | _QUOTES,
        "inserted": before == "," and after == ",",
        "alone": (set_off or before in _OPENERS) and closes,
        "opening": before in _MARKS - {","} or before in _QUOTES,
        "closing": closes,
    }[entry.where]
    last = tokens[end - 1]
    following = {after, tokens[end].upos, tokens[end].tag} if end < len(tokens) else {after}
    return (
        placed
        and before not in entry.not_after
        and entry.not_before.isdisjoint(following)
        and (not entry.only_before or not entry.only_before.isdisjoint(following))
        and (not entry.only_after or before in entry.only_after)
        and (entry.only_as is None or entry.only_as in {last.upos, last.tag})
    )


def _governed(
    entry: Expression, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int
) -> bool:
    """Whether the last word hangs on the first as the entry asks, and the first is a verb of its own."""
    last = tokens[end - 1]
    return not entry.last_dep or (
        tokens[start].upos == "VERB" and last.dep in entry.last_dep and last.head == indices[start]
    )


@cache
def load_expressions(folder: Path) -> Expressions:
    """The entries of all ``*.toml`` in ``folder``; raises ``ValueError`` naming what is wrong."""
    entries = [entry for path in sorted(folder.glob("*.toml")) for entry in _read(path)]
    return Expressions(entries, load_marker_use())


def _read(path: Path) -> Iterator[Expression]:
    for section in tomllib.loads(path.read_text(encoding="utf-8"))["section"]:
        for pattern, stated in section["entries"].items():
            try:
                yield _expression(pattern, {**section, **stated})
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path}: {pattern!r}: {error}") from error


def _expression(pattern: str, fields: dict[str, Any]) -> Expression:
    for name, allowed in (("kind", ItemKind), ("register", Register), ("level", CefrLevel)):
        if fields[name] not in get_args(allowed):
            raise ValueError(f"{name} {fields[name]!r} is not one of {', '.join(get_args(allowed))}")
    return Expression(
        pattern=pattern,
        head=fields.get("head") or _head(pattern),
        kind=cast(ItemKind, fields["kind"]),
        chinese=fields["zh"],
        note=fields.get("note"),
        register=cast(Register, fields["register"]),
        level=cast(CefrLevel, fields["level"]),
        inflected=fields.get("inflected", True),
        where=fields.get("where"),
        not_after=frozenset(fields.get("not_after", ())),
        not_before=frozenset(fields.get("not_before", ())),
        only_before=frozenset(fields.get("only_before", ())),
        only_after=frozenset(fields.get("only_after", ())),
        only_as=fields.get("only_as"),
        last_dep=frozenset(fields.get("last_dep", ())),
    )


def _head(pattern: str) -> str:
    """The pattern as a learner reads it: slots named, alternatives cut to the first."""
    words = [_REPLACED.get(word, word.strip("{}")) for word in pattern.split() if not word.startswith("(")]
    return " ".join(word.split("/")[0] for word in words if word)
