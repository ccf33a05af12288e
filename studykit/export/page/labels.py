"""The fixed words of notes and handouts, in Chinese (as in hand-made study notes) or English."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from studykit.errors import ConfigError
from studykit.export.assist.labels import ASSIST_LABELS, AssistLabels
from studykit.types.kinds import ITEM_KINDS

__all__ = ["LABELS", "Labels", "labels_named"]


class Labels(Struct, frozen=True, kw_only=True):
    """One language's wording. ``{}`` stands for a number or a value."""

    language: str
    heading: str
    source: str
    published: str
    time: str
    part: str
    contents: str
    explanations: str
    claims: str
    claims_of_all: str
    vocabulary: str
    demo: str
    try_it: str
    demo_finds: str
    term: str
    meaning: str
    category: str
    first_seen: str
    count: str
    doubtful: str
    hard_to_hear: str
    guessed_turn: str
    made_title: str
    no_translation: str
    untranslated: str
    restored_times: str
    summarised: str
    doubts_marked: str
    machine_translated: str
    time_slack: str
    as_read: str
    corrections: str
    misheard: str
    corrected: str
    rule: str
    rules: Mapping[str, str]
    certainty: str
    quote_open: str
    quote_close: str
    colon: str
    full_stop: str
    guess: str
    guess_means: str
    without_chinese: str
    cedict_credit: str
    level: str
    kinds: Mapping[str, str]
    to_check: str
    found: str
    checks: Mapping[str, str]
    assist: AssistLabels


LABELS = {
    "zh": Labels(
        language="zh-Hans",
        heading="双语学习笔记",
        source="来源",
        published="发布",
        time="时间",
        part="第 {} 部分",
        contents="目录",
        explanations="解析",
        claims="核心观点",
        claims_of_all="全文核心观点",
        vocabulary="词汇表",
        demo="演示",
        try_it="试一试",
        demo_finds="演示结果",
        term="词汇",
        meaning="含义",
        category="领域",
        first_seen="首次出现",
        count="次数",
        doubtful="此段对应存疑，请对照原文",
        hard_to_hear="此段录音听不太清，文字可能有误，不从中提取术语、词汇和观点",
        guessed_turn="疑似换人",
        made_title="标题由 studykit 根据内容拟定；文件名：{}",
        no_translation="暂无中文译文。请加上 --translation 文件名 或 --translate 引擎 再运行一次。",
        untranslated="此段没有译文",
        restored_times="时间由分段时钟还原，可能略有偏差。",
        summarised="有 {} 段的中文是概述，不是逐句翻译。",
        doubts_marked="〔？〕前的字是从损坏的编码中补出的，可能有误。",
        machine_translated="译文由机器翻译，可能有误。",
        time_slack="最多晚 {} 秒",
        as_read="原话",
        corrections="更正",
        misheard="原文",
        corrected="更正为",
        rule="依据",
        rules={
            "listed": "词表",
            "spelling": "拼写",
            "sound": "读音",
            "pattern": "型号",
            "translation": "误译",
            "decided": "你的决定",
        },
        certainty="把握",
        quote_open="“",
        quote_close="”",
        colon="：",
        full_stop="。",
        guess="推测",
        guess_means="标有“推测”的释义没有译文可以印证，在这里可能是别的意思。",
        without_chinese="未能给出中文的词",
        cedict_credit="部分释义取自汉英词典 CC-CEDICT，许可：CC BY-SA 4.0",
        level="级别",
        kinds={kind.key: kind.chinese for kind in ITEM_KINDS.values()},
        to_check="请核对",
        found="有 {} 处译文请核对，见各段。",
        checks={
            "number": "数字",
            "name": "名称",
            "term": "术语",
            "untranslated": "未译",
            "length": "长度",
            "omitted": "缺漏",
            "slipped": "错段",
            "negation": "否定",
            "opposite": "相反",
        },
        assist=ASSIST_LABELS["zh-Hans"],
    ),
    "en": Labels(
        language="en",
        heading="Bilingual study notes",
        source="Source",
        published="Published",
        time="Time",
        part="Part {}",
        contents="Contents",
        explanations="Notes",
        claims="Key claims",
        claims_of_all="Key claims of the whole talk",
        vocabulary="Terms",
        demo="Demo",
        try_it="Try it",
        demo_finds="It finds",
        term="Term",
        meaning="Meaning",
        category="Field",
        first_seen="First seen",
        count="Count",
        doubtful="Alignment doubtful here: compare with the original",
        hard_to_hear="Hard to hear: the words may be wrong, and nothing is taken from them",
        guessed_turn="another speaker?",
        made_title="Title made by studykit from what is said; file: {}",
        no_translation="No Chinese yet. To add it, run again with --translation FILE or --translate ENGINE.",
        untranslated="Not translated",
        restored_times="Times were reconstructed from clocks that restart; they may be a little early.",
        summarised="Paragraphs whose Chinese is a summary, not a translation: {}.",
        doubts_marked="A character before 〔？〕 was restored from damaged bytes and may be wrong.",
        machine_translated="This is a machine translation and may be wrong.",
        time_slack="up to {} s later",
        as_read="As read",
        corrections="Corrections",
        misheard="As read",
        corrected="Corrected",
        rule="Rule",
        rules={
            "listed": "listed",
            "spelling": "spelling",
            "sound": "sound",
            "pattern": "model name",
            "translation": "mistranslated",
            "decided": "your decision",
        },
        certainty="Certainty",
        quote_open="“",
        quote_close="”",
        colon=": ",
        full_stop=". ",
        guess="a guess",
        guess_means="Meanings marked as a guess are not confirmed by a translation and may not fit here.",
        without_chinese="Words for which no Chinese was found",
        cedict_credit="Some meanings are from the dictionary CC-CEDICT, under CC BY-SA 4.0",
        level="Level",
        kinds={kind.key: kind.english for kind in ITEM_KINDS.values()},
        to_check="Compare",
        found="Places where the Chinese may not say what the English says: {}.",
        checks={
            "number": "number",
            "name": "name",
            "term": "term",
            "untranslated": "untranslated",
            "length": "length",
            "omitted": "omitted",
            "slipped": "in another paragraph",
            "negation": "negation",
            "opposite": "opposite",
        },
        assist=ASSIST_LABELS["en"],
    ),
}


def labels_named(name: str) -> Labels:
    """The wording ``zh`` or ``en``; raises ``ConfigError`` for another name."""
    try:
        return LABELS[name]
    except KeyError:
        raise ConfigError("labels", f"{name!r} is not one of {', '.join(LABELS)}") from None
