"""Terms that another has taken the place of, and terms that are put in other words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studykit.check import check
from studykit.glossary import Glossary
from studykit.lexicon.glossed import is_explained, may_say
from tests.check.test_check import entry, findings, notes_of

GLOSSARY = Glossary(
    [
        entry("token", "token", "词元"),
        entry("special-token", "special token", "特殊词元"),
        entry("start-token", "start token", "起始词元"),
        entry("dataset", "dataset", "数据集"),
        entry("test-set", "test set", "测试集", "测试数据集"),
        entry("identifier-space", "identifier space", "标识空间"),
        entry("precision-score", "precision score", "精确率"),
        entry("argument", "function argument", "函数参数"),
        entry("validation-set", "evaluation set", "验证集"),
        entry("cache", "cache", "缓存"),
        entry("weight", "weight", "权重"),
        entry("decoder", "decoder", "解码器"),
        entry("encoder", "encoder", "编码器"),
    ]
)


def terms_found(*pairs: tuple[str, str]) -> Sequence[tuple[str, str]]:
    """Severity and message of what is said of terms, sentences aligned one by one."""
    notes = notes_of(*pairs, glossary=GLOSSARY)
    return [(f.severity, f.message) for f in check(notes, GLOSSARY) if f.kind == "term"]


def exchanged(english: str, usual: str, chinese: str) -> list[tuple[str, str]]:
    return [("high", f"English {english} ({usual}), Chinese {chinese}")]


def test_a_term_said_twice_may_be_exchanged_once() -> None:
    said = "A cache beside a cache is slow."
    assert terms_found((said, "缓存旁边再放缓存很慢。")) == []
    assert terms_found((said, "缓存旁边再放权重很慢。")) == exchanged("cache", "缓存", "权重")


def test_one_word_left_in_english_speaks_for_no_more_than_itself() -> None:
    said = "Special tokens come first, then a CLS token and a SEP token."
    assert terms_found((said, "先是特殊 token，然后是 CLS token 和 SEP token。")) == []
    assert terms_found((said, "先是起始词元，然后是 CLS token 和 SEP token。")) == exchanged(
        "special token", "特殊词元", "起始词元"
    )


def test_forms_of_the_other_term_that_nobody_wrote_excuse_nothing() -> None:
    assert terms_found(("Load the dataset.", "加载测试集。")) == exchanged("dataset", "数据集", "测试集")


def test_a_term_of_the_talk_may_stand_in_the_wrong_place() -> None:
    first, said = ("We train the decoder.", "我们训练解码器。"), "Then the cache is read."
    assert terms_found(first, (said, "然后读取缓存。")) == []
    assert terms_found(first, (said, "然后读取解码器。")) == exchanged("cache", "缓存", "解码器")


def test_what_the_speaker_points_back_to_may_be_named() -> None:
    first = ("We train the decoder.", "我们训练解码器。")
    assert terms_found(first, ("It reads the cache.", "解码器从那里读。")) == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("The identifier space is large.", "ID 的空间很大，权重也是。"),
        ("We average the precision scores of the weights.", "对权重的精度分数取平均。"),
        ("Pass the function argument to the encoder.", "把 data 参数传给编码器，还有权重。"),
        ("Measure it on the evaluation set.", "在评估集上测量权重。"),
    ],
)
def test_a_term_in_other_words_is_left_in_peace(english: str, chinese: str) -> None:
    assert terms_found((english, chinese)) == []


def test_the_head_of_another_compound_is_not_the_term_alone() -> None:
    said = "Pass the function argument."
    assert terms_found((said, "传入权重参数。")) == exchanged("function argument", "函数参数", "权重")


def test_the_dictionary_knows_other_words_for_a_term() -> None:
    assert may_say("precision score", "精度分数的平均")
    assert not may_say("precision score", "精度的平均")
    assert not may_say("dataset", "所有数据")
    assert may_say("traceback", "在追溯中")
    assert may_say("token ID", "令牌 ID")
    assert may_say("library", "开源库")
    assert not may_say("token limit", "token 的限制")  # words left in English are counted elsewhere
    assert is_explained("前缀", "every prefix of a word")
    assert not is_explained("前缀", "every suffix of a word")


def test_names_may_be_clipped_or_translated() -> None:
    assert findings(("Every sample has a unique identifier.", "每个样本都有唯一的 ID。")) == ()
    assert [f.kind for f in findings(("Every sample has a name.", "每个样本都有 ID。"))] == ["name"]
    assert findings(("They met at New Year.", "他们过年时见面。")) == ()
    assert [f.kind for f in findings(("They met at New Year.", "他们后来见面。"))] == ["name"]
