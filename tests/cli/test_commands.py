"""The commands as scripts and people call them, on the example talk."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from studykit.resources import data_dir
from tests.cli.calls import Command, calls_in

EXAMPLES = data_dir("examples")
LECTURE = [str(EXAMPLES / "lecture.en.vtt"), "--translation", str(EXAMPLES / "lecture.zh.txt")]
URL = "https://www.youtube.com/watch?v=abc"


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return calls_in(tmp_path, monkeypatch, capsys)


@pytest.fixture
def computed(tmp_path: Path, lecture_db: Path) -> None:
    """The stages of the example are there, but no notes."""
    shutil.copy(lecture_db, tmp_path / "study.db")


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """A talk of two sentences with its translation, from nothing."""
    (tmp_path / "talk.txt").write_text("It was late, and nobody had slept.\nThen we went on to the sea.\n")
    (tmp_path / "talk.zh.txt").write_text("夜深了，谁也没有睡。\n然后我们继续往海边走。\n", encoding="utf-8")
    return ["talk.txt", "--translation", "talk.zh.txt"]


def test_the_database_may_lie_in_a_new_output_folder(
    studykit: Command, small: list[str], tmp_path: Path
) -> None:
    done = studykit("notes", *small, "--out", "new/out", "--db", "new/out/study.db")
    assert done.code == 0, done.err
    assert {path.name for path in (tmp_path / "new" / "out").iterdir()} >= {"study.db", "talk.notes.html"}


def test_notes_writes_what_it_says(studykit: Command, tmp_path: Path) -> None:
    done = studykit("notes", *LECTURE, "--url", URL, "--json")
    assert done.code == 0
    made = done.json
    assert made["title"] == "How a language model is built"
    assert made["files"] == ["lecture.notes.md", "lecture.notes.html"]
    assert 25 <= made["paragraphs"] <= 60
    assert made["beads"] > 100
    assert made["terms"] > 15
    assert not any(made["cached"].values())
    text = (tmp_path / "lecture.notes.md").read_text(encoding="utf-8")
    assert re.search(rf"<{re.escape(URL)}&t=[1-9]\d*s>", text)
    assert "**weights**" in text
    assert "**权重**" in text
    assert "解析：" in text
    assert "## 词汇表" in text
    assert (tmp_path / "lecture.notes.html").stat().st_size > 20_000


def test_a_second_file_may_be_meant_as_the_translation(studykit: Command) -> None:
    done = studykit("notes", "talk.en.srt", "talk.zh.srt")
    assert done.code == 2
    assert "The talk in the other language goes with --translation" in done.err
    assert "--translation" not in studykit("notes", "talk.en.srt", "--nothing").err


@pytest.mark.usefixtures("computed")
def test_a_second_run_says_that_nothing_was_done(studykit: Command) -> None:
    studykit("notes", *LECTURE)
    done = studykit("notes", *LECTURE)
    assert "everything is up to date" in done.out
    assert done.err.count("cached") == len(done.err.splitlines())
    assert all(studykit("notes", *LECTURE, "--json").json["cached"].values())


def test_quiet_is_quiet(studykit: Command, small: list[str]) -> None:
    assert not studykit("notes", *small, "--quiet", "--db", "quiet.db").err
    assert studykit("notes", *small).err.count("\n") > 5


@pytest.mark.usefixtures("computed")
def test_english_labels_chapters_and_formats(studykit: Command, tmp_path: Path) -> None:
    chapters = str(EXAMPLES / "lecture.chapters.txt")
    done = studykit(
        "notes",
        *LECTURE,
        "--labels",
        "en",
        "--chapters",
        chapters,
        "--format",
        "md,json,srt",
        "--out",
        "made",
    )
    assert done.code == 0
    folder = tmp_path / "made"
    assert sorted(path.name for path in folder.iterdir()) == [
        "lecture.notes.json",
        "lecture.notes.md",
        "lecture.srt",
    ]
    text = (folder / "lecture.notes.md").read_text(encoding="utf-8")
    assert "## Part 1: Opening" in text
    assert "解析" not in text
    assert len(json.loads((folder / "lecture.notes.json").read_text(encoding="utf-8"))["parts"]) == 7


@pytest.mark.usefixtures("computed")
def test_without_a_translation(studykit: Command, tmp_path: Path) -> None:
    done = studykit("notes", LECTURE[0])
    assert "no Chinese yet: add it with --translation FILE" in done.out
    assert "--translation 文件名" in (tmp_path / "lecture.notes.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("computed")
def test_reading_back(studykit: Command, tmp_path: Path) -> None:
    studykit("notes", *LECTURE, "--url", URL)
    (talk,) = studykit("talks", "--json").json
    assert talk["title"] == "How a language model is built"
    assert talk["id"][:8] in studykit("talks").out

    hits = studykit("search", "learning rate", "--json").json
    assert hits[0]["language"] == "en"
    assert hits[0]["link"].startswith(f"{URL}&t=")
    assert "学习率" in studykit("search", "学习率").out
    nothing = studykit("search", "zebra crossing")
    assert (nothing.code, nothing.out) == (0, "")
    assert "Nothing found" in nothing.err

    assert studykit("show", talk["id"][:6], "--json").json["source"]["id"] == talk["id"]
    assert "weights" in studykit("show", "language model", "-p", "2").out
    assert studykit("show", "language model", "-p", "999").code == 2

    for format, suffix in (
        ("md", ".notes.md"),
        ("html", ".notes.html"),
        ("json", ".notes.json"),
        ("srt", ".srt"),
    ):
        done = studykit("export", "language model", "--format", format, "--quiet")
        assert done.out.strip() == f"How a language model is built{suffix}"
        assert (tmp_path / done.out.strip()).stat().st_size > 1000
    assert studykit("export", "language model", "--format", "md", "-o", "x/y.md").code == 1


def test_segment(studykit: Command) -> None:
    made = studykit("segment", LECTURE[0], "--json").json
    assert [sent["index"] for sent in made["sentences"]] == list(range(len(made["sentences"])))
    assert made["sentences"][-1]["paragraph"] == made["paragraphs"][-1]["index"]
    assert studykit("segment", LECTURE[0]).out.startswith("[00:01] Okay, can everybody hear me")


def test_segment_of_words_without_marks(studykit: Command, tmp_path: Path) -> None:
    words = "okay so what is a river it's water that runs downhill i think that's all there is to it really"
    (tmp_path / "talk.txt").write_text(words, encoding="utf-8")
    made = studykit("segment", "talk.txt", "--json").json["sentences"]
    assert " ".join(sent["raw"] for sent in made) == words
    assert made[0]["text"] == "Okay, so what is a river?"
    assert made[-1]["text"].startswith("I think that's all")
    assert studykit("segment", "talk.txt", "--boundaries", "rules").out.startswith("Okay so what is a river")
    refused = studykit("segment", "talk.txt", "--boundaries", "slow")
    assert refused.code == 2
    assert "fast, rules" in refused.err


def test_align(studykit: Command, tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("It was late.\nNobody had slept.\nThen we went on to the sea.\n")
    (tmp_path / "zh.txt").write_bytes("夜深了，谁也没有睡。\r\n然后我们继续往海边走。\r\n".encode("gb18030"))
    assert studykit("align", "en.txt", "zh.txt").out == "[0,1]:[0]\n[2]:[1]\n"
    made = studykit("align", "en.txt", "zh.txt", "--format", "json").json
    assert [bead["source"] for bead in made["beads"]] == [[0, 1], [2]]
    assert all(0 <= bead["score"] <= 1 for bead in made["beads"])
    assert "\t".join(["[2]", "[1]"]) in studykit("align", "en.txt", "zh.txt", "--format", "tsv").out
    assert '<tuv xml:lang="zh">' in studykit("align", "en.txt", "zh.txt", "--format", "tmx").out
    assert studykit("align", "en.txt", "zh.txt", "--encoder", "zebra").code == 2
    assert studykit("align", "en.txt", "gone.txt").code == 1
    reasons = studykit("align", "en.txt", "zh.txt", "--explain", "1", "0").out
    assert "[0,1]:[0]  chosen, probability" in reasons
    assert studykit("align", "en.txt", "zh.txt", "--explain", "1", "9").code == 2


def test_glossary(studykit: Command, tmp_path: Path) -> None:
    assert "检索增强生成" in studykit("glossary", "show", "RAG").out
    assert studykit("glossary", "show", "微调", "--json").json["id"] == "fine-tuning"
    assert studykit("glossary", "show", "zebra").code == 1
    assert len(studykit("glossary", "list", "--json").json) > 60
    assert studykit("glossary", "list", "--category", "zebra").code == 2
    assert studykit("glossary", "validate").code == 0
    (tmp_path / "bad.toml").write_text('[[term]]\nid = "RAG"\n')
    done = studykit("glossary", "validate", "bad.toml")
    assert done.code == 1
    assert "bad.toml: term 'RAG'" in done.out


@pytest.mark.usefixtures("computed")
def test_your_own_glossary_is_used(studykit: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[[term]]\nid = "banana-bread"\nenglish = "banana bread"\nchinese = "香蕉面包"\n'
        'category = "general"\n'
        'definition_en = "A cake."\ndefinition_zh = "一种蛋糕。"\nsource = "me"\n',
        encoding="utf-8",
    )
    (tmp_path / "studykit.toml").write_text('[glossary]\npaths = ["mine.toml"]\n')
    studykit("notes", *LECTURE)
    assert "**banana bread**" in (tmp_path / "lecture.notes.md").read_text(encoding="utf-8")


def test_doctor(studykit: Command) -> None:
    assert studykit("doctor").code == 0
    assert studykit("doctor", "--json").json["ready"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "talk.vtt: "),
        (b"", "talk.vtt: "),
        (b"\xef\xbb\xbf \n", "talk.vtt: "),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "talk.vtt"),
        (b"WEBVTT\n\n00:00:01.000 --> yesterday\nHello there.\n", "talk.vtt:3: "),
        (b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n...\n", "talk.vtt: "),
    ],
    ids=["missing", "empty", "blank", "binary", "bad time", "no words"],
)
def test_bad_input_names_the_file_and_leaves_nothing(
    content: bytes | None, message: str, studykit: Command, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "talk.vtt").write_bytes(content)
    done = studykit("notes", "talk.vtt")
    assert done.code == 1
    assert f"studykit: {message}" in done.err
    assert not done.out
    assert "Traceback" not in done.err
    assert not list(tmp_path.glob("*.notes.*"))
    assert studykit("talks", "--json").json == []


def test_a_huge_file_fails_at_once(studykit: Command, tmp_path: Path) -> None:
    with (tmp_path / "talk.vtt").open("wb") as file:
        file.truncate(2 * 1024**3)
    done = studykit("notes", "talk.vtt")
    assert done.code == 1
    assert "talk.vtt: " in done.err


@pytest.mark.parametrize(
    "args",
    [
        ["notes"],
        ["notes", "talk.vtt", "--labels", "fr"],
        ["notes", "talk.vtt", "--format", "docx"],
        ["export", "x"],
        ["frobnicate"],
        ["talks", "--config", "gone.toml"],
    ],
)
def test_usage_errors(args: list[str], studykit: Command) -> None:
    assert studykit(*args).code == 2


def test_a_database_that_is_not_there(studykit: Command, tmp_path: Path) -> None:
    for args in (["talks"], ["show", "x"], ["search", "x"], ["export", "x", "--format", "md"]):
        done = studykit(*args)
        assert done.code == 1
        assert "studykit notes FILE" in done.err
    assert not list(tmp_path.iterdir())
