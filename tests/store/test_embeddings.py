"""Sentence vectors in the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studykit.align import CachedEncoder
from studykit.fingerprint import digest
from studykit.store import Embeddings, Store
from tests.align.bags import BagEncoder

A, B, C = map(digest, "abc")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        yield store


def test_vectors_are_found_again(store: Store) -> None:
    Embeddings(store, "talk").update({A: b"1234", B: b"5678"})
    vectors = Embeddings(store, "talk")
    vectors.update({})
    assert A in vectors
    assert (vectors[A], vectors[B], len(vectors)) == (b"1234", b"5678", 2)
    assert C not in vectors
    with pytest.raises(KeyError):
        vectors[C]
    vectors.update({C: b"90", A: b"ab"})  # of another encoder, which has another length
    assert (vectors[A], vectors[C]) == (b"ab", b"90")
    again = Embeddings(store, "talk")
    assert (again[A], again[B], again[C]) == (b"ab", b"5678", b"90")


def test_a_talk_does_not_see_the_vectors_of_others(store: Store) -> None:
    """Their last digits depend on what they were encoded with."""
    Embeddings(store, "one").update({A: b"1234"})
    assert A not in Embeddings(store, "other")


def test_a_text_is_encoded_once_in_the_life_of_a_talk(tmp_path: Path) -> None:
    first, second = BagEncoder(), BagEncoder()
    with Store(tmp_path / "study.db") as store:
        made = CachedEncoder(first, Embeddings(store, "talk")).encode(["one two", "three", "one two"])
    with Store(tmp_path / "study.db") as store:
        again = CachedEncoder(second, Embeddings(store, "talk")).encode(["three", "four", "one two"])
    assert second.encoded == ["four"]
    np.testing.assert_array_equal(made[[1, 0]], again[[0, 2]])


def test_the_oldest_go_when_it_is_full(store: Store) -> None:
    for talk in range(5):
        Embeddings(store, str(talk), kept=10).update({digest(talk, i): b"v" for i in range(4)})
    assert [len(Embeddings(store, str(talk))) for talk in range(5)] == [0, 0, 0, 4, 4]


def test_a_failed_update_leaves_nothing(store: Store) -> None:
    with pytest.raises(TypeError):
        Embeddings(store, "talk").update({A: b"1", B: None})  # type: ignore[dict-item]
    assert not len(Embeddings(store, "talk"))


def test_a_vector_takes_hardly_more_room_than_its_numbers(store: Store) -> None:
    def size() -> int:
        (pages,) = store.db.execute("PRAGMA page_count").fetchone()
        return int(pages) * 4096

    before = size()
    Embeddings(store, "talk").update({digest(i): bytes(2048) for i in range(1000)})
    assert 1000 * 2048 < size() - before < 1.02 * 1000 * 2048 + 4096


def test_the_vectors_of_a_removed_talk_go_with_it(store: Store) -> None:
    store.db.execute(
        "INSERT INTO talks (id, title, kind, language, timing, notes_key, updated_at)"
        " VALUES ('talk', 't', 'text', 'en', 'none', '', '')"
    )
    store.db.conn.commit()
    Embeddings(store, "talk").update({A: b"1"})
    Embeddings(store, "other").update({A: b"1"})
    with store.transaction():
        store.db.execute("DELETE FROM talks")
    assert [len(Embeddings(store, talk)) for talk in ("talk", "other")] == [0, 1]
