"""Strings to numbers, walked character by character in arrays: a double-array trie (Aoe 1989).

A node is a place in the arrays, 0 the root. The child that a character leads to is at ``first[node]`` plus
the character's code, if that place's owner is the node. Nothing is built when a stored one is opened.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

__all__ = ["Trie", "trie_parts"]

_NOBODY = -1
_PATIENCE = 4
"""After so many places that do not fit, those before are left to strings with a single child."""


class Trie(Struct, frozen=True):
    """A stored trie."""

    codes: Mapping[str, int]
    """By character, from 1. Code 0, of all other characters, leads nowhere."""
    first: Sequence[int]
    owner: Sequence[int]
    numbers: Sequence[int]
    """Of each node; 0 of one where no string ends."""

    @classmethod
    def opened(cls, parts: Mapping[str, bytes]) -> Trie:
        """From what ``trie_parts`` has made."""
        chars = parts["chars"].decode()
        codes = dict(zip(chars, range(1, len(chars) + 1), strict=True))
        return cls(codes, *(array("i", parts[name]) for name in ("first", "owner", "numbers")))


def trie_parts(numbers: Mapping[str, int]) -> dict[str, bytes]:
    """The parts of a trie of strings, none of them empty, with numbers above 0."""
    prefixes = dict.fromkeys(text[:end] for text in numbers for end in range(len(text) + 1))
    often = Counter(text[-1] for text in prefixes if text)
    chars = sorted(often, key=lambda char: (-often[char], char))
    codes = {char: code for code, char in enumerate(chars, 1)}
    children: dict[str, list[int]] = {}
    for text in prefixes:
        if text:
            children.setdefault(text[:-1], []).append(codes[text[-1]])
    firsts = _placed(children)
    size = max(firsts.values(), default=0) + len(chars) + 1
    first, owner, found = array("i", [0]) * size, array("i", [_NOBODY]) * size, array("i", [0]) * size
    at = {"": 0}
    for text in sorted(prefixes, key=len):  # a node's place follows from its parent's
        if text:
            parent = text[:-1]
            at[text] = firsts[parent] + codes[text[-1]]
            owner[at[text]] = at[parent]
        first[at[text]] = firsts.get(text, 0)
        found[at[text]] = numbers.get(text, 0)
    parts = {"first": first, "owner": owner, "numbers": found}
    return {"chars": "".join(chars).encode()} | {name: part.tobytes() for name, part in parts.items()}


def _placed(children: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Where the children of each string begin, so that no two meet, as far to the front as may be."""
    width = max(map(max, children.values()), default=0)
    taken = bytearray(b"\1") + bytearray(2 * width + 1)
    last, firsts = 0, dict[str, int]()
    ordered = sorted(children, key=lambda text: (-len(children[text]), text))
    # Many children need room; a single child fits into any hole that the others leave.
    for alone in (False, True):
        start = 1
        for text in (text for text in ordered if (len(children[text]) == 1) == alone):
            lowest, *others = sorted(children[text])
            start = taken.find(0, start)
            at, misfits = taken.find(0, max(start, lowest)), 0
            while any(taken[at - lowest + code] for code in others):
                at, misfits = taken.find(0, at + 1), misfits + 1
            if misfits > _PATIENCE:
                start = at
            firsts[text] = at - lowest
            for code in (lowest, *others):
                taken[at - lowest + code] = 1
                last = max(last, at - lowest + code)
            taken += bytearray(max(0, last + 2 * (width + 1) - len(taken)))
    return firsts
