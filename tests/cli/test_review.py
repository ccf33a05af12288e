"""``studykit review`` as scripts and people call it, on the example talk."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from studykit.cli.main import main
from studykit.options import Options
from studykit.resources import data_dir
from tests.cli.calls import Command, Run, calls_in

EXAMPLES = data_dir("examples")
LECTURE = ["notes", "lecture.en.vtt", "--translation", "lecture.zh.txt"]
TALK = "How a language model is built"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, lecture_db: Path) -> tuple[Path, Path]:
    """A folder with the example talk and its notes, made once, and a copy of it."""
    root = tmp_path_factory.mktemp("review")
    folder, copy = root / "work", root / "copy"
    folder.mkdir()
    shutil.copy(lecture_db, folder / "study.db")
    for name in ("lecture.en.vtt", "lecture.zh.txt"):
        shutil.copy(EXAMPLES / name, folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with pytest.raises(SystemExit) as caught:
            main([*LECTURE, "--quiet", "--db", "study.db"])
    assert not caught.value.code
    shutil.copytree(folder, copy)
    return folder, copy


@pytest.fixture
def folder(made: tuple[Path, Path]) -> Path:
    """The folder as it was: it is the place of the files that its database knows them by."""
    folder, copy = made
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    return folder


@pytest.fixture
def studykit(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return calls_in(folder, monkeypatch, capsys)


def fix(studykit: Command, *args: str) -> Run:
    return studykit("review", TALK, "fix", *args)


def beads(studykit: Command) -> list[dict[str, Any]]:
    listed = studykit("review", TALK, "--worst", "999", "--json").json
    return [{key: bead[key] for key in ("number", "score", "english", "chinese")} for bead in listed["beads"]]


def test_the_worst_beads_with_their_context(studykit: Command) -> None:
    done = studykit("review", TALK, "--worst", "5", "--json").json
    assert len(done["beads"]) == 5
    scores = [bead["score"] for bead in done["beads"]]
    assert scores == sorted(scores)
    everything = {bead["number"]: bead for bead in beads(studykit)}
    assert len(everything) == done["total"]
    assert done["doubtful"] == sum(
        bead["score"] < Options().notes.doubtful_below for bead in everything.values()
    )
    for bead in done["beads"]:
        assert bead["kind"] == f"{len(bead['english'])}-{len(bead['chinese'])}"
        for near, number in (("before", bead["number"] - 1), ("after", bead["number"] + 1)):
            assert (bead[near] or {}).get("english") == everything.get(number, {}).get("english")
    assert len(studykit("review", TALK, "--json").json["beads"]) == 20


def test_options_may_stand_on_either_side_of_the_talk(studykit: Command) -> None:
    after = studykit("review", TALK, "--worst", "2").out
    assert after == studykit("review", "--worst", "2", TALK).out
    assert after.startswith(TALK)
    assert after.count("Bead ") == 2
    assert "  zh  " in after


def test_a_paragraph(studykit: Command) -> None:
    listed = studykit("review", TALK, "-p", "2", "--json").json["beads"]
    shown = studykit("show", TALK, "-p", "2", "--json").json
    assert [s["number"] - 1 for bead in listed for s in bead["english"]] == [
        s["index"] for s in shown["english"]
    ]
    assert studykit("review", TALK, "-p", "999").code == 2


def test_merge_lock_and_undo(studykit: Command) -> None:
    before = beads(studykit)
    done = fix(studykit, "merge", "5", "6", "--json").json
    assert done["action"] == "merge 5 6"
    assert done["locked"] == 1
    (made,) = [bead for bead in done["beads"] if bead["locked"]]
    assert made["english"] == before_of(before, 5, "english") + before_of(before, 6, "english")
    assert made["chinese"] == before_of(before, 5, "chinese") + before_of(before, 6, "chinese")
    assert made["score"] == 1.0
    assert fix(studykit, "lock", "1").code == 0
    assert fix(studykit, "undo").out.count("undo lock 1: done") == 1
    assert fix(studykit, "undo").code == 0
    assert beads(studykit) == before


def before_of(listed: list[dict[str, Any]], number: int, side: str) -> list[dict[str, Any]]:
    (bead,) = [bead for bead in listed if bead["number"] == number]
    sentences: list[dict[str, Any]] = bead[side]
    return sentences


def test_every_action_is_a_command(studykit: Command) -> None:
    listed = sorted(beads(studykit), key=lambda bead: int(bead["number"]))
    two_to_one = (b for b in listed if len(b["english"]) == 2 and len(b["chinese"]) == 1)
    bead = next(b for b in two_to_one if b["number"] > 1)  # one before it is needed
    number, first = str(bead["number"]), bead["english"][0]["number"]
    assert fix(studykit, "split", number, "--source", "1", "--target", "0").code == 0
    assert fix(studykit, "move", number, "first", "en").code == 0
    assert fix(studykit, "undo").code == 0
    assert fix(studykit, "unlock", number).code == 0
    assert fix(studykit, "set", f"{first}-{first + 1}", str(bead["chinese"][0]["number"])).code == 0
    assert fix(studykit, "set", str(first), "-").code == 1
    assert studykit("review", TALK, "--json").json["locked"] == 1


def across(studykit: Command) -> tuple[str, str]:
    """Two neighbouring beads that stand in two paragraphs."""
    listed = studykit("review", TALK, "--worst", "999", "--json").json["beads"]
    paragraph = {bead["number"]: bead["paragraph"] for bead in listed}
    first = next(number for number in sorted(paragraph) if paragraph[number + 1] > paragraph[number])
    return str(first), str(first + 1)


def test_a_later_run_agrees_and_the_files_can_be_written_again(studykit: Command, folder: Path) -> None:
    file = folder / "lecture.notes.md"
    old = file.read_bytes()
    done = fix(studykit, "merge", *across(studykit), "--json").json
    assert file.read_bytes() == old
    stored = studykit("show", TALK, "--json").json
    cached = studykit(*LECTURE, "--format", "json", "--json").json["cached"]
    assert [stage for stage, was in cached.items() if not was] == ["export json"]
    assert json.loads((folder / "lecture.notes.json").read_bytes()) == stored

    commands = {Path(file["path"]).name: file["command"] for file in done["files"]}
    assert list(commands) == ["lecture.notes.html", "lecture.notes.md"]
    assert commands[file.name] == f"studykit export {done['talk'][:8]} --format md -o lecture.notes.md"
    assert studykit(*commands[file.name].split()[1:]).code == 0
    assert file.read_bytes() != old
    assert not list(folder.glob("*.1"))


def test_edited_captions_keep_locks_and_say_which_they_cannot(studykit: Command, folder: Path) -> None:
    done = fix(studykit, "merge", "5", "6", "--json").json
    (made,) = [bead for bead in done["beads"] if bead["locked"]]
    captions, chinese = folder / "lecture.en.vtt", folder / "lecture.zh.txt"
    captions.write_text(
        captions.read_text(encoding="utf-8").replace("can everybody hear me", "can you all hear me"),
        encoding="utf-8",
    )
    chinese.write_text("大家好。" + chinese.read_text(encoding="utf-8"), encoding="utf-8")
    again = studykit(*LECTURE, "--json").json
    assert again["source_id"] == done["talk"]
    assert not again["warnings"]
    listed = studykit("review", again["source_id"], "-p", str(made["paragraph"]), "--json").json
    (kept,) = [bead for bead in listed["beads"] if bead["locked"]]
    for side in ("english", "chinese"):
        assert [s["text"] for s in kept[side]] == [s["text"] for s in made[side]]

    gone = made["chinese"][0]["text"]
    chinese.write_text(chinese.read_text(encoding="utf-8").replace(gone, "换了一句话。"), encoding="utf-8")
    edited = studykit(*LECTURE)
    assert "warning: a locked pair does not apply" in edited.err
    assert studykit("review", again["source_id"], "--json").json["lost"][0]["chinese"][0] == gone
    assert "This lock does not apply" in studykit("review", again["source_id"]).out


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["merge", "1", "3"], 1, "not neighbours"),
        (["lock", "9999"], 1, "beads are numbered from 1 to"),
        (["unlock", "1"], 1, "is not locked; locked beads: none"),
        (["undo"], 1, "nothing to undo"),
        (["forget"], 1, "nothing to forget"),
        (["set", "x", "1"], 2, "not a sentence number, a range such as 14-15, or - for none"),
        (["set", "900", "1"], 1, "no such sentences"),
        (["move", "1", "middle", "zh"], 2, "'middle' is not one of"),
        (["lock", "1", "--encoder", "zebra"], 2, "zebra"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_errors(args: list[str], code: int, message: str, studykit: Command) -> None:
    done = fix(studykit, *args)
    assert done.code == code
    assert message in done.err
    assert not done.out


def test_talks_that_cannot_be_reviewed(studykit: Command) -> None:
    assert studykit("review", "no such talk").code == 1
    assert studykit("review").code == 2
    assert studykit("review", TALK, "frobnicate").code == 2
    (Path("alone.en.txt")).write_text("A talk that nobody has translated. It is short.", encoding="utf-8")
    studykit("notes", "alone.en.txt")
    done = studykit("review", "alone")
    assert done.code == 1
    assert "has no translation" in done.err
    assert fix(studykit, "--help").code == 0
    assert fix(studykit, "split", "--help").code == 0
