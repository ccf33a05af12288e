"""The expression list: what it holds, and where its entries stand in tagged sentences.

Where two entries share a word the one with more words counts; what stands in a gap stays free.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast, get_args

import msgspec
from msgspec import Struct

from studykit.annotate.vocabulary.marker_use import MarkerUse, load_marker_use
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

Register = Literal["spoken", "neutral", "formal", "academic"]
Place = Literal["start", "tag", "inserted", "alone", "opening", "closing"]

_Found = tuple[tuple[int, ...], "Expression"]
"""The tokens that an entry matched, and the entry."""
_Parsed = tuple["Expression", Pattern]
_Listed = tuple[Sequence[Iterable[str]], Any]
"""Words of each of which a sentence must have one, and what the entry is read from."""

_REPLACED = {"|": "", "{sth}": "sth", "{sb}": "sb", "~": "…", "...": "…", "{one's}": "one's"}


class Expression(Struct, frozen=True, kw_only=True):
    """An entry of the list. ``pattern`` is written as in ``studykit.annotate.vocabulary.patterns``."""

    pattern: str
    head: str
    kind: ItemKind
    listed_in: str
    """The list that has it, a file of the folder: ``idioms``, ``linking`` and so on."""
    chinese: str
    literal: str | None
    """What the words seem to say, for those whose meaning is another."""
    also: str | None
    """Other Chinese that a translation may have for it; what it has is shown, else ``chinese``."""
    note: str | None
    register: Register
    level: CefrLevel
    """By our own judgement."""
    inflected: bool
    verb_first: bool
    """Whether the first word must be used as a verb."""
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


class ExpressionMatch(Struct, frozen=True, kw_only=True):
    """An entry in a sentence: code points from its first to its last word, and its own tokens."""

    expression: Expression
    span: Span
    tokens: tuple[int, ...]


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
            _placed(entry, tokens, start, end)
            and _governed(entry, tokens, indices, start, end)
            and not _cut_from_longer(tokens, indices, start, end)
        )

    def find(self, tokens: Sequence[Token]) -> list[ExpressionMatch]:
        """The entries in a tagged sentence, in order, none sharing a word."""
        indices = visible(tokens)
        seen = [tokens[i] for i in indices]
        said = [(token.text.lower().replace("’", "'"), token.lemma.lower()) for token in seen]
        present = {word for words in said for word in words}
        possible = {word: self._possible(word, present) for word in (*present, "")}
        found: list[_Found] = []
        for start, words in enumerate(said):
            candidates = {
                entry.pattern: (entry, pattern) for word in (*words, "") for entry, pattern in possible[word]
            }
            for entry, pattern in candidates.values():
                matched = pattern.match(seen, indices, start)
                if matched and entry.kind == "phrasal_verb" and _is_no_verb(matched, indices, tokens):
                    continue
                if matched and self._fits(entry, seen, indices, start, matched[-1] + 1):
                    found.append((matched, entry))
        return [
            ExpressionMatch(
                expression=entry,
                span=Span(start=_first_word(seen, matched).start, end=seen[matched[-1]].end),
                tokens=tuple(indices[i] for i in matched),
            )
            for matched, entry in _longest(found, seen)
        ]


def visible(tokens: Sequence[Token]) -> list[int]:
    """The tokens that patterns see: neither white space nor hyphens, unless they stand apart as a dash."""
    return [
        i
        for i, t in enumerate(tokens)
        if t.upos != "SPACE" and (t.text not in {"-", "‐"} or _stands_apart(tokens, i))
    ]


def _is_no_verb(matched: Sequence[int], indices: Sequence[int], tokens: Sequence[Token]) -> bool:
    """Whether a hyphen joins two words of a match ("a cut-off date"), or its up is that of "uses up to 8"."""
    inside = (range(indices[a] + 1, indices[b]) for a, b in pairwise(matched) if b == a + 1)
    joined = any(tokens[i].text in {"-", "‐"} for gap in inside for i in gap)
    here = [tokens[i] for i in indices[matched[-1] : matched[-1] + 3]]
    limit = [token.text.lower() for token in here[:2]] == ["up", "to"]
    return joined or (limit and here[-1].upos == "NUM")


def _stands_apart(tokens: Sequence[Token], i: int) -> bool:
    """Whether white space stands on both sides: "it works - right"."""
    return (i == 0 or tokens[i - 1].end < tokens[i].start) and (
        i + 1 == len(tokens) or tokens[i].end < tokens[i + 1].start
    )


def _longest(found: list[_Found], tokens: Sequence[Token]) -> list[_Found]:
    """Matches that share no word: the longest, and of two for the same words the one that says just these.

    "Depending on" is itself, not "depend on".
    """

    def inflects(match: _Found) -> bool:
        matched, entry = match
        return " ".join(tokens[i].text.lower() for i in matched) != entry.pattern.lower()

    taken: set[int] = set()
    kept = []
    for matched, entry in sorted(found, key=lambda match: (-len(match[0]), match[0], inflects(match))):
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
_MODIFIES = {"compound", "amod", "nmod", "nummod"}
"""How a word hangs on the noun that it describes."""


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
    following |= {"VB"} if (last.tag, last.dep) == ("TO", "aux") else set()  # "used to quickly drain it"
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


def _cut_from_longer(tokens: Sequence[Token], indices: Sequence[int], start: int, end: int) -> bool:
    """Whether the first word is a preposition whose object comes after: "in the pipeline video"."""
    last = tokens[end - 1]
    if tokens[start].upos != "ADP" or last.dep not in _MODIFIES or last.head <= indices[end - 1]:
        return False
    governing = next((t for i, t in zip(indices, tokens, strict=True) if i == last.head), None)
    return governing is not None and governing.dep == "pobj" and governing.head == indices[start]


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
    ("annotate/vocabulary/expressions", "annotate/vocabulary/patterns"),
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
    )


def _head(pattern: str) -> str:
    """The pattern as a learner reads it: slots named, alternatives cut to the first."""
    words = [_REPLACED.get(word, word.strip("{}")) for word in pattern.split() if not word.startswith("(")]
    return " ".join(word.split("/")[0] for word in words if word)
