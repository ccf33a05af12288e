"""Whose file it is, which version wrote it, and what is said when SQLite fails."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.errors import StoreError
from studykit.store import Store, add_known, known_items
from studykit.store import opening as module
from studykit.store.opening import APPLICATION_ID
from tests.assisted import ASSISTED_TALK
from tests.talks import SMALL_TALK

OLD = Path(__file__).parent / "old"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "study.db"
    with Store(path) as store:
        store.save(SMALL_TALK, key="k1")
        add_known(store, ["trade-off"])
    return path


def _told(path: Path, *, read_only: bool = False) -> str:
    with pytest.raises(StoreError) as caught:
        Store(path, read_only=read_only)
    return str(caught.value)


def test_a_new_database_says_what_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert path.read_bytes()[68:72] == b"stud"


@pytest.mark.parametrize("name", ["with_talks.sqlite", "with_review.sqlite", "before_assistance.sqlite"])
def test_an_older_database_is_upgraded_also_for_reading(tmp_path: Path, name: str) -> None:
    shutil.copy(OLD / name, tmp_path / "old.db")
    with Store.reading(tmp_path / "old.db") as store:
        assert store.read_only
        assert len(store.talks()) == 1
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_notes_of_before_assistance_are_read_as_they_were_and_take_some(tmp_path: Path) -> None:
    shutil.copy(OLD / "before_assistance.sqlite", tmp_path / "old.db")
    with Store(tmp_path / "old.db") as store:
        before_demos = tuple(replace(c, demo=None, verdict="", verdict_zh="") for c in SMALL_TALK.claims)
        assert store.load(SMALL_TALK.source.id) == replace(SMALL_TALK, claims=before_demos)
        store.save(ASSISTED_TALK, key="k2")
        assert store.load(SMALL_TALK.source.id) == ASSISTED_TALK


@pytest.mark.parametrize("mark", [0, 0x42])
def test_another_programs_database_is_left_as_it_is(tmp_path: Path, mark: int) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
        connection.execute(f"PRAGMA application_id = {mark}")
        connection.commit()
    before = path.read_bytes()
    for read_only in (False, True):
        assert "another program's" in _told(path, read_only=read_only)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_database_of_a_newer_version_is_refused_unchanged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('studykit', 'm9', '')"
        )
        connection.execute("UPDATE about SET value = '7.2.0'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    for read_only in (False, True):
        assert "written by studykit 7.2.0 and left as it is" in _told(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_reader_writes_nothing_and_leaves_no_file(path: Path) -> None:
    before = path.read_bytes()
    with Store.reading(path) as store:
        assert store.talks()
        store.keep_result("key", b"result", stage="s", source_id="x")
        assert store.result("key") is None
        with pytest.raises(StoreError, match="cannot be written to"):
            add_known(store, ["cache"])
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


_AS_NOBODY = """
import os, sys
from pathlib import Path
from studykit.store import Store
from studykit.store import opening  # loaded while it may still be read
with Store(Path(sys.argv[1]) / "warm.db") as store: store.talks()
if os.geteuid() == 0: os.setuid(65534)
with Store.existing(Path(sys.argv[2])) as store:
    print(store.read_only, [talk.title for talk in store.talks()])
"""


def test_a_read_only_folder_can_be_read(path: Path) -> None:
    with tempfile.TemporaryDirectory() as root:  # pytest's own folders are for the user alone
        Path(root).chmod(0o755)
        folder = Path(root, "cd")
        folder.mkdir()
        shutil.copy(path, folder / "study.db")
        (folder / "study.db").chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, root, str(folder / "study.db")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == "True ['Caches & costs']", done.stderr
        assert [file.name for file in folder.iterdir()] == ["study.db"]
        folder.chmod(0o755)


def test_a_lock_that_is_not_given_up_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCK_WAIT_S", 0)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program has been writing"), Store(path) as store:
            add_known(store, ["cache"])
        with Store.reading(path) as reader:
            assert len(known_items(reader)) == 1


def test_damage_that_is_met_late_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sentences'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\\x55" * size
    path.write_bytes(data)
    with pytest.raises(StoreError, match="studykit db check"), Store(path) as store:
        store.load(SMALL_TALK.source.id)


_ON_A_FULL_DISK = """
import os, resource, signal, sys
from studykit.errors import StoreError
from studykit.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with Store(sys.argv[1]) as store:
        store.keep_result("key", os.urandom(1_000_000), stage="s", source_id="x")
except StoreError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_is_named_and_nothing_is_lost(path: Path) -> None:
    command = [sys.executable, "-c", _ON_A_FULL_DISK, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{path}: ")
    assert done.stdout.count("\n") == 1
    with Store(path) as store:
        assert [talk.title for talk in store.talks()] == ["Caches & costs"]
        assert store.result("key") is None
        assert store.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
