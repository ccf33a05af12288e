"""Sentence vectors, stored by talk so that no text of a talk is encoded twice.

They are not shared between talks: an encoder's last digits depend on what it encodes together, so that notes
would depend on which other talks are stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from studykit.store.database import Gathered, Store, now
from studykit.store.translations import write_translation

__all__ = ["KEPT_EMBEDDINGS", "Embeddings", "keep_gathered"]

KEPT_EMBEDDINGS = 50_000
"""About 100 MB with the default encoder: some twenty hours of talks in two languages."""
_KEY_BYTES = 16


class Embeddings:
    """The vectors of one talk, by digests in hexadecimal; when there are too many, those of the talks that
    were encoded first are deleted.

    What is encoded together is one row, since a row for each vector of 2 KB would take a page of 4 KB.
    """

    def __init__(self, store: Store, talk_id: str, *, kept: int = KEPT_EMBEDDINGS) -> None:
        self._store = store
        self._talk_id = talk_id
        self._kept = kept

    @cached_property
    def _vectors(self) -> dict[bytes, bytes]:
        """All of the talk, read at once."""
        found: dict[bytes, bytes] = {}
        rows = self._store.db.conn.execute(
            "SELECT count, keys, vectors FROM talk_vectors WHERE talk_id = ? ORDER BY id", [self._talk_id]
        )
        for count, keys, vectors in rows:
            size = len(vectors) // count
            for i in range(count):
                key = keys[i * _KEY_BYTES : (i + 1) * _KEY_BYTES]
                found[key] = vectors[i * size : (i + 1) * size]
        if self._store.gathered:
            new = self._store.gathered.vectors.get(self._talk_id, {})
            found |= {_short(key): vector for key, vector in new.items()}
        return found

    def __contains__(self, key: str) -> bool:
        return _short(key) in self._vectors

    def __getitem__(self, key: str) -> bytes:
        return self._vectors[_short(key)]

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return ((key.hex(), vector) for key, vector in self._vectors.items())

    def __len__(self) -> int:
        return len(self._vectors)

    def update(self, vectors: Mapping[str, bytes]) -> None:
        """Store vectors of one length; a read-only store keeps nothing, or gathers."""
        self._vectors.update((_short(key), vector) for key, vector in vectors.items())
        if self._store.gathered is not None:
            self._store.gathered.vectors.setdefault(self._talk_id, {}).update(vectors)
        elif not self._store.read_only:
            with self._store.transaction():
                _write(self._store, self._talk_id, vectors, self._kept)


def keep_gathered(store: Store, gathered: Gathered) -> None:
    """Write what another process gathered. The caller owns the transaction."""
    for key, kept in gathered.results.items():
        store.write_result(key, kept)
    for talk_id, vectors in gathered.vectors.items():
        _write(store, talk_id, vectors, KEPT_EMBEDDINGS)
    for row in gathered.paid:
        write_translation(store, row)


def _write(store: Store, talk_id: str, vectors: Mapping[str, bytes], kept: int) -> None:
    if not vectors:
        return
    keys, values = b"".join(map(_short, vectors)), b"".join(vectors.values())
    store.db.execute(
        "INSERT INTO talk_vectors (talk_id, count, keys, vectors, created_at) VALUES (?, ?, ?, ?, ?)",
        [talk_id, len(vectors), keys, values, now()],
    )
    store.db.execute(
        "DELETE FROM talk_vectors WHERE id IN"
        " (SELECT id FROM (SELECT id, sum(count) OVER (ORDER BY id DESC) AS total FROM talk_vectors)"
        " WHERE total > ?)",
        [kept],
    )


def _short(key: str) -> bytes:
    return bytes.fromhex(key)[:_KEY_BYTES]
