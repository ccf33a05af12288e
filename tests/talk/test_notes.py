"""The whole pipeline on the example talk: what re-runs after which change, and what comes out."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.errors import InputError
from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.glossary import Glossary, load_glossary
from studykit.options import Options
from studykit.resources import data_dir
from studykit.store import Store
from studykit.talk import SILENT, NotesResult, make_notes, open_talk
from studykit.talk.notes import stages_ahead
from studykit.talk.write.files import write_notes
from studykit.types import Notes

EXAMPLES = data_dir("examples")
GLOSSARY = load_glossary()
OPTIONS = ExportOptions(labels=LABELS["zh"])


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    for name in ("lecture.en.vtt", "lecture.zh.txt"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    return tmp_path / "lecture.en.vtt"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        yield store


def run(
    store: Store,
    talk: Path,
    *,
    translated: bool = True,
    glossary: Glossary = GLOSSARY,
    options: Options = Options(),
) -> NotesResult:
    translation = talk.with_name("lecture.zh.txt") if translated else None
    return make_notes(
        open_talk(talk, translation=translation, store=store, glossary=glossary, options=options)
    )


def ran(result: NotesResult) -> list[str]:
    return [report.stage for report in result.stages if not report.cached]


def test_a_second_run_computes_nothing(store: Store, talk: Path) -> None:
    first, second = run(store, talk), run(store, talk)
    assert ran(first) == [report.stage for report in first.stages]
    assert ran(second) == []
    assert second.notes == first.notes == store.load(first.notes.source.id)


@pytest.mark.parametrize("translated", [True, False])
@pytest.mark.parametrize("edited", [True, False])
def test_progress_knows_how_many_stages_are_ahead(
    store: Store, talk: Path, translated: bool, edited: bool
) -> None:
    translation = talk.with_name("lecture.zh.txt") if translated else None
    opened = open_talk(
        talk, translation=translation, store=store, glossary=GLOSSARY, options={"notes.edited": edited}
    )
    read = len(opened.cache.reports)
    assert len(make_notes(opened).stages) - read == stages_ahead(opened)


def test_a_changed_translation_runs_what_follows_from_it(store: Store, talk: Path) -> None:
    run(store, talk)
    chinese = talk.with_name("lecture.zh.txt")
    chinese.write_text(chinese.read_text(encoding="utf-8").replace("权重", "参数"), encoding="utf-8")
    assert ran(run(store, talk)) == [
        "ingest translation", "segment translation", "correct translation", "edit zh",
        "align", "terms", "vocabulary", "claims", "compose", "slips", "check", "store",
    ]  # fmt: skip


def test_a_translation_that_is_left_out_is_missed_aloud_and_comes_back_at_once(
    store: Store, talk: Path
) -> None:
    first = run(store, talk)
    assert not first.warnings
    without = run(store, talk, translated=False)
    assert "had a translation" in without.warnings[0]
    assert not run(store, talk, translated=False).warnings
    again = run(store, talk)
    assert ran(again) == ["store"]
    assert again.notes == first.notes


def test_a_changed_gloss_runs_only_what_shows_it(store: Store, talk: Path) -> None:
    first = run(store, talk)
    shown = first.notes.terms[0].entry_id
    hidden = next(e.id for e in GLOSSARY.entries if e.id not in {t.entry_id for t in first.notes.terms})

    def reworded(entry_id: str) -> Glossary:
        return Glossary(
            replace(entry, definition_en="In other words.") if entry.id == entry_id else entry
            for entry in GLOSSARY.entries
        )

    assert ran(run(store, talk, glossary=reworded(hidden))) == []
    second = run(store, talk, glossary=reworded(shown))
    assert ran(second) == ["compose", "check", "store"]
    assert second.notes.terms[0].glosses[0].text == "In other words."


def test_a_new_form_of_a_term_runs_the_search_for_terms(store: Store, talk: Path) -> None:
    run(store, talk)
    more = Glossary(
        replace(entry, aliases=(*entry.aliases, "banana bread")) if entry.id == "token" else entry
        for entry in GLOSSARY.entries
    )
    assert ran(run(store, talk, glossary=more)) == [
        "correct", "correct translation", "terms", "vocabulary", "claims", "compose", "check", "store",
    ]  # fmt: skip


def test_an_option_runs_its_stage_and_serves_nothing_stale(store: Store, talk: Path) -> None:
    short = Options().updated({"segment.target_s": 10.0})
    first, second, third = run(store, talk), run(store, talk, options=short), run(store, talk)
    assert "segment" in ran(second)
    assert "align" not in ran(third)
    assert len(second.notes.paragraphs) > len(first.notes.paragraphs)
    assert third.notes == first.notes


@pytest.mark.slow
def test_another_model_of_boundaries_cuts_anew(store: Store, talk: Path) -> None:
    first = run(store, talk)
    second = run(store, talk, options=Options().updated({"segment.boundaries": "rules"}))
    assert "segment" in ran(second)
    assert "ingest" not in ran(second)
    assert second.notes.english == first.notes.english  # the talk has marks


def test_both_texts_in_one_language(store: Store, talk: Path) -> None:
    with pytest.raises(InputError, match=r"lecture\.en\.vtt: source and translation are both in English"):
        open_talk(talk, translation=talk, store=store)


def test_languages_may_change_places(store: Store, talk: Path) -> None:
    """A Chinese source with English captions as its translation gives the same pairs."""
    chinese = talk.with_name("lecture.zh.txt")
    result = make_notes(open_talk(chinese, translation=talk, store=store))
    assert result.notes.source.language == "zh"
    assert result.notes.alignment == run(store, talk).notes.alignment
    assert result.notes.english
    assert result.notes.chinese


def export(notes: Notes, key: str, path: Path, store: Store) -> tuple[bool, Path | None]:
    written = write_notes(notes, key, path, FORMATS["md"], options=OPTIONS, store=store, progress=SILENT)
    return written.report.cached, written.kept


def test_files_are_written_once_and_edited_ones_are_kept(store: Store, talk: Path, tmp_path: Path) -> None:
    result = run(store, talk)
    path = tmp_path / "notes.md"
    assert export(result.notes, result.key, path, store) == (False, None)
    first = path.read_bytes()
    assert export(result.notes, result.key, path, store) == (True, None)
    path.write_text("my own remarks", encoding="utf-8")
    assert export(result.notes, result.key, path, store) == (False, tmp_path / "notes.md.1")
    assert path.read_bytes() == first
    assert (tmp_path / "notes.md.1").read_text(encoding="utf-8") == "my own remarks"
    path.unlink()
    assert export(result.notes, result.key, path, store) == (False, None)
    assert path.read_bytes() == first


def _dated(notes: Notes, options: ExportOptions) -> str:
    """Like a PDF: different each time."""
    return f"{notes.source.title} {time.monotonic_ns()}"


def test_a_file_that_a_killed_run_wrote_but_did_not_record_is_ours(
    store: Store, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, path = run(store, talk), tmp_path / "notes.pdf"
    dated = replace(FORMATS["pdf"], make=_dated)

    def write() -> Path | None:
        how = {"options": OPTIONS, "store": store, "progress": SILENT}
        return write_notes(result.notes, result.key, path, dated, **how).kept

    def until_it_is_written(*of: Any, **more: Any) -> None:
        if path.is_file():
            raise SystemExit("killed")
        keep(*of, **more)

    keep = Store.keep_export
    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep_export", until_it_is_written)
        with pytest.raises(SystemExit):
            write()
    assert path.is_file()
    assert write() is None
    assert [left.name for left in tmp_path.glob("notes.pdf*")] == ["notes.pdf"]
    path.write_text("my own", encoding="utf-8")
    assert write() == tmp_path / "notes.pdf.1"


def test_a_file_that_cannot_be_written_is_not_on_record(store: Store, talk: Path, tmp_path: Path) -> None:
    result = run(store, talk)
    path = tmp_path / "missing" / "notes.md"
    with pytest.raises(InputError, match="cannot be written"):
        export(result.notes, result.key, path, store)
    assert store.exported(str(path)) is None


@pytest.mark.slow
def test_two_databases_give_byte_identical_exports(talk: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one.db", "two.db"):
        with Store(tmp_path / name) as store:
            notes = store.load(run(store, talk).notes.source.id)
            # A deck and a PDF hold the time at which they were made.
            timeless = [format for name, format in FORMATS.items() if name not in {"apkg", "pdf"}]
            made.append([format.make(notes, OPTIONS) for format in timeless])
    assert made[0] == made[1]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_run_killed_at_any_moment_goes_on_where_it_was(talk: Path, tmp_path: Path) -> None:
    def command(name: str) -> list[str]:
        translation, folder = talk.with_name("lecture.zh.txt"), tmp_path / name
        return [
            *(
                sys.executable,
                "-m",
                "studykit",
                "notes",
                str(talk),
                "--translation",
                str(translation),
                "--quiet",
            ),
            *("--db", f"{folder}.db", "--out", str(folder)),
        ]

    started = time.monotonic()
    subprocess.run(command("whole"), check=True, capture_output=True)
    whole_s = time.monotonic() - started
    chance = random.Random(3)
    for _ in range(5):
        process = subprocess.Popen(command("killed"), stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 1.0) * whole_s)
        process.kill()
        process.wait()
        for file in (tmp_path / "killed").glob("*.notes.*"):
            assert file.read_bytes() == (tmp_path / "whole" / file.name).read_bytes()
    subprocess.run(command("killed"), check=True, capture_output=True)
    for name in ("lecture.notes.md", "lecture.notes.html"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    with Store(tmp_path / "killed.db") as store:
        (row,) = store.talks()
        assert store.load(row.id) == run(store, talk).notes
