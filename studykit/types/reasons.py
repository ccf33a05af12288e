"""Why something that a language model wrote was dropped: the names of the proofs, with what failed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["DROP_REASONS"]

DROP_REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "form": ("not in the form asked for", "格式不符"),
        "language": ("not in the language asked for", "语言不符"),
        "length": ("too long or empty", "过长或为空"),
        "sentence": ("names a sentence or paragraph that does not exist", "指明的句子或段落不存在"),
        "quote": ("its quote is not in the sentence", "引文不在所指的句子里"),
        "number": ("a number that was not said", "数字没有出处"),
        "name": ("a name that was not said", "名称没有出处"),
        "term": ("a term that was not said", "术语没有出处"),
        "opposite": ("says the opposite of its quote, or more", "与引文相反，或说过了头"),
        "meaning": ("far from what its quote says", "与引文意思相去太远"),
        "chinese": ("its Chinese says something else", "中文与英文不符"),
        "heading": ("a heading without words of its part", "标题用词不在这一部分里"),
        "head": ("the words do not stand where it says", "词语不在所指的位置"),
        "translation": ("words that the translation does not have", "译文里没有这些词"),
        "sense": ("its Chinese is far from the words", "释义与原词相去太远"),
        "listed": ("names an item that is not listed", "所指的条目不在列表里"),
        "vetoes": ("more vetoes than can be right", "否决过多"),
        "twice": ("said before", "重复"),
    }
)
"""By reason: in English and in Chinese."""
