"""Dependencies: an arc-eager transition system with breaks between sentences, many texts in step.

Nivre (2003); Honnibal & Johnson (2015), "An Improved Non-monotonic Transition System for Dependency Parsing":
a word without a head may go back to the buffer, and a head may be exchanged. Labels such as ``prep||dobj``
stand for arcs that cross others: the word is attached to the nearest ``dobj`` below its head (Nivre &
Nilsson 2005, "Pseudo-Projective Dependency Parsing").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.engines.english.scores import Floats, Scorer

__all__ = ["Tree", "parse"]

_SHIFT, _REDUCE, _LEFT, _RIGHT, _BREAK = range(5)
_MOVES = "SDLRB"
_ROOT = "ROOT"
_LIFTED = "||"

Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

Tree = tuple[list[int], list[str], list[bool]]
"""For each word of a text its head (itself for a root), its label, and whether a sentence starts with it."""


class _States:
    """The states of texts, one row each; columns are words, -1 is none."""

    def __init__(self, lengths: Ints) -> None:
        count, width = len(lengths), int(lengths.max(initial=0)) + 2
        self.length = lengths
        self.stack = np.full((count, width), -1, dtype=np.intp)
        self.depth = np.zeros(count, dtype=np.intp)
        self.back = np.full((count, width), -1, dtype=np.intp)
        """Words put back before the buffer."""
        self.backs = np.zeros(count, dtype=np.intp)
        self.next = np.zeros(count, dtype=np.intp)
        self.head = np.full((count, width), -1, dtype=np.intp)
        self.label = np.full((count, width), -1, dtype=np.intp)
        self.was_back = np.zeros((count, width), dtype=bool)
        self.starts = np.zeros((count, width), dtype=bool)
        self.starts[:, 0] = True
        self.last = np.full((2, count, width), -1, dtype=np.intp)
        """The latest child on the left and on the right of each word."""
        self.before = np.full((2, count, width), -1, dtype=np.intp)
        """The child that its head got before it."""

    def buffer(self, at: Ints, place: int) -> Ints:
        """The word at a place of the buffer."""
        backs, following = self.backs[at], self.next[at] + place - self.backs[at]
        fresh = np.where(following < self.length[at], following, -1)
        return np.where(place < backs, self.back[at, backs - place - 1], fresh)

    def top(self, at: Ints, place: int) -> Ints:
        """The word so far down the stack."""
        depth = self.depth[at]
        return np.where(place < depth, self.stack[at, depth - place - 1], -1)

    def left_in_buffer(self, at: Ints) -> Ints:
        return self.length[at] - self.next[at] + self.backs[at]

    def push(self, at: Ints) -> None:
        first = self.buffer(at, 0)
        from_back = self.backs[at] > 0
        self.backs[at] -= from_back
        self.next[at] += ~from_back
        self.stack[at, self.depth[at]] = first
        self.depth[at] += 1

    def attach(self, at: Ints, head: Ints, child: Ints, label: Ints) -> None:
        old = self.head[at, child]
        changed = np.flatnonzero(old >= 0)
        if len(changed):
            row, was, word = at[changed], old[changed], child[changed]
            side = (was < word).astype(np.intp)
            self.last[side, row, was] = self.before[side, row, word]
        side = (head < child).astype(np.intp)
        self.before[side, at, child] = self.last[side, at, head]
        self.last[side, at, head] = child
        self.head[at, child] = head
        self.label[at, child] = label

    def child(self, side: int, at: Ints, head: Ints) -> Ints:
        """The latest child on one side of words, -1 of none."""
        return np.where(head >= 0, self.last[side, at, head], -1)


def parse(
    weights: Mapping[str, Floats], actions: Sequence[str], vectors: Floats, lengths: Ints, offsets: Ints
) -> list[Tree]:
    """The trees of texts whose words' vectors begin at rows ``offsets``; ``actions``: such as ``L-nsubj``."""
    scorer = Scorer(weights, "parser", vectors)
    move = np.array([_MOVES.index(action[0]) for action in actions])
    states = _States(lengths)
    at = np.flatnonzero(lengths > 0)
    while len(at):
        b0, b1 = states.buffer(at, 0), states.buffer(at, 1)
        s0, s1, s2 = (states.top(at, place) for place in range(3))
        seen = np.stack(
            [b0, b1, s0, s1, s2, states.child(0, at, b0), states.child(0, at, s0), states.child(1, at, s0)],
            axis=1,
        )
        scores = scorer.scores(np.where(seen >= 0, seen + offsets[at, None], -1))
        valid = _valid(states, at, b0, b1)
        chosen = np.where(valid[:, move], scores, -np.inf).argmax(axis=1)
        possible = np.asarray(valid.any(axis=1))
        _apply(states, at, move[chosen], chosen, (s0, b0, b1), possible=possible)
        at = at[(states.depth[at] > 0) | (states.left_in_buffer(at) > 0)]
    return [_tree(states, row, actions) for row in range(len(lengths))]


def _valid(states: _States, at: Ints, b0: Ints, b1: Ints) -> Flags:
    depth, left = states.depth[at], states.left_in_buffer(at)
    starts = (b0 >= 0) & states.starts[at, b0]
    arcs = (depth > 0) & (left > 0) & ~starts
    shift = (depth == 0) | ((left > 1) & ~starts & ~states.was_back[at, b0])
    breaks = (left > 1) & (b1 == b0 + 1) & ~states.starts[at, b1]
    return np.stack([shift, depth > 0, arcs, arcs, breaks], axis=1)


def _apply(
    states: _States, at: Ints, moves: Ints, chosen: Ints, seen: tuple[Ints, Ints, Ints], *, possible: Flags
) -> None:
    s0, b0, b1 = seen

    def those(move: int) -> Ints:
        return np.flatnonzero((moves == move) & possible)

    for i in (those(_LEFT), those(_RIGHT)):
        if len(i):
            is_left = moves[i[0]] == _LEFT
            head, child = (b0[i], s0[i]) if is_left else (s0[i], b0[i])
            states.attach(at[i], head, child, chosen[i])
            if is_left:
                states.was_back[at[i], b0[i]] = False
                states.depth[at[i]] -= 1
            else:
                states.push(at[i])
    if len(i := those(_SHIFT)):
        states.push(at[i])
    if len(i := those(_REDUCE)):
        row, word = at[i], s0[i]
        back = (states.head[row, word] < 0) & (states.depth[row] > 1)
        states.was_back[row[back], word[back]] = True
        states.back[row[back], states.backs[row[back]]] = word[back]
        states.backs[row[back]] += 1
        states.depth[row] -= 1
    if len(i := those(_BREAK)):
        states.starts[at[i], b1[i]] = True
    if not possible.all():
        stuck = at[~possible]
        states.depth[stuck], states.backs[stuck] = 0, 0
        states.next[stuck] = states.length[stuck]


def _tree(states: _States, row: int, actions: Sequence[str]) -> Tree:
    length = int(states.length[row])
    stated = states.head[row, :length].tolist()
    heads = [i if head < 0 else head for i, head in enumerate(stated)]
    labels = [
        _ROOT if head == i else actions[label][2:]
        for i, (head, label) in enumerate(zip(heads, states.label[row, :length].tolist(), strict=True))
    ]
    if any(_LIFTED in label for label in labels):
        _lower(heads, labels)
    return heads, labels, _starts(heads)


def _lower(heads: list[int], labels: list[str]) -> None:
    """Attach words with a lifted label where they belong: breadth first, from the left."""
    first, last = _edges(heads)
    for word, label in enumerate(labels):
        if _LIFTED not in label:
            continue
        labels[word], wanted = label.split(_LIFTED)
        queue = [heads[word]]
        found = None
        while queue and found is None:
            below = []
            for head in queue:
                for child in range(first[head], last[head] + 1):
                    if child in (head, word) or heads[child] != head:
                        continue
                    if labels[child] == wanted:
                        found = child
                        break
                    below.append(child)
                if found is not None:
                    break
            queue = below
        if found is not None:
            heads[word] = found


def _edges(heads: Sequence[int]) -> tuple[list[int], list[int]]:
    """The first and the last word under each word, itself included."""
    first, last = list(range(len(heads))), list(range(len(heads)))
    changed = True
    while changed:
        changed = False
        for word, head in enumerate(heads):
            if first[word] < first[head]:
                first[head], changed = first[word], True
            if last[word] > last[head]:
                last[head], changed = last[word], True
    return first, last


def _starts(heads: Sequence[int]) -> list[bool]:
    starts = [False] * len(heads)
    if sum(head == word for word, head in enumerate(heads)) == 1:
        first = [0]
    else:
        edges, _ = _edges(heads)
        first = [edges[word] for word, head in enumerate(heads) if head == word]
    for word in first:
        starts[word] = True
    return starts
