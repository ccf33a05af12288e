"""Sentence boundaries in English and Chinese, by worked example."""

from __future__ import annotations

import pytest

from studykit.segment import segment
from studykit.types import Segment, Transcript


def sentences(*texts: str, language: str = "en") -> list[str]:
    transcript = Transcript(
        source_id="t",
        language=language,
        segments=tuple(Segment(text=text) for text in texts),
        engine="text",
        timing="none",
    )
    return [sent.text for sent in segment(transcript).sentences]


def as_read(*texts: str, language: str = "en") -> list[str]:
    transcript = Transcript(
        source_id="t",
        language=language,
        segments=tuple(Segment(text=text) for text in texts),
        engine="text",
        timing="none",
    )
    return [sent.raw for sent in segment(transcript).sentences]


@pytest.mark.parametrize(
    "parts",
    [
        ["Um, so the disk holds 3.6 bits per cell.", "That is not a lot."],
        ["We moved to the U.S. in March.", "It was cold, e.g. at night."],
        ["Well... I mean, it rains.", "Okay.", "So what?", "Then we wait!"],
        ['She asked, "Is the boat ready?"', "He nodded.", '"Not yet."', "We laughed."],
        ["the kettle boils.", "we pour the tea.", "is it hot?", "4 cups, please."],
        ["We tried plan B.", "Then we stopped."],
        ["K. He and J. K. Tolman wrote it.", "No. 4 is the best one.", "No.", "I disagree."],
        ["Place your bets.", "And then wait.", "It is odd.", "Yeah.", "So we go on."],
        ["This one lacks its mark", "It was lost.", "The ferry is late."],
    ],
)
def test_english(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_english_sentences_run_across_captions() -> None:
    captions = ["The garden is small. It has a", "pond with two", "frogs in it. Nobody fishes there."]
    assert sentences(*captions) == [
        "The garden is small.",
        "It has a pond with two frogs in it.",
        "Nobody fishes there.",
    ]


def test_a_name_with_a_capital_is_no_new_sentence() -> None:
    assert len(sentences("We read The Economist and So Far Away on the train. It was late.")) == 2


def test_a_change_of_speaker_ends_a_sentence_and_leaves_no_mark() -> None:
    assert sentences(">> Are you coming", "along >> Yes I am >>> Here is the news.") == [
        "Are you coming along",
        "Yes I am",
        "Here is the news.",
    ]


def test_an_operator_is_no_change_of_speaker() -> None:
    assert sentences("We shift with a>>b here. It works.") == ["We shift with a>>b here.", "It works."]


UNPUNCTUATED = [
    "so today we are going to look at how bread is made",
    "and then we will bake a loaf in the oven over there",
    "okay so the first thing that you need is good flour",
    "but I think most of the people use far too much water",
    "now the second step is to wait for about an hour",
    "so what happens to the dough while it is resting",
    "it's the yeast that eats the sugar and makes bubbles",
]


def test_unpunctuated_english_is_cut_where_speech_opens_anew() -> None:
    found = as_read(" ".join(UNPUNCTUATED))
    assert " ".join(found) == " ".join(UNPUNCTUATED)
    assert len(set(found) & set(UNPUNCTUATED)) >= 5


def test_unpunctuated_lines_of_uneven_length_are_sentences() -> None:
    lines = ["yes", "the river rose for three days before it reached the first of the houses", "good"]
    lines += ["nobody had seen so much water since the bridge was built", "we left early", "thank you"]
    assert as_read(*lines) == lines


def test_unpunctuated_english_gets_capitals_and_marks() -> None:
    found = sentences(" ".join(UNPUNCTUATED))
    assert found[0] == "So today we are going to look at how bread is made."
    assert all(text[0].isupper() and text[-1] in ".?" for text in found)


def test_a_few_words_without_marks_are_left_as_they_are() -> None:
    assert sentences("a title in small letters") == ["a title in small letters"]


def test_a_pause_makes_a_boundary_in_unpunctuated_english() -> None:
    def heard(gap_s: float) -> list[str]:
        first = Segment(text="the tower has nine floors of grey stone", start_s=0.0, end_s=3.0)
        start_s = 3.0 + gap_s
        second = Segment(text="birds nest under the roof all summer long", start_s=start_s, end_s=start_s + 3)
        rest = tuple(
            Segment(text=text, start_s=start_s + 3 + 4 * i, end_s=start_s + 7 + 4 * i)
            for i, text in enumerate(UNPUNCTUATED)
        )
        transcript = Transcript(
            source_id="t", language="en", segments=(first, second, *rest), engine="vtt", timing="captions"
        )
        return [sent.raw for sent in segment(transcript).sentences]

    assert heard(1.5)[0] == "the tower has nine floors of grey stone"
    assert heard(0.0)[0] != "the tower has nine floors of grey stone"


def test_a_very_long_marked_sentence_is_cut_by_rules() -> None:
    long = " and then we ".join(f"walked past house number {i}" for i in range(60)) + "."
    found = sentences("It was a long day. We rested. We ate. We slept.", long)
    assert found[:3] == ["It was a long day.", "We rested.", "We ate."]
    assert max(len(text.split()) for text in found) <= 60


@pytest.mark.parametrize(
    "parts",
    [
        ["今天我们来看面包。", "面粉要好！", "你同意吗？", "当然。"],
        ["他说：“船准备好了吗？”", "她点了点头。", "（大家都笑了。）", "好。"],
        ["这个……我不太确定。", "版本是3.6的。", "真的吗?!", "是的。"],
        ["我们用的是 oven A. ", "然后就等一等。"],
    ],
)
def test_chinese(parts: list[str]) -> None:
    assert sentences("".join(parts), language="zh") == [part.strip() for part in parts]


def test_chinese_line_breaks_inside_a_sentence_leave_no_spaces() -> None:
    found = sentences("今天我们 来看面包是 怎么做的。面粉", "要好 一点，用 oven 来烤。", language="zh")
    assert found == ["今天我们来看面包是怎么做的。", "面粉要好一点，用 oven 来烤。"]


def test_chinese_phrases_of_a_listing_are_sentences() -> None:
    phrases = ["今天我们来看面包", "对对对", "面粉要好一点", "然后用 oven 来烤"]
    assert sentences(*phrases, language="zh") == phrases


def test_chinese_run_together_is_cut_at_its_spaces() -> None:
    pieces = [
        "今天我们来看看面包是怎么",
        "做出来的首先面粉一定要好",
        "然后水不要放得太多否则",
        "面团会很黏",
    ] * 20
    found = sentences(" ".join(pieces), language="zh")
    assert "".join(found) == "".join(pieces)
    ends = {len("".join(pieces[: i + 1])) for i in range(len(pieces))}
    at = 0
    for text in found:
        at += len(text)
        assert at in ends
        assert len(text) <= 60


def test_chinese_without_any_mark_or_space_is_cut_all_the_same() -> None:
    found = sentences("水" * 10_000, language="zh")
    assert "".join(found) == "水" * 10_000
    assert max(map(len, found)) <= 120


def test_a_long_chinese_sentence_is_cut_behind_a_comma() -> None:
    text = "，".join(["我们先把面粉和水放到一起再慢慢地搅拌"] * 12) + "。"
    found = sentences(text + "好。" * 6, language="zh")
    assert all(part.endswith(("，", "。")) for part in found)
    assert max(map(len, found)) <= 120


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "word " * 2_000,
        "Yeah. " * 2_000,
        "." * 10_000,
        "? " * 5_000,
        "…" * 10_000 + "水",
        '"' * 9_999,
    ],
)
def test_odd_long_texts_come_through_whole(text: str, language: str) -> None:
    assert "".join(as_read(text, language=language)).replace(" ", "") == text.replace(" ", "")
