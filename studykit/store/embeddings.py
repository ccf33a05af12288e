"""Sentence vectors, stored so that no text is encoded twice."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from studykit.store.database import Store

__all__ = ["KEPT_EMBEDDINGS", "Embeddings"]

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
        """Like ``dict.update``, in one transaction."""
        vectors = dict(*args, **more)
        self._last = None
        with self._store.transaction():
            self._store.db.conn.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?)", vectors.items()
            )
            self._store.db.execute(
                "DELETE FROM embeddings WHERE rowid <= (SELECT max(rowid) FROM embeddings) - ?", [self._kept]
            )
