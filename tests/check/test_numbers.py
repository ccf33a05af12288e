"""Numbers across the languages: what is equal must match, what is ten times as much must not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import find_english_numbers
from studykit.check.counts.quantity import decimal_shift, same

SAME = """
1.6 billion parameters | 16亿个参数
about 1 in 10,000 | 大约万分之一
one in ten thousand | 万分之一
three out of four | 四分之三
3.6 bits | 3.6 比特
three point six bits | 三点六比特
44 terabytes | 44TB
four terabytes | 四太字节
4 gigabytes | 4 千兆字节
one third of it | 三分之一
five percent | 百分之五
20% | 两成
50% | 一半
in 2025 | 2025年
in 2025 | ２０２５年
two dozen keyboards | 二十多种键盘
twenty twenty-five | 二零二五年
nineteen ninety-nine | 1999 年
several hundred | 几百
hundreds or thousands of sources | 成百上千个来源
tens of thousands | 几万
hundreds of billions | 数千亿
15 trillion tokens | 15万亿个标记
two and a half million | 两百五十万
a hundred and twenty | 一百二
35,000 | 三万五
1 million tokens | 1百万个
a billion parameters | 十亿参数
405B | 4050亿
1.2 trillion | 一万二千亿
350 million | 三亿五千万
10,050 | 一万零五十
in November | 11 月
two things | 两件事
ten times faster | 快十倍
the third stage | 第三阶段
1,024 | 一千零二十四
1.6 billion | 16億
12,000 steps | 1.2 万步
"""
OTHER = """
1.6 billion | 1.6亿
1 in 10,000 | 十万分之一
44 terabytes | 44GB
5% | 百分之五十
several hundred | 几千
350 million | 三千五百万
3.6 bits | 36 比特
in 2015 | 2025年
three stages | 两个阶段
"""


def rows(table: str) -> list[tuple[str, str]]:
    return [(en, zh) for line in table.strip().splitlines() for en, zh in [line.split(" | ")]]


def matched(english: str, chinese: str) -> bool:
    """Whether each number of either text has its like in the other, and there are some."""
    ours, theirs = find_english_numbers(english), find_chinese_numbers(chinese)
    return (
        bool(ours and theirs)
        and all(any(same(a, b) for b in theirs) for a in ours)
        and all(any(same(a, b) for a in ours) for b in theirs)
    )


@pytest.mark.parametrize(("english", "chinese"), rows(SAME))
def test_the_same_number(english: str, chinese: str) -> None:
    assert matched(english, chinese), (find_english_numbers(english), find_chinese_numbers(chinese))


@pytest.mark.parametrize(("english", "chinese"), rows(OTHER))
def test_another_number(english: str, chinese: str) -> None:
    assert find_english_numbers(english)
    assert find_chinese_numbers(chinese)
    assert not matched(english, chinese)


@pytest.mark.parametrize(
    "text", ["千万不要", "像百度一样", "万一错了", "两者一起", "一些人", "十分重要", "12:30", "一样"]
)
def test_words_that_hold_numerals_are_not_strong_numbers(text: str) -> None:
    assert [number for number in find_chinese_numbers(text) if not number.weak] == []


@pytest.mark.parametrize("text", ["one day", "a good one", "I may", "at 12:30", "no one", "1 thing"])
def test_words_that_are_no_numbers(text: str) -> None:
    assert find_english_numbers(text) == []


ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
ONES += "sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_english(value: int) -> str:
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if value >= scale:
            rest = value % scale
            return f"{in_english(value // scale)} {name}" + (f" {in_english(rest)}" if rest else "")
    if value >= 100:
        rest = value % 100
        return f"{ONES[value // 100]} hundred" + (f" and {in_english(rest)}" if rest else "")
    if value >= 20:
        return TENS[value // 10 - 2] + (f"-{ONES[value % 10]}" if value % 10 else "")
    return ONES[value]


def in_chinese(value: int) -> str:
    """Standard numerals, each run of zeros one 零."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if value >= unit:
            rest = value % unit
            gap = "零" if 0 < rest < unit // 10 else ""
            return in_chinese(value // unit) + name + gap + (in_chinese(rest) if rest else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = bool(text)
    return text


whole = st.one_of(st.integers(11, 10**4), st.integers(11, 10**13))


@given(value=whole, digits=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_number_in_words_or_digits_matches_its_chinese_and_never_ten_times_it(
    value: int, digits: bool
) -> None:
    english = f"there are {f'{value:,}' if digits else in_english(value)} of them"
    assert matched(english, f"总共有{in_chinese(value)}个")
    assert matched(english, f"总共有 {value} 个")
    assert not matched(english, f"总共有{in_chinese(10 * value)}个")
    assert not matched(english, f"总共有 {10 * value} 个")


@given(
    tenths=st.integers(11, 9999).filter(lambda n: n % 10),
    scale=st.sampled_from([("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)]),
    unit=st.sampled_from([("万", 4), ("亿", 8), ("", 0)]),
)
@settings(max_examples=100, deadline=None)
def test_decimals_with_magnitudes(tenths: int, scale: tuple[str, int], unit: tuple[str, int]) -> None:
    value = Fraction(tenths, 10) * 10 ** scale[1]
    english = f"about {tenths / 10} {scale[0]}"
    for factor in (Fraction(1), Fraction(10), Fraction(1, 10)):
        count = value * factor / 10 ** unit[1]
        written = f"{float(count):.9f}".rstrip("0").rstrip(".")
        assert matched(english, f"大约{written}{unit[0]}个") == (factor == 1), written


@given(
    whole_part=st.integers(2, 99),
    decimals=st.text("123456789", min_size=1, max_size=3),
)
@settings(max_examples=50, deadline=None)
def test_decimals_in_words(whole_part: int, decimals: str) -> None:
    english = f"it is {in_english(whole_part)} point {' '.join(ONES[int(d)] for d in decimals)}"
    assert matched(
        english, f"是{in_chinese(whole_part)}点{''.join('零一二三四五六七八九'[int(d)] for d in decimals)}倍"
    )
    assert not matched(
        english,
        f"是{in_chinese(whole_part * 10)}点{''.join('零一二三四五六七八九'[int(d)] for d in decimals)}倍",
    )


_PIECES = """0 7 ０ ５ ٣ ④ ² . , ， / : % ％ 成 半 一 两 〇 十 百 千 万 亿 兆 几 多 第 分之 百分之 点 年 个
    KB 字节 zero six dozen half a hundred million and point percent st k"""


@given(st.lists(st.sampled_from([*_PIECES.split(), " "]), max_size=12).map("".join))
def test_any_text_can_be_read(text: str) -> None:
    for found in (find_english_numbers(text), find_chinese_numbers(text)):
        assert all(number.text in text and number.values for number in found)


def test_how_many_places_a_number_is_off() -> None:
    (a,), (b,) = find_english_numbers("1.6 billion"), find_chinese_numbers("1.6亿")
    assert decimal_shift(a, b) == -1
    assert decimal_shift(a, find_chinese_numbers("1.7亿")[0]) is None
