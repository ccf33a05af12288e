"""``studykit claims`` and ``studykit check``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Command, calls_in

ENGLISH = """1
00:00:01,000 --> 00:00:06,000
I think a model with 1.6 billion parameters is better than a small one.

2
00:00:06,000 --> 00:00:10,000
You should always measure the memory before you buy a bigger machine.
"""
CHINESE = "我认为有 1.6 亿参数的模型比小模型更好。\n买更大的机器之前，你应该先测一下内存。\n"


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    (tmp_path / "talk.en.srt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "talk.zh.txt").write_text(CHINESE, encoding="utf-8")
    return calls_in(tmp_path, monkeypatch, capsys)


def test_claims_with_quotes_times_and_chinese(studykit: Command) -> None:
    (first, second) = studykit("claims", "talk.en.srt", "--translation", "talk.zh.txt", "--json").json[
        "claims"
    ]
    assert first["score"] >= second["score"]
    assert all(claim["quote"] in ENGLISH for claim in (first, second))
    by_start = {claim["start_s"]: claim for claim in (first, second)}
    assert by_start[6.0]["statement_zh"] == CHINESE.splitlines()[1]
    assert by_start[6.0]["end_s"] == 10.0
    assert studykit("claims", "talk.en.srt", "--top", "1").out.startswith("1. ")


def test_claims_of_a_chinese_text(studykit: Command) -> None:
    (claim,) = studykit("claims", "talk.zh.txt", "--top", "1", "--json").json["claims"]
    assert claim["statement"] == claim["statement_zh"] == claim["quote"]


def test_check_tells_what_differs_and_strict_fails(studykit: Command) -> None:
    done = studykit("check", "talk.en.srt", "talk.zh.txt", "--json")
    assert done.code == 0
    (finding,) = done.json["findings"]
    assert (finding["kind"], finding["severity"], finding["paragraph"]) == ("number", "high", 0)
    assert "1.6 亿" in finding["zh"]
    strict = studykit("check", "talk.en.srt", "talk.zh.txt", "--strict")
    assert strict.code == 1
    assert "10 times too small" in strict.out


def test_check_of_a_stored_talk_finds_what_the_notes_say(studykit: Command) -> None:
    made = studykit("notes", "talk.en.srt", "--translation", "talk.zh.txt", "--json", "--format", "md").json
    assert made["findings"] == 1
    assert made["claims"] >= 1
    assert len(studykit("check", "--talk", "talk", "--json").json["findings"]) == 1
    assert "数字：英文 1.6 billion" in Path(made["files"][0]).read_text(encoding="utf-8")


def test_check_wants_two_texts(studykit: Command) -> None:
    alone = studykit("check", "talk.en.srt")
    assert (alone.code, "one language only" in alone.err) == (1, True)
    assert "--translation FILE" in alone.err
    assert studykit("check").code == 2
    (Path("other.zh.txt")).write_text(CHINESE, encoding="utf-8")
    studykit("notes", "other.zh.txt", "--format", "md")
    alone = studykit("check", "--talk", "other")
    assert alone.code == 1
    assert "one language" in alone.err


PARAGRAPHS = [
    ("The well was dug by two brothers. It never ran dry.", "这口井是两兄弟挖的。它从来没有干过。"),
    (
        "In March a merchant came to the town. He wanted to buy the well.",
        "三月，镇上来了个商人。他想买下这口井。",
    ),
    (
        "The brothers laughed at him. Nobody can sell water, they said.",
        "两兄弟笑话他。他们说，水是没有人能卖的。",
    ),
    ("So the merchant rode away. The town forgot his name.", "于是商人骑马走了。镇上的人忘了他的名字。"),
]


def test_a_sentence_in_another_paragraph_is_a_finding_and_the_rest_is_not(
    studykit: Command, tmp_path: Path
) -> None:
    (tmp_path / "well.en.txt").write_text("\n\n".join(en for en, _ in PARAGRAPHS), encoding="utf-8")
    right = "\n\n".join(zh for _, zh in PARAGRAPHS)
    (tmp_path / "well.zh.txt").write_text(right, encoding="utf-8")
    assert studykit("check", "well.en.txt", "well.zh.txt", "--json").json["findings"] == []
    slipped = right.replace("他想买下这口井。\n\n", "\n\n他想买下这口井。")
    (tmp_path / "slip.zh.txt").write_text(slipped, encoding="utf-8")
    (finding,) = studykit("check", "well.en.txt", "slip.zh.txt", "--json").json["findings"]
    assert (finding["kind"], finding["paragraph"]) == ("slipped", 1)
    assert finding["zh"] == "他想买下这口井。"
    assert finding["message_zh"] == "这句中文在第 3 段，对应的英文在第 2 段"
