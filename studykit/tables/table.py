"""Strings to bytes, read in place: an open-addressing hash table (Knuth 1998, volume 3, section 6.4).

Slots are native 32-bit numbers: where in the file an entry begins, 0 where none does. An entry is two
lengths, the key and the value. The file is mapped into memory: opening it costs next to nothing.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Iterator
from zlib import crc32

__all__ = ["Table", "packed"]

_MAGIC = b"studykit table 4"
_HEADER = len(_MAGIC) + 4 * 4
"""The numbers: entries, slots, all bytes, a check sum of the three and of the slots."""
_LONG = 255
"""Lengths are a byte each; one from here on is this byte, and four more bytes follow both."""


class Table:
    """A packed table, read in place. Raises ``ValueError`` for bytes that are none, or a part of one."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        view = memoryview(data)
        if len(view) < _HEADER or bytes(view[: len(_MAGIC)]) != _MAGIC:
            raise ValueError("not a table")
        numbers = view[len(_MAGIC) : _HEADER].cast("I")
        self._count, self._size, length, stated = numbers
        self._first = _HEADER + 4 * self._size
        if length != len(view) or self._first > length or not self._size:
            raise ValueError("a table that is not whole")
        slots = view[_HEADER : self._first]
        if crc32(slots, crc32(numbers[:3])) != stated:
            raise ValueError("a table that is damaged")
        self._slots = slots.cast("I")
        self._data = data

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def get(self, key: str) -> bytes | None:
        """The value of a key."""
        stored, data, slots = key.encode("utf-8", "surrogatepass"), self._data, self._slots
        length = len(stored)
        slot = _slot(stored, self._size)
        while at := slots[slot]:
            key_length, value_length = data[at], data[at + 1]
            if key_length == _LONG or (key_length == length and value_length == _LONG):
                start, end, last = self._entry(at)
                if data[start:end] == stored:
                    return data[end:last]
            elif key_length == length:
                start = at + 2 + length
                if data[at + 2 : start] == stored:
                    return data[start : start + value_length]
            slot += 1
            if slot == self._size:
                slot = 0
        return None

    def keys(self) -> Iterator[str]:
        """All keys in the order in which they were packed."""
        at = self._first
        for _ in range(self._count):
            start, end, at = self._entry(at)
            yield self._data[start:end].decode("utf-8", "surrogatepass")

    def _entry(self, at: int) -> tuple[int, int, int]:
        """Where the key of an entry begins and ends, and where its value does, which follows."""
        lengths = [self._data[at], self._data[at + 1]]
        at += 2
        for i in range(2):
            if lengths[i] == _LONG:
                lengths[i] = int.from_bytes(self._data[at : at + 4], "little")
                at += 4
        return at, at + lengths[0], at + sum(lengths)


def _slot(key: bytes, size: int) -> int:
    """The first slot to look in. Check sums of similar keys are similar, so they are spread by a product."""
    return (crc32(key) * 0x9E3779B1 & 0xFFFFFFFF) * size >> 32


def packed(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """A table's bytes; keys must differ. Of eight slots five are taken."""
    keys = [(key.encode("utf-8", "surrogatepass"), value) for key, value in entries]
    size = max(4, len(keys) * 8 // 5)
    slots, pieces = array("I", bytes(4 * size)), []
    at = _HEADER + 4 * size
    for key, value in keys:
        slot = _slot(key, size)
        while slots[slot]:
            slot = (slot + 1) % size
        slots[slot] = at
        short = bytes(min(len(part), _LONG) for part in (key, value))
        long = [len(part).to_bytes(4, "little") for part in (key, value) if len(part) >= _LONG]
        piece = b"".join([short, *long, key, value])
        pieces.append(piece)
        at += len(piece)
    numbers = array("I", [len(keys), size, at])
    numbers.append(crc32(slots, crc32(numbers)))
    return b"".join([_MAGIC, numbers.tobytes(), slots.tobytes(), *pieces])
