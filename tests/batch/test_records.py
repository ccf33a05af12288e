"""Records of batches in the database: what is read is what was stored, and what counts as done."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.batch.lists.job import Job
from studykit.batch.records import Journal, as_json, must_do, new_record
from studykit.options import Options
from studykit.store import BatchRecord, Store, keep_record, record_of
from tests.talks import SMALL_TALK

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.floats(0, 1e6, allow_nan=False)
records = st.builds(
    BatchRecord,
    key=st.just("k"), source=words, folder=words, state=words, title=words, talk=st.none() | words,
    status=st.sampled_from(["waiting", "running", "done", "failed"]), stage=st.none() | words,
    stages=st.dictionaries(words, numbers, max_size=3), seconds=numbers, cost=st.none() | numbers,
    files=st.lists(words, max_size=3).map(tuple), warnings=st.lists(words, max_size=3).map(tuple),
    error=st.none() | words,
)  # fmt: skip


@given(record=records)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_record_comes_back_as_it_was(record: BatchRecord, tmp_path: Path) -> None:
    with Store(tmp_path / "study.db") as store:
        for kept in (record, replace(record, status="done", error=None)):
            with store.transaction():
                keep_record(store, kept)
            assert record_of(store, "k") == kept
        assert record_of(store, "other") is None
    Journal(tmp_path / "b.jsonl").write([record, record], last=True)
    assert (tmp_path / "b.jsonl").read_bytes().count(b"\n") == 2
    assert "key" not in as_json(record)


def test_what_has_to_be_done(tmp_path: Path) -> None:
    talk, file = tmp_path / "t.en.vtt", tmp_path / "t.notes.md"
    talk.write_text("WEBVTT\n", encoding="utf-8")
    file.touch()
    with Store(tmp_path / "study.db") as store:
        store.save(SMALL_TALK, key="k")
        new = new_record(Job(source=str(talk)), tmp_path, Options())
        done = replace(new, status="done", talk=SMALL_TALK.source.id, files=(str(file),))
        assert must_do(store, new, None, None)
        assert not must_do(store, new, done, None)
        assert not must_do(store, new, done, "failed")
        assert must_do(store, new, done, "all")
        failed = replace(done, status="failed")
        assert [must_do(store, new, failed, retry) for retry in (None, "failed")] == [False, True]
        for status in ("waiting", "running"):
            assert must_do(store, new, replace(done, status=status), None)
        assert must_do(store, new, replace(done, files=(str(file), "gone")), None)
        assert must_do(store, new, replace(done, talk="0" * 64), None)
        assert must_do(store, replace(new, state="other"), failed, None)


@pytest.mark.parametrize("change", ["file", "translation", "setting", "own setting", "engine", "chapters"])
def test_what_changes_the_state_of_a_talk(tmp_path: Path, change: str) -> None:
    talk, other = tmp_path / "t.en.vtt", tmp_path / "t.zh.txt"
    talk.write_text("WEBVTT\n", encoding="utf-8")
    other.write_text("好", encoding="utf-8")
    job, options = Job(source=str(talk), translation=other), Options()
    before = new_record(job, tmp_path, options)
    assert new_record(job, tmp_path, options) == before
    unseen = options.updated({"store.db": Path("x.db"), "batch.workers": 7, "anki.url": "http://127.0.0.1:1"})
    assert new_record(job, tmp_path, unseen) == before
    if change == "file":
        talk.write_text("WEBVTT\n\n", encoding="utf-8")
    elif change == "translation":
        other.unlink()
    elif change == "setting":
        options = options.updated({"vocabulary.level": "C1"})
    elif change == "own setting":
        job = replace(job, settings={"ingest.language": "en"})
    elif change == "engine":
        job = replace(job, translate="captions")
    else:
        job = replace(job, chapters=tmp_path / "none.txt")
    after = new_record(job, tmp_path, options)
    assert after.state != before.state
    assert after.key == before.key
