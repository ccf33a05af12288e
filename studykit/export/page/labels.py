"""The fixed words of notes and handouts, in Chinese (as in hand-made study notes) or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studykit.errors import ConfigError
from studykit.types.kinds import ITEM_KINDS

__all__ = ["LABELS", "Labels", "labels_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
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
    term: str
    meaning: str
    category: str
    first_seen: str
    count: str
    doubtful: str
    no_translation: str
    untranslated: str
    restored_times: str
    machine_translated: str
    time_slack: str
    as_read: str
    corrections: str
    misheard: str
    corrected: str
    rule: str
    certainty: str
    quote_open: str
    quote_close: str
    colon: str
    full_stop: str
    commonest: str
    level: str
    kinds: Mapping[str, str]
    to_check: str
    found: str
    checks: Mapping[str, str]


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
        term="词汇",
        meaning="含义",
        category="领域",
        first_seen="首次出现",
        count="次数",
        doubtful="此段对应存疑，请对照原文",
        no_translation="暂无中文译文。请加上 --translation 文件名 或 --translate 引擎 再运行一次。",
        untranslated="此段没有译文",
        restored_times="时间由分段时钟还原，可能略有偏差。",
        machine_translated="译文由机器翻译，可能有误。",
        time_slack="最多晚 {} 秒",
        as_read="原话",
        corrections="更正",
        misheard="原文",
        corrected="更正为",
        rule="依据",
        certainty="把握",
        quote_open="“",
        quote_close="”",
        colon="：",
        full_stop="。",
        commonest="推测，未经译文印证",
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
            "negation": "否定",
        },
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
        term="Term",
        meaning="Meaning",
        category="Field",
        first_seen="First seen",
        count="Count",
        doubtful="Alignment doubtful here: compare with the original",
        no_translation="No Chinese yet. To add it, run again with --translation FILE or --translate ENGINE.",
        untranslated="Not translated",
        restored_times="Times were reconstructed from clocks that restart; they may be a little early.",
        machine_translated="This is a machine translation and may be wrong.",
        time_slack="up to {} s later",
        as_read="As read",
        corrections="Corrections",
        misheard="As read",
        corrected="Corrected",
        rule="Rule",
        certainty="Certainty",
        quote_open="“",
        quote_close="”",
        colon=": ",
        full_stop=". ",
        commonest="a guess, no translation bears it out",
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
            "negation": "negation",
        },
    ),
}


def labels_named(name: str) -> Labels:
    """The wording ``zh`` or ``en``; raises ``ConfigError`` for another name."""
    try:
        return LABELS[name]
    except KeyError:
        raise ConfigError("labels", f"{name!r} is not one of {', '.join(LABELS)}") from None
