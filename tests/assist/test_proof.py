"""What is true of the example passes; what is subtly wrong is stopped, each by its own test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.assist.answer import (
    BothTexts,
    Evidence,
    ItemAnswer,
    MisreadAnswer,
    QuestionAnswer,
    Statement,
    SummarySentence,
    entries,
    entry,
)
from studykit.assist.proof import (
    UnprovenError,
    proven_heading,
    proven_item,
    proven_misreading,
    proven_note,
    proven_question,
    proven_sentence,
    proven_statement,
    proven_title,
)
from studykit.assist.proof.items import place_of_head
from studykit.assist.proof.quotes import proven_quote
from studykit.assist.said import Judged
from studykit.types import Backed
from tests.assist.lecture import BAD, GOOD, lecture_notes, lecture_said, statements_of


def reason(prove: Any, written: Any, kind: Any, *args: Any, **more: Any) -> str | None:
    """Which test stops it; None if it passes."""
    read = entry(written, kind)
    assert read is not None, written
    try:
        prove(read, *args, **more)
    except UnprovenError as error:
        return error.reason
    return None


def listed(head: str, sentence: int | None = None) -> Any:
    """The item of that head; of several the one that is said in the sentence, which counts from 1."""
    found = [item for item in lecture_notes().vocabulary if item.head == head]
    said = [item for item in found if any(at.sentence + 1 == sentence for at in item.occurrences)]
    return (said or found)[0]


@pytest.mark.parametrize("written", [*statements_of(GOOD)], ids=lambda one: one["en"][:40])
def test_true_statements_pass(written: dict[str, Any]) -> None:
    assert reason(proven_statement, written, Statement, lecture_said()) is None


@pytest.mark.parametrize("written", GOOD["questions"], ids=lambda one: one["question"]["en"][:40])
def test_true_answers_pass(written: dict[str, Any]) -> None:
    assert reason(proven_question, written, QuestionAnswer, lecture_said()) is None


def test_headings_and_summaries_pass() -> None:
    said = lecture_said()
    overview = GOOD["overview"]
    assert reason(proven_title, overview["title"], BothTexts, said) is None
    for sentence in (overview["line"], *overview["summary"]):
        assert reason(proven_sentence, sentence, SummarySentence, said) is None, sentence
    for part in GOOD["parts"]:
        span = said.paragraphs_of_part(part["part"])
        numbers = said.sentences_of(i + 1 for i in span)
        assert reason(proven_heading, part["heading"], BothTexts, numbers, said) is None, part
        for sentence in part["summary"]:
            assert reason(proven_sentence, sentence, SummarySentence, said, within=span) is None, sentence


def test_items_and_their_notes_pass() -> None:
    said = lecture_said()
    for written in [*GOOD["items"], *GOOD["missed"]]:
        item = None if "kind" in written else listed(written["head"], written["sentence"])
        assert reason(proven_item, written, ItemAnswer, said, item) is None, written
        read = entry(written, ItemAnswer)
        assert read
        assert proven_note(read.note, read.head, read.sentence, said) == read.note
    for written in GOOD["misread"]:
        assert reason(proven_misreading, written, MisreadAnswer, said) is None, written


STOPPED_BY = {
    "number": "number",
    "number in words": "number",
    "opposite": "opposite",
    "opposite: exchanged": "opposite",
    "another sentence": "meaning",
    "not verbatim": "quote",
    "name": "name",
    "Chinese": "chinese",
    "term not in the part": "term",
    "head": "head",
}


@pytest.mark.parametrize("wrong", BAD, ids=lambda one: one["why"])
def test_what_is_subtly_wrong_is_stopped_by_its_own_test(wrong: dict[str, Any]) -> None:
    said, written = lecture_said(), wrong["answer"]
    if wrong["feature"] == "claims":
        stopped = reason(proven_statement, written, Statement, said)
    elif wrong["feature"] == "parts":
        span = said.paragraphs_of_part(written["part"])
        stopped = reason(proven_sentence, written["summary"][0], SummarySentence, said, within=span)
    else:
        stopped = reason(proven_item, written, ItemAnswer, said, None)
    assert stopped == STOPPED_BY[wrong["why"]]


# Quotes


def test_a_quote_is_the_true_slice_of_its_sentence() -> None:
    said = lecture_said()
    quote = proven_quote(Evidence(sentence=85, quote=" “every layer  works out a key\nand a value” "), said)
    assert quote.quote == "every layer works out a key and a value"
    assert said.notes.english[84].raw[quote.span.start : quote.span.end] == quote.quote
    curly = proven_quote(Evidence(sentence=89, quote="So context isn’t free."), said)
    assert curly.quote == "So context isn't free."


@pytest.mark.parametrize(
    ("sentence", "quote", "stopped"),
    [
        (89, "So context is free.", "quote"),
        (88, "So context isn't free.", "quote"),
        (89, "so context isn't free.", "quote"),
        (89, "ontext isn't free.", "quote"),
        (89, "So context … free.", "quote"),
        (999, "So context isn't free.", "sentence"),
    ],
)
def test_anything_else_is_no_quote(sentence: int, quote: str, stopped: str) -> None:
    with pytest.raises(UnprovenError) as error:
        proven_quote(Evidence(sentence=sentence, quote=quote), lecture_said())
    assert error.value.reason == stopped


def test_sentences_that_were_hardly_heard_carry_nothing() -> None:
    said = lecture_said()
    notes = lecture_notes()
    unsure = tuple(replace(sent, doubtful=sent.index == 88) for sent in notes.english)
    doubting = type(said)(replace(notes, english=unsure), said.judges)
    with pytest.raises(UnprovenError, match="does not exist"):
        proven_quote(Evidence(sentence=89, quote="So context isn't free."), doubting)
    assert 89 not in doubting.sentences_of([18])


# Statements


TRUE = {
    "en": "Context isn't free.",
    "zh": "上下文不是免费的。",
    "evidence": [{"sentence": 89, "quote": "So context isn't free."}],
}


@pytest.mark.parametrize(
    ("change", "stopped"),
    [
        ({}, None),
        ({"en": "Context is free."}, "chinese"),
        ({"en": "Context is free.", "zh": "上下文是免费的。"}, "opposite"),
        ({"zh": "Context isn't free."}, "language"),
        ({"en": "上下文不是免费的。"}, "language"),
        ({"zh": "今天的天气不是很好。"}, "chinese"),
        ({"en": "Context isn't free: it costs 7 dollars.", "zh": "上下文不是免费的：要 7 美元。"}, "number"),
        ({"evidence": []}, "form"),
        ({"en": "Context " * 60}, "length"),
        ({"evidence": [{"sentence": 12, "quote": "I mean, really."}]}, "meaning"),
    ],
)
def test_each_test_of_a_statement(change: dict[str, Any], stopped: str | None) -> None:
    assert reason(proven_statement, {**TRUE, **change}, Statement, lecture_said()) == stopped


def test_evidence_stays_with_the_statement() -> None:
    made = proven_statement(entry(TRUE, Statement) or pytest.fail("unread"), lecture_said())
    assert isinstance(made, Backed)
    assert [quote.sentence for quote in made.evidence] == [88]


# Headings and summaries


def test_a_heading_holds_words_of_its_part() -> None:
    said = lecture_said()
    numbers = said.sentences_of([3, 4])
    far = {"en": "Cooking with friends at home", "zh": "在家和朋友一起做饭"}
    assert reason(proven_heading, far, BothTexts, numbers, said) == "heading"
    numbered = {"en": "Five facts on tokens", "zh": "关于词元的五件事"}
    assert reason(proven_heading, numbered, BothTexts, numbers, said) == "number"


def test_a_heading_in_capitals_brings_no_name() -> None:
    said = lecture_said()
    numbers = said.sentences_of(range(1, len(said.notes.paragraphs) + 1))
    plain = {"en": "How Models Learn to Predict Tokens", "zh": "模型如何学会预测词元"}
    assert reason(proven_heading, plain, BothTexts, numbers, said) is None
    named = {"en": "How Google Trains Tokens", "zh": "谷歌如何训练词元"}
    assert reason(proven_heading, named, BothTexts, numbers, said) == "name"


def test_a_summary_denies_nothing_where_its_paragraphs_deny_nothing() -> None:
    wrong = {
        "en": "Reward models cannot be gamed by the policy.",
        "zh": "策略无法钻奖励模型的空子。",
        "paragraphs": [14],
    }
    assert reason(proven_sentence, wrong, SummarySentence, lecture_said()) == "opposite"


def test_a_summary_names_paragraphs_of_its_part() -> None:
    said = lecture_said()
    sentence = GOOD["parts"][1]["summary"][0]
    span = said.paragraphs_of_part(5)
    assert reason(proven_sentence, sentence, SummarySentence, said, within=span) == "sentence"
    assert reason(proven_sentence, {**sentence, "paragraphs": []}, SummarySentence, said) == "sentence"
    assert reason(proven_sentence, {**sentence, "paragraphs": [99]}, SummarySentence, said) == "sentence"
    # The number is said in paragraph 3 and not in paragraph 4.
    assert reason(proven_sentence, {**sentence, "paragraphs": [4]}, SummarySentence, said) == "number"


# Items


@pytest.mark.parametrize(
    ("change", "stopped"),
    [
        ({}, None),
        ({"sentence": 34}, "head"),
        ({"gloss": "blow up"}, "language"),
        ({"gloss": "崩" * 31}, "length"),
        ({"gloss": "看 evil.com"}, "name"),
        ({"gloss": "放大", "translation": "膨胀"}, "translation"),
    ],
)
def test_each_test_of_an_item(change: dict[str, Any], stopped: str | None) -> None:
    good = {"head": "blow up", "sentence": 33, "gloss": "崩", "note": "", "translation": "崩"}
    written = {**good, **change}
    assert reason(proven_item, written, ItemAnswer, lecture_said(), listed("blow up")) == stopped


def test_a_sense_that_the_translation_lacks_says_so() -> None:
    written = entry({"head": "blow up", "sentence": 33, "gloss": "失控、爆炸"}, ItemAnswer)
    assert written
    made = proven_item(written, lecture_said(), listed("blow up"))
    assert not made.in_translation
    assert made.listed


@pytest.mark.parametrize(
    ("note", "stopped"),
    [
        ("原意是爆炸", None),
        ("blow up 原意是爆炸", None),
        ("长" * 41, "length"),
        ("see above", "language"),
        ("出自 Shakespeare 的说法", "name"),
        ("详见 http://evil.example", "name"),
    ],
)
def test_notes_are_short_chinese_and_bring_no_names(note: str, stopped: str | None) -> None:
    if stopped is None:
        assert proven_note(note, "blow up", 33, lecture_said()) == note
        return
    with pytest.raises(UnprovenError) as error:
        proven_note(note, "blow up", 33, lecture_said())
    assert error.value.reason == stopped


@pytest.mark.parametrize(
    ("head", "sentence", "found"),
    [
        ("take sb from A to B", "I want to take you from a pile of pages to a model.", None),
        ("hang on to", "So you hang on to them.", "hang on to"),
        ("figure sth out", "We had one that figured that out.", "figured that out"),
        ("be short of", "It depends on whether you're short of facts.", "short of"),
        ("catch sb out", "And here's the bit that catches people out.", "catches people out"),
        ("kick the bucket", "Something always falls over.", None),
    ],
)
def test_heads_stand_in_any_form(head: str, sentence: str, found: str | None) -> None:
    (tokens,) = lecture_said().judges.tag([sentence])
    span = place_of_head(head, tokens)
    assert (sentence[span.start : span.end] if span else None) == found


# The form of answers


def test_entries_are_read_one_by_one() -> None:
    answer = {
        "misread": [{"head": "a"}, {"head": "**b**", "sentence": "s12", "literal": "1. 字", "meant": "义"}]
    }
    assert entries(answer, "misread", MisreadAnswer) == (
        [MisreadAnswer(head="b", sentence=12, literal="字", meant="义")],
        1,
    )
    assert entries({"misread": "none"}, "misread", MisreadAnswer) == ([], 1)
    assert entries({}, "misread", MisreadAnswer) == ([], 0)
    assert entries(None, "misread", MisreadAnswer) == ([], 0)
    deep: Any = []
    for _ in range(3000):
        deep = [deep]
    assert entries({"misread": [deep]}, "misread", MisreadAnswer)[0] == []


def test_sentences_are_tagged_together() -> None:
    judges, asked = lecture_said().judges, []

    def tag(texts: Sequence[str]) -> Any:
        asked.append(len(texts))
        return judges.tag(texts)

    said = Judged(lecture_notes(), replace(judges, tag=tag))
    sentences = lecture_notes().english
    assert len(sentences) > 100
    for number, sent in enumerate(sentences, 1):
        assert said.tokens(number) == judges.tag([sent.text])[0]
    assert len(asked) < len(sentences) / 20
