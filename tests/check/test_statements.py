"""Statements about a talk, held against what was said and against their own translation."""

from __future__ import annotations

from functools import cache

import pytest

from studykit import engines
from studykit.check.statements import StatementChecker
from studykit.glossary import load_glossary

TALK = "A language model has weights. GPT-3 had 175 billion parameters, and people at OpenAI made it."


@cache
def checker() -> StatementChecker:
    return StatementChecker(load_glossary(), TALK, engines.tagger().tag)


@pytest.mark.parametrize(
    ("statement", "said", "unsaid"),
    [
        ("It took three tries.", "It took 3 tries.", []),
        ("It took 3 tries.", "It took three tries.", []),
        ("It took 30,000 prompts.", "It took around 13,000 prompts.", ["30,000"]),
        ("It uses eight bits.", "in four bits instead of sixteen", ["eight"]),
        ("It takes 19 weeks.", "it takes about 19 days", ["week"]),
        ("It takes 19 days.", "it takes about 19 days", []),
        ("Half a percent is enough.", "not even half a percent", []),
    ],
)
def test_numbers_and_units_that_were_not_said(statement: str, said: str, unsaid: list[str]) -> None:
    assert checker().unsaid_numbers(statement, said, "en") == unsaid


def test_numbers_in_chinese_words() -> None:
    assert checker().unsaid_numbers("一共有三个地方。", "有三处会出错。", "zh") == []
    assert checker().unsaid_numbers("一共有三个地方。", "有两处会出错。", "zh") == ["三个"]
    assert checker().unsaid_numbers("只用了 1.3 万条。", "用了一万三千条提示词。", "zh") == []


@pytest.mark.parametrize(
    ("statement", "said", "unsaid"),
    [
        ("People at OpenAI trained it.", "some people at open AI trained it", []),
        ("Some people at DeepMind trained it.", "some people at OpenAI trained it", ["DeepMind"]),
        ("GPT-4 had more.", "GPT three had more", ["GPT-4"]),
        ("GPT-3 had more.", "GPT three had more", []),
        ("Beijing emits more than that.", "Mumbai emits more than that", ["Beijing"]),
        ("What is left goes to disk.", "the rest goes to disk", []),
        ("RLHF works.", "reinforcement learning from human feedback works", []),
    ],
)
def test_names_that_were_not_said(statement: str, said: str, unsaid: list[str]) -> None:
    assert checker().unsaid_names(statement, said, "en") == unsaid


def test_terms_count_as_said_by_their_words() -> None:
    said = "The model is trained on pages."
    assert checker().unsaid_terms("A language model needs training.", said, "en") == []
    assert checker().unsaid_terms("It needs reinforcement learning.", said, "en") == [
        "reinforcement learning"
    ]


@pytest.mark.parametrize(
    ("statement", "said", "language", "beyond"),
    [
        ("It cannot be gamed.", "It was gamed. It scored higher.", "en", True),
        ("It cannot be gamed.", "It was gamed. It never scored higher.", "en", False),
        ("Every run is gamed.", "A run was gamed.", "en", True),
        ("A run was gamed.", "It cannot be gamed.", "en", False),
        ("它不能被钻空子。", "它被钻了空子。不过得分更高。", "zh", True),
        ("它不能被钻空子。", "它没有被钻空子。", "zh", False),
    ],
)
def test_a_denial_of_what_many_sentences_say(statement: str, said: str, language: str, beyond: bool) -> None:
    assert checker().goes_beyond(statement, said, language) is beyond


OPPOSITES = [
    ("Context is free.", "So context isn't free."),
    (
        "Fine-tuning changes what the model knows, not how it behaves.",
        "What you're changing isn't really what the model knows, it's how it behaves.",
    ),
    ("People preferred GPT-3 to InstructGPT.", "People preferred InstructGPT to the original GPT-3."),
    ("The water is colder than the air.", "The air is colder than the water."),
    ("Coal costs less than gas.", "Coal costs more than gas."),
    ("The dog chases the cat.", "The cat chases the dog."),
    ("Most runs are inefficient.", "Most runs are efficient."),
    (
        "Pairs of common parts get a higher score.",
        "If its parts are common, then this score will be decreased.",
    ),
    ("Private files can be read by anyone.", "Public files can be read by anyone."),
    ("The paper failed to use 13,000 prompts.", "The paper used around 13,000 prompts."),
    ("The model finds the answer.", "It refused, and the model failed to find the answer."),
    ("FineWeb is a closed data set.", "FineWeb, which is one of the big open data sets, is large."),
    ("It takes sixteen bits instead of four.", "Store each one in four bits instead of sixteen."),
    ("The web page is simpler than the library.", "Adding files is simpler by using the library."),
]
AGREEING = [
    ("Context isn't free.", "So context isn't free."),
    (
        "Fine-tuning changes how a model behaves rather than what it knows.",
        "What you're changing isn't really what the model knows, it's how it behaves.",
    ),
    ("InstructGPT was preferred to GPT-3.", "People preferred InstructGPT to the original GPT-3."),
    ("The water is warmer than the air.", "The air is colder than the water."),
    ("There is no need to train all weights.", "You could train all of them, but you don't have to."),
    (
        "If the search fails, it makes something up.",
        "It only works if the search finds it. If it doesn't, it makes something up.",
    ),
    ("Not all cards are equally good.", "Some cards are better than others."),
    ("Models see numbers instead of letters.", "The model never sees letters. It sees numbers."),
    ("It grows.", "The unit increases the vocabulary."),
    ("Letters that do not begin a word get a mark.", "We add a mark to letters that do not start a word."),
    ("Moving memory, not the math.", "Writing isn't mostly about doing math, it's about moving memory."),
    ("It can find what it is given.", "If it fails to find it, it makes something up."),
    ("The paper used 13,000 prompts.", "The paper didn't fail to use 13,000 prompts."),
    ("It takes four bits instead of sixteen.", "Store each one in four bits instead of sixteen."),
    ("Nobody but the owners can change it.", "The owners are the only ones who can change it."),
    ("It emits more in Mumbai than in Montreal.", "Mumbai emits more than 40 times more than Montreal."),
]


@pytest.mark.parametrize(("statement", "said"), OPPOSITES)
def test_the_opposite_is_seen(statement: str, said: str) -> None:
    assert checker().is_turned(statement, said, "en")


@pytest.mark.parametrize(("statement", "said"), AGREEING)
def test_other_words_for_the_same_are_no_opposite(statement: str, said: str) -> None:
    assert not checker().is_turned(statement, said, "en")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Every run costs a million.", "This run costs a million."),
        ("It never works at night.", "It works at night."),
        ("Only the context matters.", "The context matters."),
        ("It used at most 13,000 prompts.", "It used around 13,000 prompts."),
        (
            "Random search is more efficient than grid search.",
            "Random search is as efficient as grid search.",
        ),
    ],
)
def test_saying_more_than_was_said_counts_as_turning_it(statement: str, said: str) -> None:
    assert checker().is_turned(statement, said, "en")


def test_denials_in_chinese() -> None:
    assert checker().is_turned("上下文是免费的。", "上下文不是免费的。", "zh")
    assert not checker().is_turned("上下文并不免费。", "上下文不是免费的。", "zh")
    assert not checker().is_turned("不过，模型看到的是编号。", "模型看到的是编号。", "zh")


@pytest.mark.parametrize(
    ("english", "chinese", "kind"),
    [
        ("It used around 13,000 prompts.", "它用了大约 1.3 万条提示词。", None),
        ("It used around 13,000 prompts.", "它用了大约 1300 万条提示词。", "number"),
        ("You can update it overnight.", "一晚上就不能更新了。", "negation"),
        ("It gets larger.", "它变得更小。", "opposite"),
        ("People at OpenAI trained it.", "DeepMind 的人训练了它。", "name"),
    ],
)
def test_a_statement_and_its_translation(english: str, chinese: str, kind: str | None) -> None:
    assert checker().differs(english, chinese) == kind
