"""Text into words, as spaCy cuts it: at white space, then affixes, special cases and infixes.

The algorithm is that of spaCy's documentation ("How spaCy's tokenizer works"); its tables come with the
weights, which have been trained on words cut so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from studykit.faces import late

__all__ = ["Piece", "Token", "Words", "phrases_of"]

_MAY_BE_URL = re.compile(r"\.[^\x00-`]{2}|\.\d+\.\d+\.\d")
"""What every address has, a domain or numbers: it spares most texts a pattern of 3,500 characters."""


class Piece(NamedTuple):
    """A word and, where its special case says so, what it is known as ("gon" as "going")."""

    text: str
    norm: str | None = None


class Token(NamedTuple):
    """A piece at a code point; ``spaced``: whether a space follows that is no token itself."""

    piece: Piece
    start: int
    spaced: bool


class Affixes(NamedTuple):
    """What is cut off a chunk, and out of it."""

    prefix: re.Pattern[str]
    suffix: re.Pattern[str]
    infix: re.Pattern[str]


class Words:
    """``tables``: ``special`` (chunks with their pieces), ``phrases`` (special chunks that are cut
    otherwise) and the four patterns."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._special = {
            chunk: tuple(Piece(*piece) for piece in pieces) for chunk, pieces in tables["special"].items()
        }
        self._affix_patterns = [tables["prefix"], tables["suffix"], tables["infix"]]
        self._of_ascii = Affixes(*map(ascii_part, self._affix_patterns))
        self._url_pattern: str = tables["url"]
        self._url: re.Pattern[str] | None = None
        self._known: dict[str, tuple[Piece, ...]] = {}
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for words in tables["phrases"]:
            self._phrases.setdefault(words[0], []).append(tuple(words))

    def cut(self, text: str) -> list[Token]:
        """The tokens of a text, runs of white space included, but for single spaces between words."""
        found: list[Token] = []
        for chunk, start in _chunks(text):
            end = start + len(chunk)
            at = start
            for piece in self._pieces(chunk):
                found.append(Token(piece, at, spaced=False))
                at += len(piece.text)
            # White space that does not begin with a space is a token, and so is all but its first space.
            if text[end : end + 1] == " " and not chunk[0].isspace():
                found[-1] = found[-1]._replace(spaced=True)
        return self._with_phrases(found, text)

    def _pieces(self, chunk: str) -> tuple[Piece, ...]:
        known = self._special.get(chunk) or self._known.get(chunk)
        if known is None:
            known = self._known[chunk] = tuple(self.split(chunk))
        return known

    def split(self, chunk: str, *, special: bool = True) -> list[Piece]:
        """The pieces of a run without white space; without ``special`` no special case counts."""
        cases = self._special if special else {}
        affixes = self._affixes(chunk)
        before: list[Piece] = []
        after: list[Piece] = []
        last_length = -1
        while chunk and len(chunk) != last_length and chunk not in cases:
            last_length = len(chunk)
            head = _length(affixes.prefix.search(chunk))
            if head and chunk[head:] in cases:
                before.append(Piece(chunk[:head]))
                chunk = chunk[head:]
                break
            tail = _length(affixes.suffix.search(chunk[head:]))
            if tail and chunk[:-tail] in cases:
                after.append(Piece(chunk[-tail:]))
                chunk = chunk[:-tail]
                break
            if head:
                before.append(Piece(chunk[:head]))
            if tail:
                after.append(Piece(chunk[-tail:]))
            chunk = chunk[head : len(chunk) - tail]
        middle = cases.get(chunk) or tuple(self._inside(chunk)) if chunk else ()
        return [*before, *middle, *reversed(after)]

    def _inside(self, chunk: str) -> Iterator[Piece]:
        if self._is_url(chunk):
            yield Piece(chunk)
            return
        start = 0
        for match in self._affixes(chunk).infix.finditer(chunk):
            if not match.start():
                continue
            if match.start() != start:
                yield Piece(chunk[start : match.start()])
            if match.end() > match.start():
                yield Piece(match.group())
            start = match.end()
        if chunk[start:]:
            yield Piece(chunk[start:])

    def _is_url(self, chunk: str) -> bool:
        if not _MAY_BE_URL.search(chunk):
            return False
        if self._url is None:
            self._url = re.compile(self._url_pattern)
        return self._url.match(chunk) is not None

    def has_affixes(self, chunk: str) -> bool:
        """Whether a special case is cut otherwise where it stands inside a word."""
        affixes = self._affixes(chunk)
        return any(pattern.search(chunk) for pattern in (affixes.prefix, affixes.infix, affixes.suffix))

    def _affixes(self, chunk: str) -> Affixes:
        return self._of_ascii if chunk.isascii() else self._of_all

    @cached_property
    def _of_all(self) -> Affixes:
        return Affixes(*map(re.compile, self._affix_patterns))

    def _with_phrases(self, tokens: list[Token], text: str) -> list[Token]:
        """Special cases that were cut, as emoticons are, put together again; of several the longest."""
        found: list[tuple[int, int]] = []
        for i, token in enumerate(tokens):
            for words in self._phrases.get(token.piece.text, ()):
                part = tokens[i : i + len(words)]
                if len(part) == len(words) and all(
                    t.piece.text == w for t, w in zip(part, words, strict=True)
                ):
                    found.append((len(words), i))
        if not found:
            return tokens
        taken: set[int] = set()
        chosen: dict[int, int] = {}
        for length, start in sorted(found, key=lambda span: (-span[0], span[1])):
            if start not in taken and start + length - 1 not in taken:
                chosen[start] = length
            taken.update(range(start, start + length))
        made: list[Token] = []
        i = 0
        while i < len(tokens):
            length = chosen.get(i, 0)
            first, last = tokens[i], tokens[i + max(length, 1) - 1]
            pieces = self._special.get(text[first.start : last.start + len(last.piece.text)])
            if not length or pieces is None:
                made += tokens[i : i + max(length, 1)]
            else:
                at = first.start
                for j, piece in enumerate(pieces):
                    made.append(Token(piece, at, spaced=last.spaced and j == len(pieces) - 1))
                    at += len(piece.text)
            i += max(length, 1)
        return made


def _chunks(text: str) -> Iterator[tuple[str, int]]:
    """Runs of white space and of other characters with where they begin.

    A run of white space after a word loses its first character if that is a space.
    """
    at = 0
    for is_space, run in groupby(text, str.isspace):
        chunk = "".join(run)
        start, at = at, at + len(chunk)
        if is_space and start and chunk[0] == " ":
            chunk, start = chunk[1:], start + 1
        if chunk:
            yield chunk, start


def _length(match: re.Match[str] | None) -> int:
    return match.end() - match.start() if match else 0


def phrases_of(words: Words, special: Sequence[str]) -> list[list[str]]:
    """The pieces of those special cases that are cut otherwise where they stand inside a word."""
    return [
        [piece.text for piece in words.split(chunk, special=False)]
        for chunk in special
        if chunk.strip() and words.has_affixes(chunk)
    ]


_NEVER = "(?!)"
_BEYOND = r"(?:\\u[0-9A-F]{4}|\\U[0-9A-F]{8}|[^\x00-\x7f])"
_PIECES = late(rf"(?P<set>\[(?:\\.|[^\[\]\\])*\])|(?P<beyond>{_BEYOND})|\\.")


def ascii_part(pattern: str) -> re.Pattern[str]:
    """The pattern without what lies beyond ASCII: it finds the same in a text that is ASCII.

    The whole patterns name every letter and symbol of Unicode; compiling them takes a tenth of a second.
    Characters and ranges must lie on one side of the border.
    """

    def within(piece: re.Match[str]) -> str:
        if piece["beyond"]:
            return _NEVER
        if not piece["set"]:
            return piece[0]
        kept = re.sub(f"{_BEYOND}(?:-{_BEYOND})?", "", piece[0])
        kept = re.sub(r"\|{2,}", "|", kept)  # two would look like a union of sets
        # Nothing is left to be found, or to be excluded.
        return {"[]": _NEVER, "[^]": r"[\s\S]"}.get(kept, kept)

    return re.compile(_PIECES.sub(within, pattern))
