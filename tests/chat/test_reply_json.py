"""The JSON in what real models write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.chat import json_in
from studykit.chat.reply import first_words, is_refusal, json_values, without_thinking

TWO = {"1": "一", "2": "二"}
PLAIN = json.dumps(TWO, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"```json\n{PLAIN}\n```",
        f"```{PLAIN}```",
        f"Here is the translation:\n\n{PLAIN}",
        f"```json\n{PLAIN}\n```\nNote: I kept the names [1] as they are, {{as asked}}.",
        f'The form is {{"KEY": "…"}}. {PLAIN}',
        f"<think>Maybe {{}} or {PLAIN[:9]}</think>{PLAIN}",
        f'Let me see: {{"1": "no", "2": "never"}}.\n</think>\n\n{PLAIN}',
        f'<|channel|>analysis<|message|>{{"1": "no"}}<|end|><|channel|>final<|message|>{PLAIN}',
        json.dumps(PLAIN),
        '{"1": "一", "2": "二",}',
        '{"1": "一",, "2": "二"}',
        '{"1": "一"\n "2": "二"}',
        "{'1': '一', '2': '二'}",
        '{1: "一", 2: "二"}',
        "{“1”：“一”，“2”：“二”}",
        '{"1": "一", // the first\n "2": "二" /* the second */}',
        '"1": "一",\n"2": "二"',
        '{"1": "一", "2": "二", "3": "x", "3": "y"}',
    ],
)
def test_one_object_however_it_is_wrapped(text: str) -> None:
    assert json_in(text) == TWO


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"1": "两\n行"}', {"1": "两\n行"}),
        ('{"1": "他说"好"，走了。", "2": "二"}', {"1": '他说"好"，走了。', "2": "二"}),
        (r'{"1": "一 \(x\) \alpha", "2": "tab\there"}', {"1": r"一 \(x\) \alpha", "2": "tab\there"}),
        ('{"1": "标签 </think> 结束思考。"}', {"1": "标签 </think> 结束思考。"}),
        ('Sure. {"1": "标签 </think> 结束。"} Done.', {"1": "标签 </think> 结束。"}),
        ('{"1": "一"}\n{"2": "二"}', [{"1": "一"}, {"2": "二"}]),
        ('{"a": True, "b": None, "c": -1.5e3,}', {"a": True, "b": None, "c": -1500.0}),
        (r'{"1": "\ud83d\ude00",}', {"1": "😀"}),
        ("[1] is the source.", [1]),
        ("12", 12),
    ],
)
def test_other_values(text: str, value: Any) -> None:
    assert json_in(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有。",
        '{"1": "half an obj',
        '{"claims": [{"a": "whole"}, {"b": "ha',
        '{"1": "一"',
        '<think>I could say {"1": "一"} or',
        '{"1": "draft"} hmm, no.</think>',
        '{"1": "写成 {"a": "b"} 这样", "2": "二"}',
        '{"1": 12',
        '{"1": "一"; "2": "二"}',
        "{" * 100_000,
        "[" * 30 + PLAIN,
        "1" * 5000,
        "x" * 1_000_001,
    ],
)
def test_nothing_is_made_of_what_is_not_whole(text: str) -> None:
    assert json_in(text) is None


def test_the_members_of_a_broken_off_value_count_where_they_stand_for_themselves() -> None:
    assert json_values('{"1": "一", "2": "二", "3": "三', members=True) == [TWO]
    assert json_values('[{"id": 1, "text": "一"}, {"id": 2', members=True) == [[{"id": 1, "text": "一"}, {}]]


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=9,
    )
)
def test_what_is_json_is_read_as_json(value: Any) -> None:
    assert json_in(json.dumps(value)) == (value if not isinstance(value, str) else json_in(json.dumps(value)))


@pytest.mark.parametrize(
    "text", ['{"a": "' * 40_000, '{"a"' + " " * 200_000, '["' + '" \n' * 100_000, "</think>" * 90_000]
)
def test_hostile_text_is_read_in_time(text: str) -> None:
    assert json_in(text) is None


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("I'm sorry, but I can't help with that.", True),
        ("I cannot translate this content.", True),
        ("抱歉，我无法翻译这段内容。", True),
        ("作为一个人工智能语言模型，我不能……", True),
        ('{"1": "抱歉，我无法回答。"}', False),
        ("The speaker is sorry.", False),
        ("抱歉，来晚了。", False),
        ("<think>I cannot translate this</think>", False),
        ("I cannot provide it. " * 30, False),
    ],
)
def test_a_refusal_is_known_as_one(text: str, refused: bool) -> None:
    assert is_refusal(text) is refused


def test_words_to_show() -> None:
    assert first_words("a\x1b[31m\n b" + "c" * 300, 20) == "a [31m b" + "c" * 12 + "…"
    assert without_thinking("<think>a</think> b ") == "b"
