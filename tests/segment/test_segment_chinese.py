"""Chinese without marks, with a model that says what the test wants."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest

from studykit import engines
from studykit.segment import segment
from studykit.segment.boundaries import ChineseMarks
from studykit.segment.unmarked.chinese import asks
from studykit.segment.word_rules import WordRules
from studykit.types import Segment, Transcript


class ByCharacter(WordRules):
    """Ends a sentence after 了 and 吗, and sets a comma after 呢; every character is a unit."""

    def chinese_marks(self, text: str, breaks: Collection[int]) -> ChineseMarks:
        units = list(re.finditer(r"\w", text))
        return ChineseMarks(
            starts=[unit.start() for unit in units],
            ends=[unit.end() for unit in units],
            scores=[3.0 if unit.group() in "了吗" else -3.0 for unit in units],
            commas=[unit.group() == "呢" for unit in units],
            questions=[3.0 if unit.group() == "吗" else -9.0 for unit in units],
        )


def read(*lines: str, times: bool = False) -> list[tuple[str, str]]:
    transcript = Transcript(
        source_id="t",
        language="zh",
        segments=tuple(
            Segment(text=line, start_s=10.0 * i if times else None, end_s=10.0 * i + 2 if times else None)
            for i, line in enumerate(lines)
        ),
        engine="test",
        timing="captions",
    )
    return [(sent.raw, sent.text) for sent in segment(transcript, boundaries=ByCharacter()).sentences]


def test_lines_become_sentences_with_their_marks() -> None:
    assert read("我们昨天呢", "把面粉都买", "好了", "你还记得那家店在什么地方吗", "就在河的对面") == [
        ("我们昨天呢 把面粉都买 好了", "我们昨天呢，把面粉都买好了。"),
        ("你还记得那家店在什么地方吗", "你还记得那家店在什么地方吗？"),
        ("就在河的对面", "就在河的对面。"),
    ]


def test_marks_that_are_there_stay_and_end_sentences() -> None:
    lines = ["我们昨天呢，把面粉都买好", "真的?那家店", "就在河的对面"]
    found = read(*lines, *["然后水也放好"] * 30)
    assert found[0] == ("我们昨天呢，把面粉都买好 真的?", "我们昨天呢，把面粉都买好真的?")
    assert found[1][1].startswith("那家店就在河的对面")


def test_marks_stand_behind_what_closes_before_them() -> None:
    found = read(
        "他说的是“面粉呢”", "还有水（二十斤呢）", "都买好了）", "“可是你记得吗”", "就在河的对面那一家"
    )
    assert [text for _, text in found] == [
        "他说的是“面粉呢”，还有水（二十斤呢），都买好了）。",
        "“可是你记得吗”？",
        "就在河的对面那一家。",
    ]


def test_no_space_is_left_behind_a_comma() -> None:
    found = read("我们昨天用的是这个呢 BERT 和那个呢 GPT", "还有很多别的模型都用过", "好像是 RAG")
    assert [text for _, text in found] == [
        "我们昨天用的是这个呢，BERT 和那个呢，GPT 还有很多别的模型都用过好像是 RAG。"
    ]


def test_silence_speaks_for_an_end() -> None:
    lines = ["我们把面粉和水都放到一起", "然后慢慢地搅拌一直到它变得很光滑为止"]
    scored = ByCharacter.chinese_marks

    class Undecided(ByCharacter):
        def chinese_marks(self, text: str, breaks: Collection[int]) -> ChineseMarks:
            marks = scored(self, text, breaks)
            return ChineseMarks(
                starts=marks.starts,
                ends=marks.ends,
                scores=[-0.5 if end in {12, 20} else -3.0 for end in marks.ends],
                commas=marks.commas,
                questions=marks.questions,
            )

    def cut(times: bool) -> list[str]:
        segments = tuple(
            Segment(text=line, start_s=9.0 * i if times else None, end_s=9.0 * i + 3 if times else None)
            for i, line in enumerate(lines)
        )
        transcript = Transcript(
            source_id="t", language="zh", segments=segments, engine="test", timing="captions"
        )
        return [sent.raw for sent in segment(transcript, boundaries=Undecided()).sentences]

    assert cut(times=True) == lines
    assert cut(times=False) == [" ".join(lines)]


def test_a_title_is_left_alone() -> None:
    assert read("怎么做面包") == [("怎么做面包", "怎么做面包")]


def test_no_sentence_is_endless() -> None:
    found = read("水" * 2000)
    assert "".join(raw for raw, _ in found) == "水" * 2000
    assert max(len(raw) for raw, _ in found) <= 90


def test_a_talk_with_marks_is_not_touched() -> None:
    lines = ["我们昨天呢把面粉都买好了。", "那家店就在河的对面，而且开到晚上。"] * 20
    assert [text for _, text in read(*lines)] == lines


def test_a_podcast_reads_as_written_chinese() -> None:
    lines = ["大家好", "欢迎来到我们的节目", "今天我们请到了一位医生", "那你是什么时候开始学医的呢"]
    lines += ["我是十八岁的时候开始的", "因为我父亲也是医生", "所以我从小就想做这个"]
    transcript = Transcript(
        source_id="t",
        language="zh",
        segments=tuple(Segment(text=line) for line in lines),
        engine="test",
        timing="captions",
    )
    doc = segment(transcript, boundaries=engines.boundary_model())
    text = "".join(sent.text for sent in doc.sentences)
    assert re.sub(r"\W", "", text) == "".join(lines)
    assert "欢迎来到我们的节目。今天" in text
    assert "那你是什么时候开始学医的呢？我是" in text
    assert "开始的，因为" in text
    assert 2 < len(doc.sentences) < len(lines)


@pytest.mark.parametrize("text", ["你明白吗", "那理解什么呢", "为什么要选它", "是双向的对吧", "那怎么办"])
def test_a_question_is_known_by_its_form(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["我告诉你为什么要选它", "这没有什么", "好的呢", "他不知道怎么走"])
def test_other_words_ask_nothing(text: str) -> None:
    assert not asks(text)
