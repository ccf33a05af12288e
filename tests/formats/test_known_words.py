"""Lists of known words in every form that people have them."""

from __future__ import annotations

import sqlite3
import sys
import zipfile
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import EmptyInputError, FormatError, InputError, MissingExtraError, UnreadableError
from studykit.formats import read_known_words

WORDS = ["trade-off", "throw out", "从 scratch"]


def collection(folder: Path, words: list[str]) -> bytes:
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, flds TEXT)")
        db.executemany("INSERT INTO notes (flds) VALUES (?)", [(f"{word}\x1fback",) for word in words])
        db.commit()
    return path.read_bytes()


def deck(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "deck.apkg"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("trade-off\nthrow out\n", ["trade-off", "throw out"]),
        ("kind,head,gloss\nword,trade-off,权衡\nidiom,throw out,丢弃\n", ["trade-off", "throw out"]),
        ("Word;Note\nhouse;x\nhouse;y\n", ["house"]),
        ("#separator:tab\n#html:true\n<b>house</b>&nbsp;[sound:h.mp3]\tback\n", ["house"]),
        ('#separator:Comma\n#tags column:3\n"{{c1::keep::hint}} up",back,x\n', ["keep up"]),
        ('house,"a, b"\n', ["house"]),
    ],
)
def test_text(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    assert read_known_words(path) == words


@pytest.mark.parametrize("name", ["collection.anki2", "collection.anki21"])
def test_an_anki_deck(tmp_path: Path, name: str) -> None:
    assert read_known_words(deck(tmp_path, {name: collection(tmp_path, WORDS), "media": b"{}"})) == WORDS


def test_the_newest_collection_counts(tmp_path: Path) -> None:
    old, new = collection(tmp_path, ["please update Anki"]), collection(tmp_path, WORDS)
    path = deck(tmp_path, {"collection.anki2": old, "collection.anki21": new})
    assert read_known_words(path) == WORDS


def test_a_packed_collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zstandard = pytest.importorskip("zstandard")
    words = [*WORDS, *(f"word {i * i}" for i in range(5000))]  # more than is unpacked at once
    whole = collection(tmp_path, words)
    for packer in (zstandard.ZstdCompressor(), zstandard.ZstdCompressor(write_content_size=False)):
        packed = packer.compress(whole)
        files = {"collection.anki21b": packed, "collection.anki2": b""}
        assert read_known_words(deck(tmp_path, files)) == words
        for part in (b"", packed[:40], packed[:-1], packed[: len(packed) // 2], b"not packed"):
            with pytest.raises(FormatError, match="damaged Anki deck"):
                read_known_words(deck(tmp_path, {"collection.anki21b": part}))
    monkeypatch.setattr("studykit.formats.known_words._LARGEST_BYTES", len(whole) - 1)
    with pytest.raises(UnreadableError, match="unpacks to more than"):
        read_known_words(deck(tmp_path, files))


def test_a_packed_collection_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtraError, match=r"studykit\[anki\]"):
        read_known_words(deck(tmp_path, {"collection.anki21b": b"x"}))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyInputError),
        (b"\n\n", EmptyInputError),
        (b"PK\x03\x04 broken", FormatError),
        (b"#separator:two\nx\n", FormatError),
    ],
)
def test_what_is_no_list_is_an_error(tmp_path: Path, data: bytes, error: type[InputError]) -> None:
    path = tmp_path / "list.apkg"
    path.write_bytes(data)
    with pytest.raises(error, match=r"list\.apkg"):
        read_known_words(path)


def test_a_zip_without_a_collection(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no collection"):
        read_known_words(deck(tmp_path, {"readme.txt": b"x"}))
    with pytest.raises(FormatError, match="not an Anki collection"):
        read_known_words(deck(tmp_path, {"collection.anki2": b"not sqlite" * 200}))


@given(data=st.binary(max_size=300))
def test_anything_else_is_words_or_an_input_error(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "list.txt"
    for content in (data, b"PK\x03\x04" + data):
        path.write_bytes(content)
        words = []
        with suppress(InputError):
            words = read_known_words(path)
            assert words
        assert all(word == " ".join(word.split()) for word in words)


def test_a_small_deck_that_unpacks_to_a_huge_one_is_refused_early(tmp_path: Path) -> None:
    path = tmp_path / "bomb.apkg"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", bytes(100 << 20))
    assert path.stat().st_size < 200_000
    with pytest.raises(UnreadableError, match="unpacks to more than 64 MB"):
        read_known_words(path)


def test_a_view_without_an_end_is_no_collection(tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE VIEW notes AS WITH RECURSIVE n(flds) AS (SELECT 'x' UNION ALL SELECT flds FROM n)"
            " SELECT flds FROM n"
        )
        db.commit()
    with pytest.raises(FormatError, match="no table of notes"):
        read_known_words(deck(tmp_path, {"collection.anki2": path.read_bytes()}))


def test_an_encrypted_deck_is_an_error(tmp_path: Path) -> None:
    path = deck(tmp_path, {"collection.anki2": collection(tmp_path, WORDS)})
    data = bytearray(path.read_bytes())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flag] |= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="encrypted"):
        read_known_words(path)
