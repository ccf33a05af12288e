"""Terms in translations: right, variant or missing; repairs; first mentions."""

from __future__ import annotations

import pytest

from studykit.glossary import Glossary
from studykit.translate import TermBook
from tests.translate.books import GLOSSARY, entry

TO_ZH = TermBook(GLOSSARY, "en", "zh")
TO_EN = TermBook(GLOSSARY, "zh", "en")


@pytest.mark.parametrize(
    ("source", "target", "status"),
    [
        ("The KV cache grows.", "键值缓存会变大。", "right"),
        ("KV caches grow.", "KV 缓存会变大。", "variant"),
        ("KV caches grow.", "KV缓存会变大。", "variant"),
        ("The KV cache grows.", "KV cache 会变大。", "variant"),
        ("The KV cache grows.", "缓存会变大。", "missing"),
        ("We use LoRA.", "我们用 LoRA。", "right"),
        ("We use LoRA.", "我们用低秩适配。", "variant"),
        ("Low-rank adaptation helps.", "LoRA 有用。", "variant"),
        ("This is RAG.", "这就是 RAG。", "right"),
        ("This is RAG.", "这就是检索增强生成。", "right"),
        ("This is retrieval-augmented generation.", "这就是 RAG。", "variant"),
        ("Attention is cheap.", "多头注意力很便宜。", "right"),
        ("Softmax sums to one.", "softmax 函数之和为一。", "right"),
        ("The batch is large.", "批次很大。", None),
        ("The batch fits KV caches.", "批次放得下键值缓存。", "right"),
    ],
)
def test_status_into_chinese(source: str, target: str, status: str | None) -> None:
    uses = TO_ZH.check(source, target)
    assert (uses[0].status if uses else None) == status


@pytest.mark.parametrize(
    ("source", "target", "status"),
    [
        ("键值缓存会变大。", "KV caches grow.", "right"),
        ("键值缓存会变大。", "The cache grows.", "missing"),
        ("这就是检索增强生成。", "This is RAG.", "right"),
        ("注意力很便宜。", "The attention mechanism is cheap.", "variant"),
        ("这就是 RAG。", "This is RAG.", "right"),
        ("一个批次。", "A batch.", "right"),
    ],
)
def test_status_into_english(source: str, target: str, status: str) -> None:
    (use,) = TO_EN.check(source, target)
    assert use.status == status


def test_a_sentence_without_translation_has_terms_without_status() -> None:
    (use,) = TO_ZH.check("The KV cache grows.", None)
    assert (use.en, use.zh, use.status) == ("KV cache", "键值缓存", None)


@pytest.mark.parametrize(
    ("source", "target", "fixed"),
    [
        ("The KV cache grows.", "这个KV 缓存会变大。", "这个键值缓存会变大。"),
        ("The KV cache grows.", "这个 KV cache 会变大。", "这个键值缓存会变大。"),
        ("KV caches grow.", "KV cache 会变大，KV cache 很大。", "键值缓存会变大，键值缓存很大。"),
        ("The KV cache grows.", "缓存会变大。", "缓存会变大。"),
        ("The KV cache grows.", "键值缓存（KV cache）会变大。", "键值缓存（KV cache）会变大。"),
    ],
)
def test_variants_are_put_right_in_chinese(source: str, target: str, fixed: str) -> None:
    assert TO_ZH.fixed(source, target) == fixed
    assert TO_ZH.fixed(source, fixed) == fixed


HOUSE = TermBook(
    Glossary(
        [
            entry(
                "mnist",
                "MNIST",
                "MNIST 手写数字数据集",
                keep_english=True,
                aliases=("handwritten digits",),
                chinese_accepted=("手写数字",),
            ),
            entry("token", "token", "词元", keep_english=True, chinese_accepted=("标记",)),
            entry("callback", "callback", "回调函数", chinese_accepted=("回调",)),
            entry(
                "classes",
                "text classification",
                "文本分类",
                aliases=("sequence classification",),
                chinese_accepted=("序列分类",),
            ),
            entry("sota", "state of the art", "最先进水平", abbreviation="SOTA"),
            entry("tokenizer", "tokenizer", "分词器"),
            entry("transfer", "transfer learning", "迁移学习"),
            entry("model", "transformer", "Transformer 架构"),
        ]
    ),
    "en",
    "zh",
)


@pytest.mark.parametrize(
    ("source", "good"),
    [
        ("It reads handwritten digits.", "训练一个模型识别手写数字，然后训练它识别门牌号。"),
        ("What is a token?", "词元到底是什么？"),
        ("We use a callback.", "我们用一个回调。"),
        ("A sequence classification head.", "一个序列分类头。"),
        ("That is the state of the art.", "这就是 SOTA。"),
        ("Call tokenizer.pad with padding.", "调用 tokenizer.pad 来填充。"),
        ("Set tokenizer=None.", "设 tokenizer=None。"),
        ("The tokenizer library.", "tokenizer 库。"),
        ("The Hugging Face Tokenizer library.", "Hugging Face Tokenizer 库。"),
        ("A Tokenizer instance.", "一个 Tokenizer 实例。"),
        ("A tokenizer splits.", "切分器（tokenizer）负责切分。"),
        ('See "What is transfer learning?"', "请看“What is transfer learning?”。"),
        ("A transformer.", "一种 transformer 模型。"),
        ("The tokenizer, this tokenizer.", "这个分词器，即 tokenizer 那个。"),
    ],
)
def test_good_chinese_stays(source: str, good: str) -> None:
    assert HOUSE.fixed(source, good) == good


def test_english_left_over_is_put_right() -> None:
    assert HOUSE.fixed("Train the tokenizer.", "训练这个 tokenizer 吧。") == "训练这个分词器吧。"
    assert HOUSE.fixed("The tokenizers.", "Tokenizers 都不错。") == "分词器都不错。"


def test_english_is_left_alone() -> None:
    said = "An attention mechanism is cheap."
    assert TO_EN.fixed("注意力很便宜。", said) == said


def test_the_first_mention_gives_both_languages_and_no_other_does() -> None:
    pairs = [
        ("The KV cache grows.", None),
        ("A KV cache is big.", "键值缓存很大。"),
        ("The KV cache again, with LoRA.", "还是键值缓存，加上 LoRA 来做。"),
        ("RAG, you say.", "你说的是检索增强生成（RAG）。"),
    ]
    assert TO_ZH.introduced(pairs) == [
        None,
        "键值缓存（KV cache）很大。",
        "还是键值缓存，加上 LoRA（低秩适配）来做。",
        "你说的是检索增强生成（RAG）。",
    ]
    assert TO_EN.introduced([("键值缓存很大。", "KV caches are big.")]) == ["KV caches (键值缓存) are big."]


def test_rows_say_what_is_wanted() -> None:
    rows = TO_ZH.rows(["Low-rank adaptation and KV caches.", "The KV cache."])
    assert [(row.source, row.target) for row in rows] == [
        ("Low-rank adaptation", "低秩适配"),
        ("KV caches", "键值缓存"),
    ]
