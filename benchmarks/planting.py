"""Errors to plant in a translation: what a careless hand might have written.

Every function takes the English, the Chinese and a random generator, and returns the Chinese with one
error, or None where it does not apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import find_english_numbers
from studykit.glossary import Entry, Glossary
from studykit.types import Term

__all__ = ["Edit", "edits", "reverse"]

Edit = Callable[[str, str, random.Random], str | None]

_DENIALS = (
    *(("不能", "能"), ("无法", "能"), ("没有", "有"), ("不会", "会"), ("不是", "是"), ("不需要", "需要")),
    *(("不要", "要"), ("不想", "想"), ("不知道", "知道"), ("不可", "可"), ("并不", ""), ("还没", "已经")),
    *(("没能", ""), ("从不", "总是"), ("从来没", "一直"), ("不用", "要"), ("不再", "仍"), ("绝不", "一定")),
    *(("几乎不", ""), ("未能", ""), ("尚未", "已经"), ("无需", "需要"), ("没什么", "有些"), ("毫无", "颇有")),
)
_ENGLISH_DENIAL = re.compile(
    r"\b(?:not|never|cannot|without|no|none|nothing|nobody|hardly|barely|unable|neither|nor)\b|n['’]t\b",
    re.IGNORECASE,
)
_OPPOSITES = [
    tuple(pair.split("/"))
    for pair in """
    增加/减少 提高/降低 上升/下降 更大/更小 更多/更少 更快/更慢 更好/更差
    更高/更低 更容易/更难 更长/更短 最大/最小 最好/最差 最高/最低 之前/之后
    以前/以后 第一个/最后一个 打开/关上 开始/结束 里面/外面 上面/下面 容易/困难
    简单/复杂 便宜/昂贵 成功/失败 正确/错误 一样/不同 相同/不同 总是/从不
    输入/输出 编码器/解码器
    """.split()
]
_NAMES = ("Facebook", "Netflix", "Oracle", "Samsung", "Berkeley", "Wikipedia", "Keras", "Spotify", "MIT")
_PLACES = tuple("巴黎 伦敦 东京 旧金山 哈萨克斯坦 剑桥大学 墨西哥 柏林 麻省理工学院 纽约 加拿大 印度".split())
_HERE = re.compile(
    "纽约|蒙特利尔|斯坦福大学|斯坦福|加拿大|巴黎|法国|印度|美国|塔吉克斯坦|孟买|加州|旧金山|英国|德国|中国|日本|伦敦"
)
_TIMES = (
    *(
        ("每天", "每周"),
        ("每周", "每年"),
        ("小时", "分钟"),
        ("分钟", "小时"),
        ("个月", "周"),
        ("几天", "几年"),
    ),
    *(("星期", "月"), ("年前", "天前"), ("几年", "几天"), ("秒", "小时"), ("昨天", "明天"), ("早上", "晚上")),
    *(
        ("每年", "每月"),
        ("周一", "周四"),
        ("星期一", "星期五"),
        ("星期天", "星期三"),
        ("下午", "上午"),
        ("周六", "周三"),
    ),
    *((f"{a}月", f"{b}月") for a, b in zip("三四五六七八九", "九八三四五六七", strict=True)),
    *(("年", "天"), ("天", "周"), ("周", "月")),
)
_TIME_WORDS = re.compile(
    r"\b(?:(?:second|minute|hour|day|week|month|year|morning|evening|night|afternoon)s?|daily|weekly|yesterday"
    r"|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\b",
    re.IGNORECASE,
)
_NO_TIME = re.compile(
    "今天|聊天|天气|天空|天才|年轻|少年|青年|老年|年龄|周围|一周|天然|当年|晚年|童年|新年|周到|(?:礼拜|星期|周)天|周末"
)
_LATIN = re.compile(r"(?<![A-Za-z_.])[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]+)*(?![A-Za-z_(.])")
_SCALES = (("百万", "万"), ("亿", "万"), ("千", "百"), ("万", "亿"), ("百", "千"), ("百万", "百"))


def edits(terms: Sequence[Term], glossary: Glossary) -> dict[str, Edit]:
    """The errors by kind. Wrong terms are the glossary's: ones that the talk does not speak of, or ("of the
    talk") that it speaks of elsewhere."""
    entries = [entry for entry in glossary.entries if not entry.chinese.isascii() and len(entry.chinese) > 1]
    said = {term.entry_id for term in terms}

    def term(near: bool, of_talk: bool = False) -> Edit:
        def edit(english: str, chinese: str, rng: random.Random) -> str | None:
            for entry_id in rng.sample(sorted(said), len(said)):
                entry = glossary.get(entry_id)
                if entry is None or not any(f.lower() in english.lower() for f in entry.english_forms):
                    continue
                for form in sorted(entry.chinese_forms, key=len, reverse=True):
                    if form in chinese and not form.isascii():
                        others = [
                            e for e in entries if (e.id in said) == of_talk and _is_sibling(entry, e) == near
                        ]
                        if of_talk:
                            others = [e for e in others if not _is_there(e, english, chinese)]
                        same = [e for e in others if e.category == entry.category]
                        if same or others:
                            return chinese.replace(form, rng.choice(same or others).chinese)
            return None

        return edit

    return {
        "term": term(near=False),
        "term, of its family": term(near=True),
        "omission": _omit,
        "negation lost": _deny,
        "negation added": _affirm,
        "reversal": reverse,
        "number": _renumber,
        "magnitude": _scale,
        "name": _rename,
        "time": _retime,
        "term, of the talk": term(near=False, of_talk=True),
    }


def _is_there(entry: Entry, english: str, chinese: str) -> bool:
    """Whether either text has the term, or the English a word of it."""
    words = {word for form in entry.english_forms for word in re.findall("[a-z]{4,}", form.lower())}
    return any(word in english.lower() for word in words) or any(f in chinese for f in entry.chinese_forms)


def _is_sibling(entry: Entry, other: Entry) -> bool:
    """Whether two terms end alike and mean different things: 过拟合, 欠拟合; neither holds the other."""
    a, b = entry.chinese, other.chinese
    return a[-2:] == b[-2:] and a not in b and b not in a


def _omit(english: str, chinese: str, _: random.Random) -> str | None:
    return "" if len(english.split()) >= 8 and len(chinese) >= 8 else None


def _deny(english: str, chinese: str, rng: random.Random) -> str | None:
    if not _ENGLISH_DENIAL.search(english) or english.rstrip().endswith("?"):
        return None
    found = [(a, b) for a, b in _DENIALS if a in chinese]
    return chinese.replace(*rng.choice(found), 1) if found else None


def _affirm(english: str, chinese: str, rng: random.Random) -> str | None:
    if _ENGLISH_DENIAL.search(english) or any(a in chinese for a in "不没无非未别") or "？" in chinese:
        return None
    found = list(
        re.finditer(r"(?<![不可才只功性机万智])(?:可以|能够|需要|会(?!议|话)|想要|知道|喜欢|应该)", chinese)
    )
    if not found:
        return None
    at = rng.choice(found).start()
    return chinese[:at] + "不" + chinese[at:]


def reverse(english: str, chinese: str, rng: random.Random) -> str | None:
    if _ENGLISH_DENIAL.search(english):
        return None
    both = [*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)]
    found = [
        (a, b)
        for a, b in both
        if len(a) > 1 and a in chinese and not re.search(f"[不没]太?{a}|从头{a}|重新{a}", chinese)
    ]
    return chinese.replace(*rng.choice(found), 1) if found else None


def _renumber(english: str, chinese: str, rng: random.Random) -> str | None:
    if not find_english_numbers(english):
        return None
    numbers = [n for n in find_chinese_numbers(chinese) if not n.loose]
    for number in rng.sample(numbers, len(numbers)):
        digits = [i for i, char in enumerate(number.text) if char in "123456789一二三四五六七八九两"]
        if digits:
            at = rng.choice(digits)
            group = "123456789" if number.text[at].isascii() else "二三四五六七八九"
            new = rng.choice(
                [
                    char
                    for char in group
                    if char != number.text[at] and (number.text[at], char) != ("两", "二")
                ]
            )
            start = chinese.index(number.text, number.span.start)
            return chinese[: start + at] + new + chinese[start + at + 1 :]
    return None


def _scale(english: str, chinese: str, rng: random.Random) -> str | None:
    if not re.search(r"\d|hundred|thousand|million|billion|trillion|ten|twenty|thirty|fifty", english):
        return None
    made = []
    for number in find_chinese_numbers(chinese):
        if number.unit == "ratio" and "%" not in number.text:
            continue
        start = chinese.index(number.text, number.span.start)
        made += [chinese[:start] + chinese[start:].replace(a, b, 1) for a, b in _SCALES if a in number.text]
        if match := re.match(r"[1-9]\d[\d,]*", number.text):
            more = f"{10 * int(match[0].replace(',', '')):,}"
            made.append(chinese[:start] + more + chinese[start + len(match[0]) :])
    return rng.choice(made) if made else None


def _rename(english: str, chinese: str, rng: random.Random) -> str | None:
    names = [m for m in _LATIN.finditer(chinese) if m[0] in english]
    if names:
        match = rng.choice(names)
        return (
            chinese[: match.start()]
            + rng.choice([n for n in _NAMES if n != match[0]])
            + chinese[match.end() :]
        )
    place = _HERE.search(chinese)
    if place:
        return chinese.replace(
            place[0], rng.choice([other for other in _PLACES if other[:2] != place[0][:2]])
        )
    return None


def _retime(english: str, chinese: str, rng: random.Random) -> str | None:
    if not _TIME_WORDS.search(english) or _NO_TIME.search(chinese):
        return None
    found = [(a, b) for a, b in _TIMES if a in chinese]
    return chinese.replace(*max(found, key=lambda pair: (len(pair[0]), rng.random())), 1) if found else None
