"""The expression list: what it holds, and where its entries stand in tagged sentences.

Where two entries share a word the one with more words counts; what stands in a gap stays free.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import msgspec
from msgspec import Struct

from studykit.annotate.vocabulary.listed.entry import Expression, Found, Register, Sense
from studykit.annotate.vocabulary.listed.marker_use import MarkerUse, load_marker_use
from studykit.annotate.vocabulary.listed.placing import cut_from_longer, governed, is_no_verb, longest, placed
from studykit.annotate.vocabulary.listed.senses import sense_here
from studykit.annotate.vocabulary.patterns import Pattern, parse
from studykit.resources import data_dir
from studykit.tables.compiled import Compiled
from studykit.types import CefrLevel, ItemKind, Span, Token

__all__ = [
    "TABLE",
    "Expression",
    "ExpressionMatch",
    "Expressions",
    "Register",
    "load_expressions",
    "shipped_expressions",
    "visible",
]

_Parsed = tuple[Expression, Pattern]
_Listed = tuple[Sequence[Iterable[str]], Any]
"""Words of each of which a sentence must have one, and what the entry is read from."""

_REPLACED = {"|": "", "{sth}": "sth", "{sb}": "sb", "~": "…", "...": "…", "{one's}": "one's"}


class ExpressionMatch(Struct, frozen=True, kw_only=True):
    """An entry in a sentence: code points from its first to its last word, and its own tokens."""

    expression: Expression
    span: Span
    tokens: tuple[int, ...]
    sense: str | None = None
    """The Chinese of the one meaning that the words around it show, if any."""


class Expressions:
    """Finds entries in sentences. ``use`` decides whether what may be a marker is one."""

    def __init__(self, entries: Sequence[Expression], use: MarkerUse | None = None) -> None:
        listed = _by_first_word(entries)
        self._beginning: Callable[[str], Sequence[_Listed]] = lambda word: listed.get(word, ())
        self._read: Callable[[Any], _Parsed] = lambda parsed: parsed
        self._use = use

    @classmethod
    def shipped(cls) -> Expressions:
        """The list that ships, read entry by entry as sentences ask for them."""
        table, listed = TABLE.table, msgspec.msgpack.Decoder(list[tuple[list[list[str]], bytes]])
        entry, made = msgspec.msgpack.Decoder(Expression), cls((), load_marker_use())
        made._beginning = cache(lambda word: listed.decode(stored) if (stored := table.get(word)) else ())
        made._read = cache(lambda stored: _parsed(entry.decode(stored)))
        return made

    def _possible(self, word: str, present: AbstractSet[str]) -> list[_Parsed]:
        """The entries that begin with a word and whose other words are ``present``."""
        return [
            self._read(stored)
            for needed, stored in self._beginning(word)
            if not any(map(present.isdisjoint, needed))
        ]

    def _fits(
        self, entry: Expression, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int
    ) -> bool:
        if self._use and entry.pattern.lower() in self._use.forms and entry.kind == "expression":
            return self._use.accepts(entry.pattern.lower(), tokens, indices, start, end)
        return (
            placed(entry, tokens, start, end)
            and governed(entry, tokens, indices, start, end)
            and not cut_from_longer(tokens, indices, start, end)
        )

    def find(self, tokens: Sequence[Token]) -> list[ExpressionMatch]:
        """The entries in a tagged sentence, in order, none sharing a word."""
        indices = visible(tokens)
        seen = [tokens[i] for i in indices]
        said = [(token.text.lower().replace("’", "'"), token.lemma.lower()) for token in seen]
        present = {word for words in said for word in words}
        possible = {word: self._possible(word, present) for word in (*present, "")}
        found: list[Found] = []
        for start, words in enumerate(said):
            candidates = {
                entry.pattern: (entry, pattern) for word in (*words, "") for entry, pattern in possible[word]
            }
            for entry, pattern in candidates.values():
                matched = pattern.match(seen, indices, start)
                if matched and entry.kind == "phrasal_verb" and is_no_verb(matched, indices, tokens):
                    continue
                if matched and self._fits(entry, seen, indices, start, matched[-1] + 1):
                    found.append((matched, entry))
        return [
            ExpressionMatch(
                expression=entry,
                span=Span(start=_first_word(seen, matched).start, end=seen[matched[-1]].end),
                tokens=tuple(indices[i] for i in matched),
                sense=sense_here(entry, seen, indices, matched),
            )
            for matched, entry in longest(found, seen)
        ]


def visible(tokens: Sequence[Token]) -> list[int]:
    """The tokens that patterns see: neither white space nor hyphens, unless they stand apart as a dash."""
    return [
        i
        for i, t in enumerate(tokens)
        if t.upos != "SPACE" and (t.text not in {"-", "‐"} or _stands_apart(tokens, i))
    ]


def _stands_apart(tokens: Sequence[Token], i: int) -> bool:
    """Whether white space stands on both sides: "it works - right"."""
    return (i == 0 or tokens[i - 1].end < tokens[i].start) and (
        i + 1 == len(tokens) or tokens[i].end < tokens[i + 1].start
    )


def _first_word(tokens: Sequence[Token], matched: Sequence[int]) -> Token:
    """The first that is a word of its own: of "it's willing to" only "willing to" is marked."""
    whole = (tokens[i] for i in matched if tokens[i].text[:1] not in {"'", "’"})
    return next(whole, tokens[matched[0]])


def _parsed(entry: Expression) -> _Parsed:
    return entry, parse(entry.pattern, inflected=entry.inflected, verb_first=entry.verb_first)


def _by_first_word(entries: Sequence[Expression]) -> dict[str, list[_Listed]]:
    """Entries under each word that they may begin with, or under "" where any of a kind may."""
    found: dict[str, list[_Listed]] = {}
    for parsed in map(_parsed, entries):
        for word in parsed[1].elements[0].words or ("",):
            found.setdefault(word, []).append((parsed[1].needed, parsed))
    return found


def load_expressions(folder: Path) -> tuple[Expression, ...]:
    """The entries of all ``*.toml`` in ``folder``; raises ``ValueError`` naming what is wrong."""
    return tuple(entry for path in sorted(folder.glob("*.toml")) for entry in _read(path))


@cache
def shipped_expressions() -> Expressions:
    """The list that ships."""
    return Expressions.shipped()


def _folder() -> Path:
    return data_dir("lexicon") / "expressions"


def _entries() -> Mapping[str, bytes]:
    by_word = _by_first_word(load_expressions(_folder()))
    encode = msgspec.msgpack.Encoder(order="deterministic").encode
    return {
        word: encode([(needed, encode(entry)) for needed, (entry, _) in listed])
        for word, listed in by_word.items()
    }


TABLE = Compiled(
    "expressions",
    _entries,
    lambda: sorted(_folder().glob("*.toml")),
    (
        "annotate/vocabulary/expressions",
        "annotate/vocabulary/listed/entry",
        "annotate/vocabulary/patterns",
    ),
)
"""The list that ships, by first words."""


def _read(path: Path) -> Iterator[Expression]:
    for section in tomllib.loads(path.read_text(encoding="utf-8"))["section"]:
        for pattern, stated in section["entries"].items():
            try:
                yield _expression(pattern, {**section, **stated}, path.stem)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path}: {pattern!r}: {error}") from error


def _expression(pattern: str, fields: dict[str, Any], listed_in: str) -> Expression:
    for name, allowed in (("kind", ItemKind), ("register", Register), ("level", CefrLevel)):
        if fields[name] not in get_args(allowed):
            raise ValueError(f"{name} {fields[name]!r} is not one of {', '.join(get_args(allowed))}")
    has_object = pattern.split()[1:2] in (["{sth}"], ["{sb}"])
    return Expression(
        pattern=pattern,
        head=fields.get("head") or _head(pattern),
        kind=cast(ItemKind, fields["kind"]),
        listed_in=listed_in,
        chinese=fields["zh"],
        literal=fields.get("literal"),
        also=fields.get("also"),
        unmistakable=fields.get("unmistakable", False),
        note=fields.get("note"),
        register=cast(Register, fields["register"]),
        level=cast(CefrLevel, fields["level"]),
        inflected=fields.get("inflected", True),
        verb_first=fields.get("verb_first", fields["kind"] == "phrasal_verb" or has_object),
        where=fields.get("where"),
        not_after=frozenset(fields.get("not_after", ())),
        not_before=frozenset(fields.get("not_before", ())),
        only_before=frozenset(fields.get("only_before", ())),
        only_after=frozenset(fields.get("only_after", ())),
        only_as=fields.get("only_as"),
        last_dep=frozenset(fields.get("last_dep", ())),
        senses=tuple(_sense(stated) for stated in fields.get("senses", ())),
    )


def _sense(fields: dict[str, Any]) -> Sense:
    shown = {name: frozenset(fields.get(name, ())) for name in ("object", "subject", "before")}
    if set(fields) - {"zh", *shown} or not any(shown.values()):
        raise ValueError(f"a sense has zh and some of {', '.join(shown)}, not {', '.join(fields)}")
    return Sense(chinese=fields["zh"], **shown)


def _head(pattern: str) -> str:
    """The pattern as a learner reads it: slots named, alternatives cut to the first."""
    words = [_REPLACED.get(word, word.strip("{}")) for word in pattern.split() if not word.startswith("(")]
    return " ".join(word.split("/")[0] for word in words if word)
