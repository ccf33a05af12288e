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

from studykit.annotate.vocabulary.patterns import Element, Pattern, parse, words_of
from studykit.types import CefrLevel, ItemKind, Span, Token

__all__ = ["Expression", "ExpressionMatch", "Expressions", "Register", "load_expressions", "visible"]

Register = Literal["spoken", "neutral", "formal", "academic"]
Place = Literal["start", "tag", "inserted"]

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
    ``tag``: after a comma, at the end of a clause; ``inserted``: between commas."""
    not_after: frozenset[str]
    not_before: frozenset[str]
    only_before: frozenset[str]
    only_as: str | None
    """UPOS or Penn tag that the last word must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionMatch:
    """An entry in a sentence: code points from its first to its last word, and its own tokens."""

    expression: Expression
    span: Span
    tokens: tuple[int, ...]


class Expressions:
    """Finds entries in sentences."""

    def __init__(self, entries: Sequence[Expression]) -> None:
        self.entries = tuple(entries)
        self._starting: dict[str, list[tuple[Expression, Pattern]]] = {}
        self._anywhere: list[tuple[Expression, Pattern]] = []
        for entry in entries:
            pattern = parse(entry.pattern, inflected=entry.inflected, verb_first=entry.kind == "phrasal_verb")
            first: Element = pattern.elements[0]
            for word in first.words:
                self._starting.setdefault(word, []).append((entry, pattern))
            if not first.words:
                self._anywhere.append((entry, pattern))

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
                if matched and _fits(entry, seen, start, matched[-1] + 1):
                    found.append((matched, entry))
        return [
            ExpressionMatch(
                expression=entry,
                span=Span(start=seen[matched[0]].start, end=seen[matched[-1]].end),
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


def _fits(entry: Expression, tokens: Sequence[Token], start: int, end: int) -> bool:
    before = tokens[start - 1].text.lower() if start else ""
    after = tokens[end].text.lower() if end < len(tokens) else ""
    opens = before in {"", ",", ".", "?", "!", ";", "—", "and", "but", "so"}
    closes = after in {"", ",", ".", "?", "!", ";", "—"}
    placed = {
        None: True,
        "start": opens and (closes or end - start > 1),
        "tag": before in {",", ";"} and after in {"", ".", "?", "!", ","},
        "inserted": before == "," and after == ",",
    }[entry.where]
    last = tokens[end - 1]
    return (
        placed
        and before not in entry.not_after
        and after not in entry.not_before
        and (not entry.only_before or after in entry.only_before)
        and (entry.only_as is None or entry.only_as in {last.upos, last.tag})
    )


@cache
def load_expressions(folder: Path) -> Expressions:
    """The entries of all ``*.toml`` in ``folder``; raises ``ValueError`` naming what is wrong."""
    return Expressions([entry for path in sorted(folder.glob("*.toml")) for entry in _read(path)])


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
        only_as=fields.get("only_as"),
    )


def _head(pattern: str) -> str:
    """The pattern as a learner reads it: slots named, alternatives cut to the first."""
    words = [_REPLACED.get(word, word.strip("{}")) for word in pattern.split() if not word.startswith("(")]
    return " ".join(word.split("/")[0] for word in words if word)
