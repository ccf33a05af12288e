"""Sentence vectors, stored so that no text is encoded twice."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from studykit.store.database import Gathered, Store
from studykit.store.translations import write_translation

__all__ = ["KEPT_EMBEDDINGS", "Embeddings", "keep_gathered"]

KEPT_EMBEDDINGS = 50_000
"""About 100 MB with the default encoder: some twenty hours of talks in two languages."""


class Embeddings(MutableMapping[str, bytes]):
    """The table of vectors as a mapping; when it is full, the oldest are deleted.

    ``update`` writes everything in one transaction. A lookup is one read: testing whether a key is
    present also loads its vector for the next access.
    """

    def __init__(self, store: Store, *, kept: int = KEPT_EMBEDDINGS) -> None:
        self._store = store
        self._kept = kept
        self._last: tuple[str, bytes] | None = None

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False
        gathered = self._store.gathered
        if gathered and key in gathered.vectors:
            self._last = (key, gathered.vectors[key])
            return True
        row = self._store.db.conn.execute("SELECT vector FROM embeddings WHERE key = ?", [key]).fetchone()
        self._last = (key, row[0]) if row else None
        return row is not None

    def __getitem__(self, key: str) -> bytes:
        if (self._last and self._last[0] == key) or key in self:
            assert self._last
            return self._last[1]
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (str(row[0]) for row in self._store.db.execute("SELECT key FROM embeddings ORDER BY rowid"))

    def __len__(self) -> int:
        return int(self._store.db.execute("SELECT count(*) FROM embeddings").fetchone()[0])

    def __setitem__(self, key: str, vector: bytes) -> None:
        self.update({key: vector})

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._last = None
        with self._store.transaction():
            self._store.db.execute("DELETE FROM embeddings WHERE key = ?", [key])

    def update(self, *args: Any, **more: Any) -> None:
        """Like ``dict.update``, in one transaction; a read-only store keeps nothing, or gathers."""
        vectors = dict(*args, **more)
        self._last = None
        if self._store.gathered is not None:
            self._store.gathered.vectors.update(vectors)
        elif not self._store.read_only:
            with self._store.transaction():
                _write(self._store, vectors, self._kept)


def keep_gathered(store: Store, gathered: Gathered) -> None:
    """Write what another process gathered. The caller owns the transaction."""
    for key, kept in gathered.results.items():
        store.write_result(key, kept)
    _write(store, gathered.vectors, KEPT_EMBEDDINGS)
    for row in gathered.paid:
        write_translation(store, row)


def _write(store: Store, vectors: dict[str, bytes], kept: int) -> None:
    store.db.conn.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", vectors.items())
    store.db.execute("DELETE FROM embeddings WHERE rowid <= (SELECT max(rowid) FROM embeddings) - ?", [kept])
