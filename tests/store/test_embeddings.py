"""Sentence vectors in the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studykit.align import CachedEncoder
from studykit.store import Embeddings, Store
from tests.align.bags import BagEncoder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        yield store


keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("update"), st.dictionaries(keys, st.binary(max_size=9), max_size=4)),
        st.tuples(st.just("delete"), keys),
        st.tuples(st.just("look"), keys),
    ),
    max_size=12,
)


@given(steps=steps)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_a_mapping_like_any_other(steps: list[tuple[str, object]], store: Store) -> None:
    vectors, model = Embeddings(store), dict[str, bytes]()
    vectors.clear()
    for step, value in steps:
        if step == "update":
            assert isinstance(value, dict)
            vectors.update(value)
            model.update(value)
        elif step == "delete":
            assert vectors.pop(str(value), None) == model.pop(str(value), None)
        else:
            assert (value in vectors) == (value in model)
            assert vectors.get(str(value)) == model.get(str(value))
        assert dict(vectors) == model
        assert len(vectors) == len(model)


def test_what_is_not_there(store: Store) -> None:
    vectors = Embeddings(store)
    assert 7 not in vectors
    with pytest.raises(KeyError):
        vectors["a"]
    with pytest.raises(KeyError):
        del vectors["a"]


def test_a_vector_is_not_taken_for_another(store: Store) -> None:
    vectors = Embeddings(store)
    vectors.update({"a": b"1", "b": b"2"})
    assert "a" in vectors
    assert vectors["b"] == b"2"
    vectors["a"] = b"3"
    assert vectors["a"] == b"3"


def test_a_text_is_encoded_once_in_the_life_of_a_database(tmp_path: Path) -> None:
    first, second = BagEncoder(), BagEncoder()
    with Store(tmp_path / "study.db") as store:
        made = CachedEncoder(first, Embeddings(store)).encode(["one two", "three", "one two"])
    with Store(tmp_path / "study.db") as store:
        again = CachedEncoder(second, Embeddings(store)).encode(["three", "four", "one two"])
    assert second.encoded == ["four"]
    np.testing.assert_array_equal(made[[1, 0]], again[[0, 2]])


def test_the_oldest_go_when_it_is_full(store: Store) -> None:
    vectors = Embeddings(store, kept=10)
    for i in range(25):
        vectors[str(i)] = b"v"
    assert list(vectors) == [str(i) for i in range(15, 25)]


def test_a_failed_update_leaves_nothing(store: Store) -> None:
    vectors = Embeddings(store)
    with pytest.raises(Exception, match="NOT NULL"):
        vectors.update({"a": b"1", "b": None})
    assert not len(vectors)


def test_more_keys_than_one_statement_takes(store: Store) -> None:
    vectors = Embeddings(store)
    vectors.update({f"{i:064}": bytes(8) for i in range(8000)})
    assert all(f"{i:064}" in vectors for i in range(8000))
    assert len(vectors) == 8000
