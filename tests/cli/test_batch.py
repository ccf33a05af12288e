"""``studykit batch`` as users and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studykit import engines
from studykit.batch import run, worker
from studykit.glossary import Glossary
from tests.align.bags import BagEncoder
from tests.batch.conftest import InlinePool, write_talk
from tests.cli.calls import Command, calls_in


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setattr(run, "Pool", InlinePool)
    monkeypatch.setattr(engines, "encoder", lambda name: BagEncoder())
    monkeypatch.setattr(worker, "load_glossary", lambda paths: Glossary([]))
    worker._glossary.cache_clear()
    call = calls_in(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    return call


def test_a_manifest_from_end_to_end(studykit: Command, tmp_path: Path) -> None:
    write_talk(tmp_path, 1)
    text = "source,translation,title\ntalk 1.en.vtt,talk 1.zh.txt,First\nnone.vtt,,\n"
    (tmp_path / "course.csv").write_text(text, encoding="utf-8")
    plan = studykit("batch", "course.csv", "-o", "out", "--dry-run", "--json")
    assert (plan.code, [row["to_do"] for row in plan.json]) == (0, [True, True])
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "study.db").exists()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "course.batch.jsonl").write_text("mine", encoding="utf-8")
    shown = studykit("batch", "course.csv", "--dry-run").out
    assert "to do   First + talk 1.zh.txt" in shown
    assert shown.endswith("2 talks, 2 to do\n")

    done = studykit("batch", "course.csv", "-o", "out", "--format", "md,srt", "--json")
    assert done.code == 1
    first, second = done.json
    assert (first["status"], first["error"], first["title"]) == ("done", None, "First")
    assert first["seconds"] > 0
    assert [Path(file).name for file in first["files"]] == ["talk 1.notes.md", "talk 1.srt"]
    assert (second["status"], second["source"]) == ("failed", str(tmp_path / "none.vtt"))
    assert "no such file" in second["error"]
    ended = sorted(line.partition("] ")[2] for line in done.err.splitlines())
    assert [line.partition(": ")[0] for line in ended] == ["done", "failed"]
    assert ended[0].startswith("done: First: ")
    assert ended[1].startswith("failed: none.vtt: ")
    lines = (tmp_path / "out" / "course.batch.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == done.json
    assert (tmp_path / "out" / "course.batch.jsonl.1").read_text(encoding="utf-8") == "mine"

    again = studykit("batch", "course.csv", "-o", "out", "--format", "md,srt")
    assert again.code == 1
    assert again.out.startswith("2 talks: 1 done, 1 failed\n  none.vtt: ")
    assert "done: First" not in again.err, "it was not done again"
    assert "--retry failed" in again.out
    assert "First" in studykit("talks").out
    planned = studykit("batch", "course.csv", "-o", "out", "--format", "md,srt", "--dry-run", "--json").json
    assert [row["to_do"] for row in planned] == [False, False]


def test_a_folder_is_a_batch_and_its_outputs_are_no_talks(studykit: Command, tmp_path: Path) -> None:
    write_talk(tmp_path / "course", 1)
    write_talk(tmp_path / "course", 2)
    for _ in range(2):
        done = studykit("batch", "course", "-o", "course", "--format", "srt,json", "--json", "--quiet")
        assert (done.code, done.err) == (0, "")
        assert [Path(record["source"]).name for record in done.json] == ["talk 1.en.vtt", "talk 2.en.vtt"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["course.txt", "--shard", "0/4"], "'0/4' is not such as 1/4"),
        (["course.txt", "--shard", "5/4"], "'5/4' is not such as 1/4"),
        (["course.txt", "--watch"], "--watch needs a folder"),
        ([".", "--watch", "--dry-run"], "--watch needs a folder"),
        (["course.txt", "--format", "docx"], "'docx' is not one of"),
        (["course.txt", "--workers", "-1"], "must be at least 0"),
    ],
)
def test_wrong_usage_is_told(studykit: Command, tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "course.txt").write_text("https://youtu.be/x\n", encoding="utf-8")
    done = studykit("batch", *arguments)
    assert done.code == 2
    assert told in done.err


def test_no_list_no_batch(studykit: Command, tmp_path: Path) -> None:
    done = studykit("batch", "none.csv")
    assert (done.code, "none.csv" in done.err) == (1, True)
    (tmp_path / "empty").mkdir()
    done = studykit("batch", "empty")
    assert (done.code, done.out) == (0, "0 talks: 0 done\n")
