"""Translators' notes are no part of what a sentence says."""

from __future__ import annotations

import pytest

from studykit.align.sentences.notes import without_notes


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("分词器的流程。 *[译者注: token 等词均译成分词]", "分词器的流程。"),
        ("他是个老好人（译注：原文为双关），谁都不得罪。", "他是个老好人，谁都不得罪。"),
        ("【编者按：本段有删节】他走了。", "他走了。"),
        ("He left [Translator's note: a pun].", "He left."),
        ("He left (T/N: a pun), she stayed.", "He left, she stayed."),
    ],
)
def test_notes_are_taken_out(text: str, left: str) -> None:
    assert without_notes([text]) == [left]


@pytest.mark.parametrize(
    "text",
    [
        "我（注意：小心）走了。",
        "译者注：见下。",
        "[译者注：无]",
        "He (a translator) left.",
        "注[1]：略",
        "(Note: x)",
    ],
)
def test_other_brackets_and_lone_notes_stay(text: str) -> None:
    assert without_notes([text]) == [text]
