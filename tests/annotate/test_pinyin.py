"""How Chinese is read: polyphones in their words and beside their neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.lexicon.pinyin import chinese_words, read_aloud


def pinyin(text: str) -> str:
    return " ".join(reading.pinyin or reading.text for reading in read_aloud(text))


# Readings as in 现代汉语词典; tones of single syllables.
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("银行行长很行", "yínháng hángzhǎng hěn xíng"),
        ("一行代码", "yī háng dàimǎ"),
        ("行和列", "háng hé liè"),
        ("长度增长", "chángdù zēngzhǎng"),
        ("很长的文本", "hěn cháng de wénběn"),
        ("长得很快", "zhǎngde hěn kuài"),
        ("重要的重复", "zhòngyào de chóngfù"),
        ("重写，重跑", "chóng xiě ， chóng pǎo"),
        ("得到结果", "dédào jiéguǒ"),
        ("跑得快", "pǎo de kuài"),
        ("你得去", "nǐ děi qù"),
        ("知道了", "zhīdào le"),
        ("了解", "liǎojiě"),
        ("做不了", "zuò bùliǎo"),
        ("还是要还钱", "háishi yào huán qián"),
        ("数据的数量", "shùjù de shùliàng"),
        ("数一数", "shǔ yī shǔ"),
        ("只有一只猫", "zhǐyǒu yī zhī māo"),
        ("调整参数，调用函数", "tiáozhěng cānshù ， diàoyòng hánshù"),
        ("音乐很快乐", "yīnyuè hěn kuàilè"),
        ("为什么成为", "wèishénme chéngwéi"),
        ("定义为零", "dìngyì wéi líng"),
        ("有效地训练", "yǒuxiào de xùnliàn"),
        ("便宜", "piányi"),
        ("女儿用绿色的策略", "nǚ’ér yòng lǜsè de cèlüè"),
        ("大语言模型", "dà yǔyán móxíng"),
        ("微调 GPT-3 的权重", "wēitiáo  GPT-3  de quánzhòng"),
    ],
)
def test_readings(text: str, read: str) -> None:
    assert pinyin(text) == read


def test_words_of_a_run() -> None:
    assert chinese_words("强化学习让模型自己发现解法") == [
        "强化",
        "学习",
        "让",
        "模型",
        "自己",
        "发现",
        "解法",
    ]


@given(st.text(st.sampled_from("的了行长重得还为中国模型A1 ，。𠀀㐂\n"), max_size=30))
def test_nothing_is_lost_and_every_character_has_a_syllable(text: str) -> None:
    readings = read_aloud(text)
    assert "".join(reading.text for reading in readings) == text
    assert all(len(reading.syllables) in {0, len(reading.text)} for reading in readings)
