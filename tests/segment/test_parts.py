"""Headings of parts: phrases that were said, or what the part is about."""

from __future__ import annotations

import pytest

from studykit import engines
from studykit.segment.parts import Heading, Side, chinese, headings
from studykit.segment.parts.english import phrases
from studykit.types import Span

BREAD = [
    "So today we want to talk about the price of bread, because it matters.",
    "The bread oven needs an hour to heat.",
    "A bread oven costs money, and the sourdough starter is cheap.",
    "I like my sourdough starter cold.",
]
BIKES = [
    "Yeah, so the gear shift is broken.",
    "We oiled the bicycle chain and the gear shift.",
    "The bicycle chain was rusty, you know, and the gear shift too.",
]
BREAD_ZH = [
    "今天我们来谈谈面包的价格，这很重要。",
    "烤面包的烤炉要一小时。",
    "烤炉很贵，酵母便宜。",
    "我喜欢冷的酵母。",
]


def offered(sentence: str) -> list[str]:
    return [phrase.text for tokens in engines.tagger().tag([sentence]) for phrase in phrases(tokens)]


def side(*parts: list[str], english: bool = True) -> Side:
    texts = [text for part in parts for text in part]
    tagged = engines.tagger().tag(texts) if english else ()
    return Side(texts=texts, part_of=[i for i, part in enumerate(parts) for _ in part], tagged=tagged)


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Okay, so now let's talk about the price of bread, because it matters.", "Price of bread"),
        ("So what is a sourdough starter?", "What is a sourdough starter?"),
        (
            "And I think relational databases store rows in tables when they can.",
            "Relational databases store rows in tables",
        ),
        ("Next we'll look at how an ontology works.", "How an ontology works"),
    ],
)
def test_a_sentence_offers_a_phrase(sentence: str, phrase: str) -> None:
    assert phrase in offered(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It works best in the morning.",
        "That's what the oven needs.",
        "What do you think of these two sets?",
        "The ovens was a good machine.",
        "Chris is a host of the show.",
        "The last step is a long walk.",
        "Databases do not store rows in this one.",
        "Yeah.",
        "",
    ],
)
def test_what_leans_on_the_talk_offers_nothing(sentence: str) -> None:
    assert offered(sentence) == []


def test_what_is_announced_names_the_part_and_else_its_subjects() -> None:
    assert [made.english for made in headings({"en": side(BREAD, BIKES)}, 2)] == [
        "Price of bread",
        "Gear shift and bicycle chain",
    ]


def test_the_translation_of_the_phrase_is_the_other_heading() -> None:
    sides = {"en": side(BREAD), "zh": side(BREAD_ZH, english=False)}
    pairs = [(Span(start=i, end=i + 1), Span(start=i, end=i + 1)) for i in range(len(BREAD))]
    assert headings(sides, 1, pairs) == [Heading(english="Price of bread", chinese="面包的价格")]


def test_lists_name_the_same_in_both_languages() -> None:
    """What one language says often and the other does not (the account book) is in neither list."""
    english = [
        "The bread oven is hot. Customers came.",
        "A sourdough starter needs flour.",
        "Clean the bread oven with the sourdough starter beside it, customers say.",
        "The sourdough starter was cold, the customers left.",
        "A bread oven costs money, customers pay.",
    ]
    chinese_texts = [
        "烤炉很热。大家来了。",
        "酵母要面粉。",
        "在酵母旁边把烤炉擦干净，有人说。",
        "酵母是冷的，后来人走了，账本也没了，账本很重要。",
        "烤炉很贵，要付钱，要记在账本里，账本要收好。",
    ]
    pairs = [(Span(start=i, end=i + 1), Span(start=i, end=i + 1)) for i in range(len(english))]
    sides = {"en": side(english), "zh": side(chinese_texts, english=False)}
    assert headings(sides, 1, pairs, whole=True) == [
        Heading(english="Sourdough starter and bread oven", chinese="酵母与烤炉")
    ]


def test_what_stands_in_brackets_is_not_in_a_heading() -> None:
    assert chinese.phrase("（贴纸弹出） - 什么是面包的价格？", ["面包"]) == "什么是面包的价格"


def test_chinese_alone_lists_its_subjects() -> None:
    said = ["向量数据库很快。", "我们用向量数据库。", "检索也要向量数据库。"]
    assert headings({"zh": side(said, english=False)}, 1) == [Heading(chinese="向量数据库")]


def test_english_terms_in_chinese_are_whole_and_no_verbs() -> None:
    texts = [
        "就是说我们先做 next token prediction，",
        "那 next token prediction 就是 predict 下一个 token。",
        "你 predict 一次，然后再 predict 一次，就得到一句话。",
        "所以 Next token prediction 是最好的，其实 of the 也要 predict。",
    ]
    found = [it.text for it in chinese.subjects(texts, [0] * len(texts), 1)[0]]
    assert found[0] == "next token prediction"
    assert "predict" not in found
    assert "就是说" not in found


def test_who_speaks_is_no_subject() -> None:
    texts = ["大家好，我是 Monica，今天聊烤炉。", "谢谢 Monica，烤炉很热。", "Monica 的烤炉呢？"]
    found = [it.text for it in chinese.subjects(texts, [0] * 3, 1)[0]]
    assert "烤炉" in found
    assert "Monica" not in found


def test_two_parts_have_two_headings() -> None:
    made = headings({"en": side(BIKES, BIKES)}, 2)
    assert made[0].english != made[1].english


def test_a_part_that_says_nothing_has_no_heading() -> None:
    assert headings({"en": side(["Yeah.", "Okay."])}, 1) == [Heading()]


@pytest.mark.parametrize("text", ["", "，。", "我们来看看。", "它的价格。", "面包的"])
def test_broken_chinese_is_no_phrase(text: str) -> None:
    assert chinese.phrase(text, ["面包", "价格"]) is None
