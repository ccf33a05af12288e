"""Damage done on purpose, and undone."""

from __future__ import annotations

import pytest

from studykit.formats import repair
from studykit.formats.encodings.chinese_guess import ChineseGuesser
from studykit.resources import data_dir
from studykit.types import DOUBTFUL

_LOST = {"cp1254": b"\x81\x8d\x8e\x8f\x90\x9d\x9e\xad", "cp1252": b"\x81\x8d\x8f\x90\x9d\xad"}

TALK = (
    "我们今天想讲的是，缓存为什么这么重要。不是因为它快，而是因为没有它，每一个新词都要把前面的内容再算一遍！\n"
    "你可能会问：那内存够不够用？中间那一层其实很大，我们与其把它全部留下，不如只留最近的一部分。\n"
)


def damaged(text: str, codec: str = "cp1254") -> str:
    """UTF-8 read as a Windows code page, the bytes that it lacks left out."""
    return "".join(bytes([byte]).decode(codec) for byte in text.encode() if byte not in _LOST[codec])


@pytest.mark.parametrize("codec", ["cp1254", "cp1252"])
def test_what_is_whole_comes_back_and_what_is_not_is_chosen(codec: str) -> None:
    repaired = repair(damaged(TALK, codec))
    assert repaired
    assert len(repaired.text) == len(TALK)
    lost = {char.at for char in repaired.restored}
    assert lost == {i for i, char in enumerate(TALK) if set(char.encode()) & set(_LOST[codec])}
    assert all(a == b for i, (a, b) in enumerate(zip(TALK, repaired.text, strict=True)) if i not in lost)
    right = sum(repaired.text[i] == TALK[i] for i in lost)
    assert right / len(lost) >= 0.9
    assert all(repaired.text[char.at] == char.char for char in repaired.restored)


@pytest.mark.slow
def test_the_example_in_chinese() -> None:
    text = (data_dir("examples") / "lecture.zh.txt").read_text(encoding="utf-8")
    known = [path.read_text(encoding="utf-8") for path in data_dir("glossaries").glob("*.toml")]
    repaired = repair(damaged(text), known=known)
    assert repaired
    right = [repaired.text[char.at] == text[char.at] for char in repaired.restored]
    assert sum(right) / len(right) >= 0.9
    sure = [char for char in repaired.restored if char.confidence >= 0.9]
    assert sum(repaired.text[char.at] == text[char.at] for char in sure) / len(sure) >= 0.98


def test_what_turns_a_statement_round_is_never_restored_without_doubt() -> None:
    text = "原始数据中存在的模式，在权重中存储。它不在那里，我不确定。模型中没有这些，也不能中断。\n" * 3
    repaired = repair(damaged(text))
    assert repaired
    wrong = [char for char in repaired.restored if repaired.text[char.at] != text[char.at]]
    turning = [char for char in wrong if {char.char, text[char.at]} & set("不中没有")]
    assert all(char.confidence < DOUBTFUL for char in turning)
    shown = [char for char in repaired.restored if text[char.at] in "不中"]
    assert any(char.confidence < DOUBTFUL for char in shown)


def test_heads_of_tables_are_what_they_are_in_study_notes() -> None:
    table = "| 词性 | 词汇 | 例句 |\n|---|---|---|\n| 名词 | 模型 | 这是模型。 |\n## 核心观点\n"
    repaired = repair(damaged(table))
    assert repaired
    assert repaired.text == table


def test_pictures_and_latin_letters_survive() -> None:
    text = f"# 学习笔记 📚 naïve café…\n{TALK}"
    repaired = repair(damaged(text))
    assert repaired
    assert repaired.text.startswith("# 学习笔记 📚 naïve café…")


def test_text_that_was_encoded_twice_and_lost_nothing() -> None:
    text = "这只是编码了两次，没有丢东西。"
    repaired = repair(text.encode().decode("latin-1"))
    assert repaired
    assert (repaired.text, repaired.restored) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        TALK,
        "Çok güzel bir gün, değil mi? Şöyle düşün: öğle yemeği için dışarı çıktık.",
        "plain",
        "Où êtes-vous allés l’été dernier ? Nous étions à l’île d’Oléron — c’était génial…",
    ],
)
def test_undamaged_text_is_not_repaired(text: str) -> None:
    assert repair(text) is None


def test_a_certain_place_stays_and_a_choice_has_a_probability() -> None:
    guesses = ChineseGuesser().guess([("我",), ("们", "门"), ("x",), ("学",), ("习", "刁")])
    assert "".join(guess.char for guess in guesses) == "我们x学习"
    assert guesses[0].confidence == 1.0
    assert all(0 < guess.confidence <= 1 for guess in guesses)


def test_neighbours_in_known_text_count() -> None:
    places = [("鹿",), ("甲", "乙"), ("鹤",)]
    chances = {}
    for seen in "甲乙":
        (guess,) = ChineseGuesser([f"鹿{seen}鹤" * 30]).guess(places)[1:2]
        chances[seen] = guess.confidence if guess.char == "甲" else 1 - guess.confidence
    assert chances["甲"] > chances["乙"] + 0.2
