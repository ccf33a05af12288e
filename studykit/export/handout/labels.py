"""The fixed words of handouts, in addition to those of all notes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

__all__ = ["SHEET_LABELS", "SheetLabels"]


class SheetLabels(Struct, frozen=True, kw_only=True):
    """One language's wording. ``{}`` stands for a number or a value."""

    variants: Mapping[str, str]
    instructions: Mapping[str, str]
    word_bank: str
    answers: str
    scan: str


SHEET_LABELS = {
    "zh-Hans": SheetLabels(
        variants={
            "study": "双语学习笔记",
            "english": "英文稿",
            "chinese": "中文稿",
            "side-by-side": "双语对照",
            "cloze": "填空练习",
            "dictation": "听写练习",
            "translate": "翻译练习",
        },
        instructions={
            "cloze": "用词库里的词填空，每个词只用一次。答案在最后。",
            "dictation": "从所给时间听起，逐句写下你听到的英文。答案在最后。",
            "translate": "把下面的中文译成英文，再与讲者的原话对照。答案在最后。",
        },
        word_bank="词库",
        answers="答案",
        scan="扫码从 {} 开始播放",
    ),
    "en": SheetLabels(
        variants={
            "study": "Bilingual study notes",
            "english": "English text",
            "chinese": "Chinese text",
            "side-by-side": "English and Chinese",
            "cloze": "Fill in the gaps",
            "dictation": "Dictation",
            "translate": "Translate into English",
        },
        instructions={
            "cloze": "Fill each gap with a word from the bank; each is used once. Answers are at the end.",
            "dictation": "Play each sentence from its time and write what you hear. Answers are at the end.",
            "translate": "Put the Chinese into English, then compare with what was said. "
            "Answers are at the end.",
        },
        word_bank="Word bank",
        answers="Answers",
        scan="Scan to play from {}",
    ),
}
