"""A Chinese talk with an English translation: Chinese statements are held against Chinese words."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

from studykit.assist import Judged, requests_for, written
from studykit.types import Alignment, Assistance, Notes, Occurrence, Sentence, Source, Span
from tests.assist.lecture import lecture_said
from tests.talks import SMALL_TALK

CHINESE = (
    "有一家非营利组织叫 Common Crawl，抓下来的网页大部分是垃圾。",
    "清洗之后，仍有大约 15 万亿个词元。",
    "所以，上下文不是免费的。",
)
ENGLISH = (
    "A non-profit called Common Crawl fetches pages, and most of them are junk.",
    "After cleaning, there are still about 15 trillion tokens, so they cut corners.",
    "So context isn't free.",
)


@cache
def talk() -> Judged:
    chinese = tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(CHINESE))
    english = tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(ENGLISH))
    notes = Notes(
        source=Source(id="c" * 64, kind="captions", language="zh", title="词元"),
        timing="none",
        english=english,
        chinese=chinese,
        alignment=SMALL_TALK.alignment,
        parts=SMALL_TALK.parts[:1],
        paragraphs=tuple(
            type(para)(index=i, english=Span(start=i, end=i + 1), chinese=Span(start=i, end=i + 1))
            for i, para in enumerate((*SMALL_TALK.paragraphs, *SMALL_TALK.paragraphs)[:3])
        ),
    )
    assert isinstance(notes.alignment, Alignment)
    return Judged(notes, lecture_said().judges)


def made(feature: str, answer: Any) -> Assistance:
    request, *_ = requests_for(talk().notes, [feature], 8192)
    return written(
        [request], [json.dumps(answer, ensure_ascii=False)], talk(), model="m", written_on="2026-01-31"
    )


def claim(en: str, zh: str, sentence: int, quote: str) -> dict[str, Any]:
    return {"en": en, "zh": zh, "evidence": [{"sentence": sentence, "quote": quote}]}


def test_claims_of_a_chinese_talk() -> None:
    claims = [
        claim("Most of the pages are junk.", "抓下来的网页大部分是垃圾。", 1, "抓下来的网页大部分是垃圾"),
        claim("About 15 trillion tokens remain.", "还剩大约 15 万亿个词元。", 2, "仍有大约 15 万亿个词元"),
        claim("Context isn't free.", "上下文不是免费的。", 3, "上下文不是免费的"),
        claim("About 51 trillion tokens remain.", "还剩大约 51 万亿个词元。", 2, "仍有大约 15 万亿个词元"),
        claim("Context is free.", "上下文是免费的。", 3, "上下文不是免费的"),
        claim("Context isn't free.", "上下文从来不是免费的。", 3, "上下文从来不是免费的"),
        claim("FineWeb is mostly junk.", "FineWeb 大部分是垃圾。", 1, "抓下来的网页大部分是垃圾"),
        claim("Most of the pages are junk.", "网页大部分是垃圾。", 2, "清洗之后"),
    ]
    assistance = made("claims", {"claims": claims})
    assert [one.statement.chinese for one in assistance.claims] == [one["zh"] for one in claims[:3]]
    assert Counter({one.reason: one.count for one in assistance.dropped}) == Counter(
        {"number": 1, "opposite": 1, "quote": 1, "name": 1, "meaning": 1}
    )


def test_english_words_are_found_in_the_translation() -> None:
    missed = [
        {
            "head": "cut corners",
            "kind": "idiom",
            "sentence": 2,
            "gloss": "抄近路",
            "note": "含贬义",
            "translation": "",
        },
        {
            "head": "cut corners",
            "kind": "idiom",
            "sentence": 3,
            "gloss": "抄近路",
            "note": "",
            "translation": "",
        },
    ]
    assistance = made("items", {"items": [], "missed": missed, "wrong": []})
    (item,) = assistance.items
    start = ENGLISH[1].index("cut corners")
    assert item.occurrence == Occurrence(
        language="en", sentence=1, span=Span(start=start, end=start + len("cut corners"))
    )
    assert not item.in_translation
    assert [one.reason for one in assistance.dropped] == ["head"]


def test_the_document_has_the_english_beside_its_chinese() -> None:
    request, *_ = requests_for(talk().notes, ["misread"], 8192)
    (part,) = json.loads(request.conversation[1]["content"])["parts"]
    assert part["paragraphs"][1]["sentences"] == {"2": CHINESE[1]}
    assert part["paragraphs"][1]["english"] == {"2": ENGLISH[1]}
