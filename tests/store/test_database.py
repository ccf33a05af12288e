"""Transactions, results, search: with real files and real processes."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.errors import TalkNotFoundError
from studykit.fingerprint import digest
from studykit.store import Embeddings, Store, said, search
from studykit.store.migrations import MIGRATIONS
from studykit.types import Span
from tests.talks import SMALL_TALK

OLD = Path(__file__).parent / "old"
"""Databases with that talk, written by older releases."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        store.save(SMALL_TALK, key="k1")
        yield store


def test_the_schema_is_made_once_and_as_promised(store: Store) -> None:
    with Store(store.path) as again:
        assert not MIGRATIONS.pending(again.db)
        assert again.db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert again.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert not list(again.db.execute("PRAGMA foreign_key_check"))
        assert again.db.table("talks").strict


def test_datasette_sees_the_full_text_index(store: Store) -> None:
    # Datasette's own rule (datasette.utils.detect_fts_sql), which sqlite-utils shares.
    assert store.db.table("sentences").detect_fts() == "sentences_fts"


def test_the_index_of_an_older_studykit_is_built_again(tmp_path: Path) -> None:
    shutil.copy(OLD / "with_review.sqlite", tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        assert sqlite_utils.Database(connection).table("sentences").detect_fts() is None
    with Store(tmp_path / "old.db") as store:
        assert [hit.text for hit in search(store, "story")] == ["Quantization is a different story."]
        store.save(
            replace(
                SMALL_TALK,
                english=(),
                chinese=(),
                alignment=None,
                paragraphs=(),
                parts=(),
                terms=(),
                vocabulary=(),
                claims=(),
            ),
            key="k2",
        )
        assert not search(store, "story")


def test_paragraphs_read_well_as_a_table(store: Store) -> None:
    first = next(store.db.query("SELECT number, english, chinese FROM paragraphs ORDER BY number"))
    assert first["english"].endswith(
        "KV cache matter? Because without it, every new token costs you the whole prompt again."
    )
    assert first["chinese"] == "那为什么键值缓存重要？因为没有它，每个新词元都要把整个提示重算一遍。"


@pytest.mark.parametrize("name", ["5ma11", "caches & costs", "COSTS"])
def test_a_talk_is_found_by_id_title_or_part_of_it(store: Store, name: str) -> None:
    assert store.find(name) == SMALL_TALK.source.id


@pytest.mark.parametrize("name", ["Why caches cost", "缓存为什么贵", "caches cost"])
def test_a_talk_is_found_by_the_title_that_was_made_for_it(store: Store, name: str) -> None:
    source = replace(
        SMALL_TALK.source,
        id="f" * 64,
        title="rec_0031",
        made_title="Why caches cost",
        made_translation="缓存为什么贵",
    )
    store.save(replace(SMALL_TALK, source=source), key="k2")
    assert store.find(name) == "f" * 64
    assert [row.made_title for row in store.talks()] == [None, "Why caches cost"]


def test_a_name_that_fits_two_talks_lists_both(store: Store) -> None:
    other = replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="f" * 64, title="Caches again"))
    store.save(other, key="k2")
    with pytest.raises(TalkNotFoundError) as caught:
        store.find("caches")
    assert caught.value.candidates == ["5ma11000 Caches & costs", "ffffffff Caches again"]
    assert store.find("Caches again") == "f" * 64


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("cache", [0]),
        ("every token", [1]),
        ('"new token"', [1]),
        ('"token new"', []),
        ("键值缓存", [0]),
        ("量化", [2]),  # two characters, below what a trigram index can find
        ("it 缓存", []),
        ("QUANTIZATION", [2]),
        ("%", []),
        ("_", []),
        ('"', []),
        ("AND OR NOT", []),
        ("a*", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_takes_any_text_as_text(store: Store, query: str, sentences: list[int]) -> None:
    hits = search(store, query)
    texts = [SMALL_TALK.english[i].text for i in sentences] + [SMALL_TALK.chinese[i].text for i in sentences]
    assert len(hits) == len(sentences)
    assert all(hit.text in texts for hit in hits)


PIECES = st.text(alphabet="aAb权重é .%_'\"", min_size=1, max_size=7)


@given(texts=st.lists(PIECES, min_size=1, max_size=6), query=PIECES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_short_words_are_found_as_a_scan_finds_them(store: Store, texts: list[str], query: str) -> None:
    """Words of two characters have ways of their own, by trigrams and by the end of the sentence."""
    words = query.replace('"', "").split()
    if not words or any(len(word) > 2 for word in words):
        return
    sentences = tuple(
        replace(SMALL_TALK.english[0], index=i, text=text, raw=text) for i, text in enumerate(texts)
    )
    para = replace(
        SMALL_TALK.paragraphs[0],
        index=0,
        english=Span(start=0, end=len(texts)),
        chinese=Span(start=0, end=0),
        introduces=(),
    )
    part = replace(SMALL_TALK.parts[0], index=0, paragraphs=Span(start=0, end=1))
    notes = replace(
        SMALL_TALK, english=sentences, chinese=(), alignment=None, parts=(part,), paragraphs=(para,),
        terms=(), vocabulary=(), claims=(), findings=(), corrections=(),
    )  # fmt: skip
    store.save(notes, key="other")

    def has(text: str, word: str) -> bool:
        return word.translate(ASCII_LOWER) in text.translate(ASCII_LOWER)

    expected = [text for text in texts if all(has(text, word) for word in words)]
    assert [hit.text for hit in search(store, " ".join(words), limit=100)] == expected


ASCII_LOWER = {ord(char): char.lower() for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def test_a_hit_knows_its_place(store: Store) -> None:
    (hit,) = search(store, "每个新词元")
    assert (hit.paragraph, hit.start_s, hit.language) == (1, 60.0, "zh")
    (english,) = search(store, "costs you")
    assert english.start_s == 62.5


def test_where_a_term_was_said(store: Store) -> None:
    term = SMALL_TALK.terms[0]
    places = [at.sentence for at in term.occurrences if at.language == "en"]
    texts = [SMALL_TALK.english[i].text for i in sorted(set(places))]
    assert texts
    assert [hit.text for hit in said(store, term.entry_id)] == texts
    assert said(store, "nothing") == []


def test_search_forgets_replaced_sentences(store: Store) -> None:
    sentence = replace(SMALL_TALK.english[0], text="Entirely different words.")
    store.save(replace(SMALL_TALK, english=(sentence, *SMALL_TALK.english[1:])), key="k2")
    assert not search(store, "matter")
    assert search(store, "Entirely")


def test_only_the_newest_results_of_a_stage_are_kept(store: Store) -> None:
    for i in range(7):
        store.keep_result(f"key{i}", b"x", stage="align", source_id="s")
    store.keep_result("other", b"y", stage="align", source_id="another talk")
    assert [i for i in range(7) if store.result(f"key{i}")] == [3, 4, 5, 6]
    assert store.result("other") == b"y"


def _save_many(path: Path, number: int, times: int) -> None:
    talk = replace(SMALL_TALK, source=replace(SMALL_TALK.source, id=f"{number:064}"))
    for i in range(times):
        with Store(path) as store:
            store.keep_result(f"{number}-{i}", b"r", stage="s", source_id=str(number))
            store.save(talk, key=str(i))


def test_processes_that_write_at_the_same_time_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "new.db"  # they also race to make the schema
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_save_many, args=(path, number, 8)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with Store(path) as store:
        assert len(store.talks()) == 3
        assert all(store.notes_key(f"{number:064}") == "7" for number in range(3))


def _save_for_ever(path: Path) -> None:
    while True:
        _save_many(path, 1, 50)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_writer_killed_at_any_moment_leaves_a_whole_database(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    chance = random.Random(7)
    spawn = multiprocessing.get_context("spawn")
    for _ in range(6):
        writer = spawn.Process(target=_save_for_ever, args=(path,))
        writer.start()
        assert writer.pid
        time.sleep(0.4 + chance.random() * 0.3)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        if not path.exists():
            continue
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        with Store(path) as store:
            for row in store.talks():
                talk = store.load(row.id)
                assert replace(talk, source=SMALL_TALK.source) == SMALL_TALK
                assert search(store, "quantization")


def test_a_clock_that_goes_back_does_not_drop_the_newest_result(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        monkeypatch.setattr("studykit.store.database.now", lambda hour=number: f"2026-01-01T{23 - hour}:00")
        store.keep_result(f"key {number}", b"x", stage="s", source_id="talk")
        assert store.result(f"key {number}") == b"x"
    assert store.result("key 0") is None


def test_results_are_kept_compressed_and_older_ones_stay_readable(store: Store) -> None:
    result = b'{"sentences":' + b'"So the cache holds them." ' * 1000 + b"}"
    store.keep_result("k", result, stage="s", source_id="x")
    assert store.result("k") == result
    (size,) = store.db.execute("SELECT length(result) FROM stage_results").fetchone()
    assert size < len(result) / 20
    for stored, read in ((b'{"old": 1}', b'{"old": 1}'), (b"", b""), (zlib.compress(result)[:-9], None)):
        store.db.execute("UPDATE stage_results SET result = ?", [stored])
        assert store.result("k") == read


def test_the_vectors_of_an_older_database_are_made_again(tmp_path: Path) -> None:
    shutil.copy(OLD / "with_review.sqlite", tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.execute(
            "CREATE TABLE IF NOT EXISTS embeddings (key TEXT PRIMARY KEY, vector BLOB NOT NULL) STRICT"
        )
        old.execute("INSERT INTO embeddings VALUES (?, ?)", [digest("a"), bytes(2048)])
        old.commit()
    with Store(tmp_path / "old.db") as store:
        assert store.load(SMALL_TALK.source.id).english
        assert "embeddings" not in store.db.table_names()
        vectors = Embeddings(store, SMALL_TALK.source.id)
        assert digest("a") not in vectors
        vectors.update({digest("a"): bytes(2048)})
        assert not list(store.db.execute("PRAGMA foreign_key_check"))
