"""What findings say, in English and in Chinese: what was seen, and what to compare.

The kind of finding (number, name …) stands before them wherever they are shown.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = ["MESSAGES", "Message", "became", "message"]


class Message(Struct, frozen=True, kw_only=True):
    """One statement in both languages."""

    english: str
    chinese: str


MESSAGES: dict[str, tuple[str, str]] = {
    "number": ("English {en}, Chinese {zh}", "英文 {en}，中文 {zh}"),
    "too_large": (
        "English {en}, Chinese {zh}, {factor} times too large",
        "英文 {en}，中文 {zh}，是前者的 {factor} 倍",
    ),
    "too_small": (
        "English {en}, Chinese {zh}, {factor} times too small",
        "英文 {en}，中文 {zh}，只有前者的 1/{factor}",
    ),
    "unit": ("English {en}, Chinese {zh}", "英文 {en}，中文 {zh}"),
    "comparison": ("English {en}, Chinese {zh}", "英文 {en}，中文 {zh}"),
    "time": ("unit of time: English {en}, Chinese {zh}", "时间单位：英文 {en}，中文 {zh}"),
    "number_lost": ("{en} is not in the Chinese", "中文里没有 {en}"),
    "number_added": ("{zh} is not in the English", "英文里没有 {zh}"),
    "name": ("English {en}, Chinese {zh}", "英文 {en}，中文 {zh}"),
    "name_lost": ("{en} is not in the Chinese", "中文里没有 {en}"),
    "name_added": ("{zh} is not in the English", "英文里没有 {zh}"),
    "term": ("English {en} ({usual}), Chinese {zh}", "英文 {en}（{usual}），中文 {zh}"),
    "term_added": ("{zh} ({usual}) is not in the English", "英文里没有 {zh}（{usual}）"),
    "term_lost": (
        "{en} ({usual}) is not in the Chinese",
        "中文里没有 {en}（{usual}）",
    ),
    "term_lost_often": (
        "{en} ({usual}) is not in the Chinese here and in {more} other places",
        "中文里没有 {en}（{usual}），另有 {more} 处也没有",
    ),
    "term_mixed": ("{en} in several forms: {forms}", "{en} 有几种译法：{forms}"),
    "denied_in_english": (
        "English “{en}”, no negation in the Chinese",
        "英文有 “{en}”，中文没有否定词",
    ),
    "denied_more_in_english": (
        "negations: English {english}, Chinese {chinese}",
        "否定次数：英文 {english} 次，中文 {chinese} 次",
    ),
    "denied_in_chinese": (
        "Chinese “{zh}”, no negation in the English",
        "中文有“{zh}”，英文没有否定词",
    ),
    "untranslated": ("left in English: {en}", "还是英文：{en}"),
    "shorter": (
        "the Chinese is {times} times shorter than usual in this talk",
        "中文只有这场演讲通常长度的 {times} 分之一",
    ),
    "longer": (
        "the Chinese is {times} times longer than usual in this talk",
        "中文是这场演讲通常长度的 {times} 倍",
    ),
    "opposite": ("English {en}, Chinese {zh}", "英文 {en}，中文 {zh}"),
    "slipped": (
        "the Chinese stands in paragraph {there}, its English in paragraph {here}",
        "这句中文在第 {there} 段，对应的英文在第 {here} 段",
    ),
    "omitted_zh": ("the Chinese has nothing of this sentence", "中文里没有这一句"),
    "omitted_en": ("the English has nothing of this sentence", "英文里没有这一句"),
}
"""By key: English and Chinese, with the same values in both."""


def message(key: str, **values: object) -> Message:
    """The statement of that key."""
    english, chinese = MESSAGES[key]
    return Message(english=english.format(**values), chinese=chinese.format(**values))


def became(key: str, english: str, chinese: str) -> Message:
    """One thing in the English, another in the Chinese."""
    return message(key, en=english, zh=chinese)
