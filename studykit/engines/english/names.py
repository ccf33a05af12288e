"""Names and numbers: begin, in, last, unit, out, chosen word by word, many texts in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.engines.english.scores import Floats, Scorer

__all__ = ["find_names"]

Ints = NDArray[np.intp]


def find_names(
    weights: Mapping[str, Floats],
    actions: Sequence[str],
    vectors: Floats,
    *,
    lengths: Ints,
    offsets: Ints,
    starts: Sequence[Sequence[bool]],
    spaces: Sequence[Sequence[bool]],
) -> list[list[str | None]]:
    """For each word of texts what kind of name it is part of, if any; ``actions`` by class: ``B-ORG``.

    ``starts`` and ``spaces`` say which words start a sentence and which are white space.
    """
    scorer = Scorer(weights, "ner", vectors)
    kinds = sorted({action[2:] for action in actions if action[2:]})
    kind = np.array([kinds.index(action[2:]) if action[2:] else -1 for action in actions])
    move = np.array([action[0] for action in actions])
    count, width = len(lengths), int(lengths.max(initial=0))
    start_next, space = np.zeros((count, width), dtype=bool), np.zeros((count, width), dtype=bool)
    for row, (mine, blank) in enumerate(zip(starts, spaces, strict=True)):
        start_next[row, : max(0, len(mine) - 1)] = mine[1:]
        space[row, : len(blank)] = blank
    found = np.full((count, width), -1, dtype=np.intp)
    first = np.full(count, -1, dtype=np.intp)  # of the name that is open
    opened = np.full(count, -1, dtype=np.intp)  # its kind
    for word in range(width):
        at = np.flatnonzero(lengths > word)
        is_open = first[at] >= 0
        begin = offsets[at] + first[at]
        here = offsets[at] + word
        seen = np.stack([here, np.where(is_open, begin, -1), np.where(is_open, here - 1, -1)], axis=1)
        goes_on = (lengths[at] > word + 1) & ~start_next[at, word]
        free = ~is_open & ~space[at, word]
        mine = kind == opened[at, None]
        valid = (
            ((move == "B") & (free & goes_on)[:, None])
            | ((move == "I") & mine & (is_open & goes_on)[:, None])
            | ((move == "L") & mine & is_open[:, None])
            | ((move == "U") & (kind >= 0) & free[:, None])
            | ((move == "O") & ~is_open[:, None])
        )
        chosen = np.where(valid, scorer.scores(seen), -np.inf).argmax(axis=1)
        moved, named = move[chosen], kind[chosen]
        ends = (moved == "L") | (moved == "U")
        begins = (moved == "B") | (moved == "U")
        first[at[begins]] = word
        opened[at] = np.where(begins, named, opened[at])
        for row in at[ends].tolist():
            found[row, first[row] : word + 1] = opened[row]
        first[at[ends]] = -1
    return [
        [kinds[k] if k >= 0 else None for k in found[row, :length].tolist()]
        for row, length in enumerate(lengths.tolist())
    ]
