"""``studykit correct`` as people call it, on a talk of a few lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Command, calls_in

TALK = """WEBVTT

00:00:01.000 --> 00:00:05.000
So, um, a large language model like Chachi PT is trained by RLHF.

00:00:05.000 --> 00:00:09.000
I think I think agentic search counts as rag too.
"""


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    (tmp_path / "talk.vtt").write_text(TALK, encoding="utf-8")
    return calls_in(tmp_path, monkeypatch, capsys)


def test_a_file_is_listed_and_put_right(studykit: Command, tmp_path: Path) -> None:
    made = studykit("correct", "talk.vtt", "--json").json
    assert [(row["wrong"], row["right"]) for row in made["corrections"]] == [
        ("Chachi PT", "ChatGPT"),
        ("rag", "RAG"),
    ]
    for row in made["corrections"]:
        assert TALK[row["start"] : row["end"]] == row["wrong"]
        assert 1 <= row["time_s"] <= 9
        assert 0.75 <= row["confidence"] <= 1
    done = studykit("correct", "talk.vtt", "--apply", "-o", "fixed.vtt")
    assert "Chachi PT → ChatGPT" in done.out
    fixed = (tmp_path / "fixed.vtt").read_text(encoding="utf-8")
    assert fixed == TALK.replace("Chachi PT", "ChatGPT").replace("rag", "RAG")
    assert not studykit("correct", "fixed.vtt", "--json").json["corrections"]


def test_a_rejected_correction_stays_away(studykit: Command, tmp_path: Path) -> None:
    assert studykit("notes", "talk.vtt", "--format", "md", "--labels", "en").code == 0
    notes = (tmp_path / "talk.notes.md").read_text(encoding="utf-8")
    assert "**ChatGPT**" in notes
    assert "So, a large language model like ChatGPT is trained" in notes.replace("**", "")
    assert "| rag | RAG | listed |" in notes
    shown = studykit("show", "talk", "--raw").out
    assert "So, um, a large language model like Chachi PT" in shown
    assert "I think I think" not in studykit("show", "talk").out

    rows = studykit("correct", "--talk", "talk", "--json").json["corrections"]
    number = next(row["number"] for row in rows if row["right"] == "RAG")
    after = studykit("correct", "--talk", "talk", "--revert", str(number), "--json").json
    assert [row["right"] for row in after["corrections"]] == ["ChatGPT"]
    studykit("notes", "talk.vtt", "--format", "md", "--labels", "en")
    assert "as rag too" in (tmp_path / "talk.notes.md").read_text(encoding="utf-8")
    back = next(row["number"] for row in after["proposals"] if row["right"] == "RAG")
    again = studykit("correct", "--talk", "talk", "--accept", str(back), "--json").json
    assert [row["right"] for row in again["corrections"]] == ["ChatGPT", "RAG"]


OTHER = """WEBVTT

00:00:01.000 --> 00:00:05.000
Nobody bragged, but a rag it was, and a rag it will be.

00:00:05.000 --> 00:00:09.000
They sang RAG TIME.
"""


def test_a_decision_about_all_talks_is_made_in_another_one(studykit: Command, tmp_path: Path) -> None:
    def made(talk: str) -> list[tuple[str, str, str]]:
        rows = studykit("correct", talk, "--json").json["corrections"]
        return [(row["wrong"], row["right"], row["rule"]) for row in rows if row["right"] == "RAG"]

    def decide(how: str) -> str:
        found = studykit("correct", "talk.vtt", "--json").json
        rows = [*found["corrections"], *found["proposals"]]
        number = next(row["number"] for row in rows if row["wrong"] == "rag")
        return studykit("correct", "talk.vtt", how, str(number), "--everywhere").err

    (tmp_path / "other.vtt").write_text(OTHER, encoding="utf-8")
    for talk in ("talk.vtt", "other.vtt"):
        assert studykit("notes", talk, "--format", "md").code == 0
    assert not made("other.vtt")

    assert "`studykit notes` of every talk will apply it" in decide("--accept")
    assert made("other.vtt") == [("rag", "RAG", "decided")] * 2
    assert studykit("notes", "other.vtt", "--format", "md").code == 0
    notes = (tmp_path / "other.notes.md").read_text(encoding="utf-8").replace("**", "")
    assert "Nobody bragged, but a RAG it was, and a RAG it will be." in notes
    assert "| rag | RAG | 你的决定 |" in notes

    decide("--revert")
    assert not made("talk.vtt")
    assert not made("other.vtt")
    decide("--accept")
    assert made("talk.vtt") == [("rag", "RAG", "decided")]


def test_a_decision_about_one_place_outranks_that_about_all_talks(studykit: Command) -> None:
    studykit("notes", "talk.vtt", "--format", "md")

    def number() -> str:
        found = studykit("correct", "talk.vtt", "--json").json
        rows = [*found["corrections"], *found["proposals"]]
        return str(next(row["number"] for row in rows if row["wrong"] == "rag"))

    def rights() -> list[str]:
        return [row["right"] for row in studykit("correct", "talk.vtt", "--json").json["corrections"]]

    studykit("correct", "talk.vtt", "--accept", number(), "--everywhere")
    studykit("correct", "talk.vtt", "--revert", number())
    assert rights() == ["ChatGPT"]
    studykit("correct", "talk.vtt", "--accept", number(), "--everywhere")
    assert rights() == ["ChatGPT", "RAG"]


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ((), 2, "give either FILE or --talk"),
        (("talk.vtt", "--apply"), 2, "go together"),
        (("talk.vtt", "--revert", "1"), 2, "need a talk in the database"),
        (("talk.vtt", "--everywhere"), 2, "--everywhere needs --accept N or --revert N"),
        (("none.vtt",), 1, "no such file"),
    ],
)
def test_errors(studykit: Command, args: tuple[str, ...], code: int, message: str) -> None:
    done = studykit("correct", *args)
    assert (done.code, message in done.err) == (code, True)


def test_a_file_of_the_users_is_never_overwritten(studykit: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.vtt").write_text("my own file", encoding="utf-8")
    done = studykit("correct", "talk.vtt", "--apply", "-o", "mine.vtt")
    assert "it is now mine.vtt.1" in done.err
    assert (tmp_path / "mine.vtt.1").read_text(encoding="utf-8") == "my own file"
    assert "ChatGPT" in (tmp_path / "mine.vtt").read_text(encoding="utf-8")
