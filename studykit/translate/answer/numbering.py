"""Which sentence a key of a model's answer means.

Sentences are asked for by number, counted from 1. Models answer with ``s1`` or ``sentence 1``, count from 0,
or count anew where a few sentences of a paragraph were asked for. One key alone cannot tell; all keys
together can, and where they leave a doubt no key counts: to ask for a sentence again costs a little, its
neighbour's translation misleads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

__all__ = ["number_in", "sentences_meant"]

_KEY = re.compile(r"(\D{0,20}?)(\d{1,4})\D{0,3}")


def number_in(key: object) -> tuple[str, int] | None:
    """The word and the number in a key: ``("", 1)`` for 1 and "1.", ``("s", 1)`` for "s1"."""
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        return None
    found = _KEY.fullmatch(str(key).strip())
    if not found:
        return None
    return "".join(char for char in found.group(1) if char.isalpha()).casefold(), int(found.group(2))


def sentences_meant(keys: Iterable[str], wanted: Collection[int], total: int) -> dict[str, int]:
    """The sentence, counted from 0, that each key means; keys that mean none of ``wanted`` are left out.

    ``total`` is the number of sentences in the paragraph. Keys with another word before the number than
    most have are none.
    """
    groups: defaultdict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in keys:
        if found := number_in(key):
            word, number = found
            groups[word][number].append(key)
    if not groups:
        return {}
    largest = max(len(group) for group in groups.values())
    likely = [word for word, group in groups.items() if len(group) == largest]
    word = "" if "" in groups else likely[0]
    if word not in likely or (len(likely) > 1 and word):
        return {}
    once = {number: named[0] for number, named in groups[word].items() if len(named) == 1}
    meant = _meant(set(groups[word]), sorted(wanted), total)
    return {key: meant[number] for number, key in once.items() if number in meant}


def _meant(numbers: set[int], wanted: list[int], total: int) -> dict[int, int]:
    asked = {i + 1 for i in wanted}
    if numbers <= asked or asked <= numbers <= set(range(1, total + 1)):
        return {i + 1: i for i in wanted}  # as asked, also with sentences that were given as context
    several = len(wanted) > 1
    if numbers == set(wanted) and (several or 0 in numbers):
        return {i: i for i in wanted}  # counted from 0
    for first in (0, 1):  # counted anew
        if numbers == set(range(first, first + len(wanted))):
            return dict(zip(sorted(numbers), wanted, strict=True))
    return {}
