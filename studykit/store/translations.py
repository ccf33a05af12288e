"""Translated paragraphs, stored one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from studykit.store.database import Store, now
from studykit.types import Usage

__all__ = ["Answers", "Translations", "take_paid", "write_translation"]


class Translations:
    """The table of translated paragraphs, as the cache that ``translate_paragraphs`` uses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def texts(self, key: str) -> tuple[str | None, ...] | None:
        """The translations stored under ``key``, None for sentences without one."""
        row = self._store.db.execute("SELECT texts FROM translations WHERE key = ?", [key]).fetchone()
        return tuple(json.loads(row[0])) if row else None

    def keep(
        self, key: str, texts: tuple[str | None, ...], *, engine: str, usage: Usage, seconds: float
    ) -> None:
        """Store the translations; their cost is added to the cost recorded before.

        They were paid for, so a store that gathers writes them at once all the same.
        """
        if self._store.gathered is not None:
            with Store(self._store.path) as own:
                Translations(own).keep(key, texts, engine=engine, usage=usage, seconds=seconds)
            return
        stated = json.dumps(texts, ensure_ascii=False)
        with self._store.transaction():
            write_translation(
                self._store, (key, engine, stated, usage.prompt, usage.completion, seconds, now())
            )

    def tokens_per_s(self, engine: str) -> float | None:
        """The average speed of an engine so far, or None if unknown."""
        row = self._store.db.execute(
            "SELECT sum(completion_tokens), sum(seconds) FROM translations WHERE engine = ?", [engine]
        ).fetchone()
        return row[0] / row[1] if row and row[0] and row[1] else None


def write_translation(store: Store, row: tuple[Any, ...]) -> None:
    """Write a row of the table, adding up costs, inside a transaction of the caller's."""
    store.db.execute(
        "INSERT INTO translations VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " texts = excluded.texts, prompt_tokens = prompt_tokens + excluded.prompt_tokens,"
        " completion_tokens = completion_tokens + excluded.completion_tokens,"
        " seconds = seconds + excluded.seconds",
        row,
    )


def take_paid(store: Store) -> list[tuple[Any, ...]]:
    """The rows with a cost, which is set to 0: in a copy for another machine, what was paid there."""
    paid = "prompt_tokens > 0 OR completion_tokens > 0 OR seconds > 0"
    with store.transaction():
        rows = [tuple(row) for row in store.db.execute(f"SELECT * FROM translations WHERE {paid}")]
        store.db.execute(
            f"UPDATE translations SET prompt_tokens = 0, completion_tokens = 0, seconds = 0 WHERE {paid}"
        )
    return rows


class Answers:
    """Answers of a language model about a talk, kept in the same table: each is paid for once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts = Translations(store)

    def answer(self, key: str) -> str | None:
        """The answer stored under ``key``."""
        texts = self._texts.texts(key)
        return texts[0] if texts else None

    def keep(self, key: str, answer: str, *, engine: str, usage: Usage, seconds: float) -> None:
        """Store an answer, and its cost."""
        self._texts.keep(key, (answer,), engine=engine, usage=usage, seconds=seconds)

    def last_on(self, keys: Iterable[str]) -> str | None:
        """The day (UTC, ISO 8601) on which the last of these answers came; None if none is stored."""
        found = [
            row[0]
            for key in keys
            for row in self._store.db.execute("SELECT created_at FROM translations WHERE key = ?", [key])
        ]
        return max(found)[: len("2026-01-31")] if found else None

    def tokens_per_s(self, engine: str) -> float | None:
        """The average speed of a model so far, or None if unknown."""
        return self._texts.tokens_per_s(engine)
