"""Two hundred talks saved, edited and deleted in one database: it is as large as what is in it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.store import Store, damage, prune, remove_talk, search
from studykit.types import Notes, Sentence
from tests.talks import SMALL_TALK

pytestmark = [pytest.mark.slow, pytest.mark.faults]

TALKS = 200


def _talk(number: int, edit: int = 0) -> Notes:
    """A talk that differs from all others in its words."""

    def varied(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        return tuple(replace(sent, text=f"{sent.text} [{number}.{edit}]") for sent in sentences)

    source = replace(SMALL_TALK.source, id=f"{number:064x}", title=f"Talk {number}")
    return replace(
        SMALL_TALK, source=source, english=varied(SMALL_TALK.english), chinese=varied(SMALL_TALK.chinese)
    )


def _size_bytes(path: Path) -> int:
    with Store(path) as store:
        prune(store, vectors=True)
    return path.stat().st_size


def test_a_database_is_as_large_as_what_is_in_it(tmp_path: Path, times: int) -> None:
    path, draw = tmp_path / "study.db", random.Random(23)
    count = TALKS * times
    sizes = {}
    with Store(path) as store:
        for number in range(count):
            store.save(_talk(number), key=f"{number}")
            store.keep_result(f"r{number}", bytes(2000), stage="s", source_id=f"{number:064x}")
            if number + 1 in {count // 4, count // 2, count}:
                sizes[number + 1] = store.db.execute("PRAGMA page_count").fetchone()[0]
    half, whole = sizes[count // 2], sizes[count]
    assert whole <= 2.1 * half, "the growth is linear"
    before = _size_bytes(path)

    with Store(path) as store:
        for edit in range(5):
            for number in draw.sample(range(count), count // 4):
                store.save(_talk(number, edit + 1), key=f"{number} {edit}")
                for kept in range(6):
                    key = f"r{number} {edit} {kept}"
                    store.keep_result(key, bytes(2000), stage="s", source_id=f"{number:064x}")
        assert len(store.talks()) == count
    assert _size_bytes(path) <= 2 * before, "edits leave at most a few results each"

    with Store(path) as store:
        for number in range(count // 2, count):
            remove_talk(store, f"{number:064x}")
        assert len(search(store, "story", limit=10_000)) == count // 2
    after = _size_bytes(path)
    assert after <= 1.1 * before, "half the talks, with up to four results each instead of one"
    with Store(path) as store:
        (index,) = store.db.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name = 'sentences_fts_data'"
        ).fetchone()
        (text,) = store.db.execute("SELECT sum(length(text)) FROM sentences").fetchone()
    assert index <= 4 * text, "the index forgets what was deleted"
    assert damage(path) == []
    print(f"{count} talks: {before} bytes; edited, and half of them deleted: {after}")
