"""The fixed words around what a language model wrote."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from studykit.types import DROP_REASONS

__all__ = ["ASSIST_LABELS", "AssistLabels"]


class AssistLabels(Struct, frozen=True, kw_only=True):
    """One language's wording. ``{}`` stands for a number or a value."""

    written_by: str
    """Features, model and date."""
    title_by: str
    """Model and file name."""
    features: Mapping[str, str]
    comma: str
    overview: str
    part_summary: str
    said_in: str
    """Numbers of paragraphs."""
    misread: str
    expression: str
    literal: str
    meant: str
    place: str
    questions: str
    answers: str
    to_answer: str
    to_question: str
    other_wording: str
    left_out: str
    dropped: str
    """A number and what it consists of."""
    reasons: Mapping[str, str]


ASSIST_LABELS = {
    "zh-Hans": AssistLabels(
        written_by="{}由 {} 撰写（{}），每一句都注明出处，可核对原话。",
        title_by="标题由 {} 拟定；文件名：{}",
        features={
            "overview": "概述",
            "parts": "各部分的标题和小结",
            "claims": "核心观点",
            "items": "标有 † 的释义",
            "misread": "“容易误解的表达”",
            "questions": "思考题",
        },
        comma="、",
        overview="概述",
        part_summary="本部分小结",
        said_in="出处 {}",
        misread="容易误解的表达",
        expression="表达",
        literal="字面意思",
        meant="实际意思",
        place="位置",
        questions="思考题",
        answers="参考答案",
        to_answer="看答案",
        to_question="回到题目",
        other_wording="译文用了别的说法",
        left_out="模型认为不该收入、因而没有列出的词条",
        dropped="另有 {} 条未能通过与原话的核对，没有采用：{}。",
        reasons={reason: chinese for reason, (_, chinese) in DROP_REASONS.items()},
    ),
    "en": AssistLabels(
        written_by="{} written by {}, {}; every sentence is linked to what was said.",
        title_by="Title written by {}; file: {}",
        features={
            "overview": "overview",
            "parts": "headings and summaries of parts",
            "claims": "key claims",
            "items": "meanings marked †",
            "misread": "easily misread expressions",
            "questions": "questions",
        },
        comma=", ",
        overview="Overview",
        part_summary="In short",
        said_in="said in {}",
        misread="Easily misread",
        expression="Expression",
        literal="Literally",
        meant="Meant",
        place="Place",
        questions="Questions",
        answers="Answers",
        to_answer="answer",
        to_question="question",
        other_wording="the translation words it differently",
        left_out="Items left out because the model found them wrong",
        dropped="Not used, because they failed the check against what was said: {} ({}).",
        reasons={reason: english for reason, (english, _) in DROP_REASONS.items()},
    ),
}
