"""Short replies: which sentence opens with one, and what they do for a bead."""

from __future__ import annotations

import pytest

from studykit.align import align_sentences
from studykit.align.sentences.replies import reply_bits
from studykit.engines import encoder


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Yeah.", "是啊，就是这样。"),
        ("Okay, cool.", "好的，那就这样。"),
        ("All right.", "好，我们开始。"),
        ("Um, yes, I think so.", "嗯，我想是的。"),
        ("No.", "不，没有这回事。"),
        ("Thanks, everybody.", "谢谢大家。"),
        ("Sorry about that.", "抱歉。"),
        ("Hello and welcome.", "大家好。"),
        ("Bye!", "再见！"),
        ("Is that right?", "是 4GB，对吧？"),
    ],
)
def test_a_reply_and_its_translation_are_of_one_kind(english: str, chinese: str) -> None:
    first, second = reply_bits([english, chinese])
    assert first == second != 0


@pytest.mark.parametrize(
    "text",
    [
        "Right now it is late.",
        "No web search.",
        "Sure enough, it broke.",
        "Nobody knows.",
        "Goodness comes first.",
        "Thankfully it works.",
        "好人很多。",
        "对象是什么？",
        "不过这很难。",
        "没有人来。",
        "行星很大。",
        "",
    ],
)
def test_words_that_begin_like_a_reply_are_none(text: str) -> None:
    assert reply_bits([text]).tolist() == [0]


def test_kinds_differ() -> None:
    bits = reply_bits(["Yeah.", "No.", "Thank you.", "Sorry.", "Hello.", "Bye.", "Right?"])
    assert len(set(bits.tolist())) == len(bits)
    assert all(bits)


ENGLISH = [
    "The tokenizer splits the text into small pieces.",
    "Okay.",
    "Every piece gets a number from the vocabulary.",
    "The network never sees letters, only these numbers.",
    "That is why it cannot count the letters of a word.",
]
CHINESE = [
    "分词器把文本切成小块。",
    "每一块都从词表里得到一个编号。",
    "网络从来看不到字母，只看到这些编号。",
    "所以它数不出一个单词里有几个字母。",
]


def beads_of(chinese: list[str]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    found = align_sentences(ENGLISH, chinese, encoder=encoder("usem"))
    return {(tuple(bead.source), tuple(bead.target)) for bead in found}


def test_a_reply_that_the_translation_leaves_out_stands_alone() -> None:
    assert {((0,), (0,)), ((2,), (1,))} <= beads_of(CHINESE)


def test_a_reply_that_the_translation_has_goes_with_its_sentence() -> None:
    answered = [CHINESE[0], "好的，" + CHINESE[1], *CHINESE[2:]]
    assert {((0,), (0,)), ((1, 2), (1,))} <= beads_of(answered)
