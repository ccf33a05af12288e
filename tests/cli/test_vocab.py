"""``studykit vocab`` and ``studykit known`` as scripts call them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.calls import Command, calls_in

CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:06.000
So I guess the reservoir was built from scratch.

00:00:06.000 --> 00:00:12.000
The engineers threw most of the old blueprints out.
"""
FIELDS = "head kind lemma pos cefr zipf gloss_zh gloss_source count time_s example example_zh".split()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    (tmp_path / "talk.vtt").write_text(CAPTIONS, encoding="utf-8")
    (tmp_path / "talk.zh.txt").write_text(
        "我想这座水库是从零开始建的。\n工程师们把大部分旧蓝图都丢弃了。\n", encoding="utf-8"
    )
    return calls_in(tmp_path, monkeypatch, capsys)


def test_csv_and_json_have_the_promised_fields(run: Command, tmp_path: Path) -> None:
    made = run("vocab", "talk.vtt", "--translation", "talk.zh.txt")
    assert made.code == 0
    rows = list(csv.DictReader(io.StringIO(made.out)))
    assert list(rows[0])[: len(FIELDS)] == FIELDS
    thrown = next(row for row in rows if row["head"] == "throw out")
    assert thrown["kind"] == "phrasal_verb"
    assert thrown["gloss_zh"] == "丢弃"
    assert float(thrown["time_s"]) == 6.0
    assert thrown["example_zh"] == "工程师们把大部分旧蓝图都丢弃了。"
    listed = run("vocab", "talk.vtt", "--translation", "talk.zh.txt", "--format", "json").json
    assert [item["head"] for item in listed] == [row["head"] for row in rows]
    assert listed == run("vocab", "talk.vtt", "--translation", "talk.zh.txt", "--json").json
    assert not (tmp_path / "study.db").exists()


def test_top_level_and_known(run: Command, tmp_path: Path) -> None:
    assert len(run("vocab", "talk.vtt", "--top", "2", "--json").json) == 2
    (tmp_path / "mine.csv").write_text("word\nreservoir\n", encoding="utf-8")
    heads = {item["head"] for item in run("vocab", "talk.vtt", "--known", "mine.csv", "--json").json}
    assert "I guess" in heads
    assert "reservoir" not in heads
    assert "I guess" not in {
        item["head"] for item in run("vocab", "talk.vtt", "--level", "c1", "--json").json
    }


def test_the_list_of_known_words(run: Command, tmp_path: Path) -> None:
    assert run("known", "list").code == 1  # no database yet
    assert run("known", "add", "I guess", "throw out").out == "2 new, 2 known\n"
    (tmp_path / "mine.txt").write_text("Throw-out\nreservoir\n", encoding="utf-8")
    assert run("known", "import", "mine.txt").out == "1 new, 3 known\n"
    assert run("known", "list").out == "I guess\nreservoir\nthrow out\n"
    heads = {item["head"] for item in run("vocab", "talk.vtt", "--json").json}
    assert not {"I guess", "throw out", "reservoir"} & heads
    assert run("known", "remove", "I guess", "absent").out == "1 removed; not on the list: absent\n"
    assert [item["head"] for item in run("known", "list", "--json").json["known"]] == [
        "reservoir",
        "throw out",
    ]


def test_notes_leave_known_words_out_and_later_talks_know_them(run: Command, tmp_path: Path) -> None:
    def vocabulary() -> int:
        made = run("notes", "talk.vtt", "--translation", "talk.zh.txt", "--json", "-q")
        return int(made.json["vocabulary"])

    before = vocabulary()
    assert before
    assert "从零开始" in (tmp_path / "talk.notes.md").read_text(encoding="utf-8")
    other = (
        "WEBVTT\n\n00:01.000 --> 00:05.000\nPlease do not throw the bread out, said the baker next door.\n"
    )
    (tmp_path / "other.vtt").write_text(other, encoding="utf-8")
    items = {item["head"]: item["met"] for item in run("vocab", "other.vtt", "--json").json}
    assert items["throw out"] == ["talk"]
    run("known", "add", "throw out")
    assert vocabulary() == before - 1


def test_a_chinese_file_has_no_english_to_study(run: Command) -> None:
    made = run("vocab", "talk.zh.txt")
    assert made.code == 1
    assert "talk.zh.txt: has no English" in made.err
    assert "--translation" in made.err
