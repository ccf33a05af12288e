from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from studykit.glossary import Entry, Found, Glossary, Searcher, load, near, search
from studykit.glossary.pinyin import letters, readings
from studykit.resources import data_dir

MakeEntry = Callable[..., Entry]


@pytest.fixture(scope="module")
def searcher(make_entry: MakeEntry) -> Searcher:
    entries = [
        make_entry("rag", "retrieval-augmented generation", abbreviation="RAG", chinese="检索增强生成"),
        make_entry("rag-cloth", "rag", chinese="抹布"),
        make_entry("kv-cache", "KV cache", chinese="KV 缓存", chinese_accepted=("键值缓存",)),
        make_entry("cache", "cache line", chinese="高速缓存行", aliases=("cached",)),
        make_entry("fine-tuning", "fine-tuning", aliases=("finetune",), chinese="微调"),
        make_entry("weights", "weights", chinese="权重", misheard=("全种", "waits")),
        make_entry("lora", "low-rank adaptation", abbreviation="LoRA", chinese="低秩适配"),
        make_entry("attention", "attention", chinese="注意力"),
        make_entry("policy", "policy", chinese="策略"),
        make_entry("gpt-4", "GPT-4 model", chinese="GPT-4 模型"),
    ]
    return Searcher(Glossary(entries))


def ids(found: list[Found]) -> list[str]:
    return [one.entry.id for one in found]


@pytest.mark.parametrize(
    ("query", "first", "kind", "form"),
    [
        ("retrieval-augmented generation", "rag", "exact", "retrieval-augmented generation"),
        ("Retrieval  augmented generation", "rag", "exact", "retrieval-augmented generation"),
        ("RAG", "rag", "exact", "RAG"),
        ("rag", "rag-cloth", "exact", "rag"),
        ("策略", "policy", "exact", "策略"),
        ("policies", "policy", "exact", "policy"),
        ("KV缓存", "kv-cache", "exact", "KV 缓存"),
        ("键值缓存", "kv-cache", "exact", "键值缓存"),
        ("finetuning", "fine-tuning", "exact", "fine-tuning"),
        ("全种", "weights", "exact", "全种"),
        ("waits", "weights", "exact", "waits"),
        ("低秩", "lora", "prefix", "低秩适配"),
        ("atten", "attention", "prefix", "attention"),
        ("cach", "cache", "prefix", "cached"),
        ("增强", "rag", "inside", "检索增强生成"),
        ("augmented gen", "rag", "inside", "retrieval-augmented generation"),
        ("jiansuo zengqiang", "rag", "pinyin", "检索增强生成"),
        ("jiansuozengqiangshengcheng", "rag", "pinyin", "检索增强生成"),
        ("jiǎn suǒ", "rag", "pinyin", "检索增强生成"),
        ("jian3suo3", "rag", "pinyin", "检索增强生成"),
        ("zengqiang", "rag", "pinyin", "检索增强生成"),
        ("jszqsc", "rag", "pinyin", "检索增强生成"),
        ("jszq", "rag", "pinyin", "检索增强生成"),
        ("quanzhong", "weights", "pinyin", "权重"),
        ("weitiao", "fine-tuning", "pinyin", "微调"),
        ("huancun", "kv-cache", "pinyin", "KV 缓存"),
        ("kv huancun", "kv-cache", "pinyin", "KV 缓存"),
        ("kvhc", "kv-cache", "pinyin", "KV 缓存"),
        ("celue", "policy", "pinyin", "策略"),
        ("celüe", "policy", "pinyin", "策略"),
        ("atention", "attention", "typo", "attention"),
        ("attnetion", "attention", "typo", "attention"),
        ("retreival", "rag", "typo", "retrieval-augmented generation"),
        ("检锁增强生成", "rag", "typo", "检索增强生成"),
        ("jiansou zengqiang shengcheng", "rag", "typo", "检索增强生成"),
    ],
)
def test_the_best_match(searcher: Searcher, query: str, first: str, kind: str, form: str) -> None:
    best = searcher.find(query)[0]
    assert (best.entry.id, best.kind, best.form) == (first, kind, form)
    assert best.form in _as_tuple(getattr(best.entry, best.field))


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("query", ["", "  ", "zebra crossing", "象牙塔", "?", "xq", "zh" * 40])
def test_nothing_is_found_where_nothing_is(searcher: Searcher, query: str) -> None:
    assert searcher.find(query) == []


def test_kinds_rank_before_closeness_and_each_entry_comes_once(searcher: Searcher) -> None:
    found = searcher.find("cache")
    assert [(one.entry.id, one.kind) for one in found] == [("cache", "prefix"), ("kv-cache", "inside")]
    for query in ("rag", "缓存", "c", "g", "fine", "jiansuo", "atention"):
        found = searcher.find(query)
        assert len(set(ids(found))) == len(found)
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


def test_the_case_that_was_typed_comes_first(searcher: Searcher) -> None:
    assert ids(searcher.find("RAG")) == ["rag", "rag-cloth"]
    assert ids(searcher.find("rag")) == ["rag-cloth", "rag"]


def test_typos_do_not_disturb_what_is_spelled_right(searcher: Searcher) -> None:
    assert all(one.kind != "typo" for one in searcher.find("rag"))
    assert all(one.kind != "typo" for one in searcher.find("quanzhong"))


def test_two_letters_are_too_few_for_a_typo(searcher: Searcher) -> None:
    assert not searcher.find("kz")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("polcy", ["policy"]),  # one edit in 5 letters
        ("polxx", []),
        ("polxcx", ["policy"]),  # two in 6
        ("poxxxy", []),
        # Five in 30: one more for every 8 letters beyond 6.
        ("retrieval-auxxxxxed generation", ["rag"]),
        ("retrieval-xxxxxxxx generation", []),
    ],
)
def test_a_longer_query_may_have_more_typos(searcher: Searcher, query: str, found: list[str]) -> None:
    assert [one.entry.id for one in searcher.find(query) if one.kind == "typo"] == found


@pytest.mark.parametrize(
    ("query", "form", "score"),
    [
        ("atention", "attention", 0.2 * (1 - 1 / 9)),
        ("atentoin", "attention", 0.2 * (1 - 2 / 9)),
        ("retreival", "retrieval-augmented generation", 0.2 * (1 - 1 / 9) / 2),  # a word of it weighs half
    ],
)
def test_a_typo_scores_by_the_share_of_letters_that_are_right(
    searcher: Searcher, query: str, form: str, score: float
) -> None:
    (first, *_) = searcher.find(query)
    assert (first.form, first.score) == (form, round(score, 4))


def test_the_order_of_entries_makes_no_difference(make_entry: MakeEntry) -> None:
    entries = [make_entry(f"t{i}", f"word {i % 3} again", chinese=f"词语{i}号") for i in range(9)]
    for query in ("word", "again", "ciyu", "cy", "wrd", "词"):
        found = search(Glossary(entries), query)
        assert found == search(Glossary(reversed(entries)), query)
        assert found[:4] == search(Glossary(entries), query, limit=4)


def test_pinyin_letters() -> None:
    assert letters("Lǜ sè") == letters("lv4se4") == "lvse"
    assert letters("nüe") == letters("nue") == "nve"


def test_readings() -> None:
    assert ["".join(piece.full for piece in one) for one in readings("权重")] == ["quanzhong"]
    assert "weitiao" in {"".join(piece.full for piece in one) for one in readings("微调")}
    assert [[piece.initial for piece in one] for one in readings("KV 缓存")] == [["kv", "h", "c"]]
    assert readings("KV cache") == []
    assert len(readings("参 a " * 6)) == 32


def test_importing_the_glossary_loads_neither_pinyin_nor_rapidfuzz() -> None:
    code = "import sys, studykit.glossary; print(sorted({'pypinyin', 'rapidfuzz'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture(scope="module")
def shipped() -> Glossary:
    return load([data_dir("glossaries")])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("kvcaching", "kv-cache"),
        ("the log probs of a token", "log-probability"),
        ("检锁增强", "rag"),
    ],
)
def test_near_terms_are_offered_for_an_unknown_one(shipped: Glossary, text: str, meant: str) -> None:
    assert shipped.look_up(text) is None
    assert meant in [entry.id for entry in near(shipped, text)]


def test_nothing_is_offered_for_what_is_near_nothing(shipped: Glossary) -> None:
    assert near(shipped, "zebra crossing") == []
