"""``studykit course``: courses made, changed, listed, written, and the user's files kept."""

from __future__ import annotations

import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from studykit.errors import EngineError
from studykit.store import Store, TalkSource, add_source, course_talks
from tests.cli.calls import Command, calls_in
from tests.small_course import LECTURES

FIRST, SECOND, THIRD = (notes.source.id for notes in LECTURES)


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    with Store(tmp_path / "study.db") as store:
        for notes in LECTURES:
            store.save(notes, key=notes.source.id)
    # No printing here: it takes seconds.
    monkeypatch.setattr("studykit.engines.programs.chromium._NAMES", ())
    monkeypatch.setattr("studykit.engines.programs.chromium._PLACES", ())
    return calls_in(tmp_path, monkeypatch, capsys)


def talks(folder: Path, name: str = "Models") -> list[str]:
    with Store(folder / "study.db") as store:
        return course_talks(store, name)


def test_a_course_is_made_extended_and_written_again(studykit: Command, tmp_path: Path) -> None:
    done = studykit("course", "Models", "costs", SECOND[:8])
    assert (done.code, done.out.splitlines()[0]) == (0, f"{Path('Models/index.html')}")
    assert talks(tmp_path) == [FIRST, SECOND]
    assert studykit("course", "models", THIRD[:8], "-o", "out").out.startswith(f"{Path('out/index.html')}\n")
    assert talks(tmp_path) == [FIRST, SECOND, THIRD]
    assert (tmp_path / "out" / "lectures" / f"{THIRD[:16]}.html").is_file()
    again = studykit("course", "Models", "-o", "out")
    assert "0 written" in again.err
    assert "0 removed" in again.err


def test_talks_are_named_by_file_and_link(studykit: Command, tmp_path: Path) -> None:
    captions = tmp_path / "captions.srt"
    captions.write_text("1\n", encoding="utf-8")
    with Store(tmp_path / "study.db") as store, store.transaction():
        add_source(store, SECOND, TalkSource(digest="d", origin=str(captions.resolve())))
    assert studykit("course", "Models", "captions.srt", "https://www.youtube.com/watch?v=n3").code == 0
    assert talks(tmp_path) == [SECOND, THIRD]
    (tmp_path / "other.srt").write_text("2\n", encoding="utf-8")
    refused = studykit("course", "Models", "other.srt")
    assert refused.code == 1
    assert "studykit notes other.srt" in refused.err


def test_talks_are_put_in_order_and_taken_out(studykit: Command, tmp_path: Path) -> None:
    studykit("course", "Models", FIRST[:8], SECOND[:8], THIRD[:8], "-q")
    studykit("course", "Models", "--order", THIRD[:8], FIRST[:8], "-q")
    assert talks(tmp_path) == [THIRD, FIRST, SECOND]
    page = tmp_path / "Models" / "lectures" / f"{FIRST[:16]}.html"
    assert page.is_file()
    studykit("course", "Models", "--remove", FIRST[:8], "-q")
    assert talks(tmp_path) == [THIRD, SECOND]
    assert not page.exists()
    refused = studykit("course", "Models", "--remove", FIRST[:8])
    assert (refused.code, talks(tmp_path)) == (2, [THIRD, SECOND])
    assert studykit("course", "Models", "--remove").code == 0
    assert studykit("course", "--list", "--json").json == []
    assert studykit("course", "Models").code == 1


def test_courses_and_their_talks_are_listed(studykit: Command) -> None:
    studykit("course", "Models", SECOND[:8], FIRST[:8], "-q")
    assert studykit("course", "--list").out == "Models (2 talks)\n"
    listed = studykit("course", "models", "--list", "--json").json
    assert listed["course"] == "Models"
    assert [talk["talk"] for talk in listed["talks"]] == [SECOND, FIRST]
    assert studykit("course", "Models", "--list").out.splitlines()[1].split()[:2] == ["2", FIRST[:8]]


def test_what_makes_no_sense_is_a_usage_error(studykit: Command) -> None:
    for args in ([], ["Models", "--list", "--remove"], ["Models", "--order"], [" "]):
        assert studykit("course", *args).code in {1, 2}, args
    assert studykit("course", "Nothing").code == 1
    assert "no course is called" in studykit("course", "Nothing").err


def test_a_page_that_was_edited_is_kept(studykit: Command, tmp_path: Path) -> None:
    studykit("course", "Models", FIRST[:8], "-q")
    (tmp_path / "Models" / "index.html").write_text("mine", encoding="utf-8")
    done = studykit("course", "Models", "-q")
    assert "index.html.1" in done.err
    assert (tmp_path / "Models" / "index.html.1").read_text(encoding="utf-8") == "mine"


def test_two_courses_in_one_folder_keep_each_others_pages(studykit: Command, tmp_path: Path) -> None:
    studykit("course", "One", FIRST[:8], "-o", "out", "-q")
    studykit("course", "Two", SECOND[:8], "-o", "out", "-q")
    assert (tmp_path / "out" / "lectures" / f"{FIRST[:16]}.html").is_file()
    assert (tmp_path / "out" / "index.html.1").is_file()


def test_known_words_and_easy_words_are_left_out(studykit: Command, tmp_path: Path) -> None:
    new = tmp_path / "Models" / "new.html"
    studykit("course", "Models", FIRST[:8], "-q")
    assert "a different story" in new.read_text(encoding="utf-8")
    studykit("course", "Models", "--level", "C1", "-q")
    assert "a different story" not in new.read_text(encoding="utf-8")
    studykit("known", "add", "a different story")
    studykit("course", "Models", "-q")
    assert "a different story" not in new.read_text(encoding="utf-8")
    assert "KV cache" in new.read_text(encoding="utf-8")


def test_the_deck_is_made_once_and_remembers_whose_notes_it_has(studykit: Command, tmp_path: Path) -> None:
    studykit("course", "Models", FIRST[:8], SECOND[:8], "-q")
    deck = tmp_path / "Models" / "Models.apkg"
    before = guids(deck)
    written_at = deck.stat().st_mtime_ns
    again = studykit("course", "Models")
    assert "0 written" in again.err
    assert deck.stat().st_mtime_ns == written_at
    studykit("course", "Models", "--order", SECOND[:8], "-q")
    assert deck.stat().st_mtime_ns != written_at
    assert guids(deck) == before
    assert "Models.apkg" in (tmp_path / "Models" / "index.html").read_text(encoding="utf-8")


def guids(deck: Path) -> set[str]:
    """The identities of the notes in a package."""
    with zipfile.ZipFile(deck) as content, closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(content.read("collection.anki2"))
        return {str(guid) for (guid,) in db.execute("SELECT guid FROM notes")}


def test_only_the_files_asked_for_are_made(
    studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert studykit("course", "Models", FIRST[:8], "--format", "none").out.count("\n") == 1
    assert not list((tmp_path / "Models").glob("*.apkg"))
    assert studykit("course", "Models", "--format", "docx").code == 2
    assert studykit("course", "Models", "--format", "epub").out.count("\n") == 2
    assert studykit("course", "Models", "--format", "none").err.count(" 0 removed")
    index = tmp_path / "Models" / "index.html"
    assert (tmp_path / "Models" / "Models.epub").is_file()
    assert "Models.epub" not in index.read_text(encoding="utf-8")
    monkeypatch.setitem(sys.modules, "genanki", None)
    without = studykit("course", "Models", "--json")
    assert without.code == 0
    assert "skipped apkg" in without.err
    assert [left["format"] for left in without.json["skipped"]] == ["pdf", "apkg"]
    assert [Path(path).name for path in without.json["files"]] == ["index.html", "Models.epub"]
    assert studykit("course", "Models", "--format", "apkg").code == 3
    assert studykit("course", "Models", "--format", "epub,pdf").code == 3


def test_a_book_that_cannot_be_printed_stops_nothing_else(
    studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> bytes:
        raise EngineError("chromium", "printing took more than 600 s")

    monkeypatch.setattr("studykit.talk.write.course.print_with_pages", fails)
    done = studykit("course", "Models", FIRST[:8])
    assert done.code == 0
    assert "skipped pdf: chromium: printing took more than 600 s" in done.err
    assert {path.suffix for path in (tmp_path / "Models").iterdir()} >= {".html", ".epub", ".apkg"}
    assert "Models.pdf" not in (tmp_path / "Models" / "index.html").read_text(encoding="utf-8")
    assert studykit("course", "Models", "--format", "pdf").code == 1


def test_json_names_lectures_and_files(studykit: Command) -> None:
    made = studykit("course", "Models", FIRST[:8], SECOND[:8], "--json").json
    assert made["course"] == "Models"
    assert made["index"] == made["files"][0] == str(Path("Models/index.html"))
    assert [(row["number"], row["talk"]) for row in made["lectures"]] == [(1, FIRST), (2, SECOND)]


def test_a_search_can_stay_in_a_course(studykit: Command) -> None:
    studykit("course", "Models", THIRD[:8], FIRST[:8], "--format", "none", "-q")
    for query in ("KV cache", "量化"):
        hits = studykit("search", query, "--course", "models", "--json").json
        assert [(hit["lecture"], hit["talk_id"]) for hit in hits] == [(1, THIRD), (2, FIRST)]
        assert all(hit["link"].startswith("https://www.youtube.com/watch") for hit in hits)
    assert studykit("search", "量化", "--course", "Models").out.startswith("1. Lecture <3>")
    assert "lecture" not in studykit("search", "量化", "--json").json[0]
    assert studykit("search", "x", "--course", "Nothing").code == 1
    assert studykit("search", "x", "--course", "Models", "--talk", FIRST[:8]).code == 2
