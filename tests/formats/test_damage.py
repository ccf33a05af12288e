"""Bad captions in TTML, Whisper JSON and YouTube's formats: repaired, placed or left out, told by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import FormatError
from studykit.formats import Parsed, parse
from studykit.formats.captions.damage import between_neighbours

TTML = Path("talk.ttml")
JSON = Path("talk.json")
GOOD = '<p begin="{0}s" end="{1}s">text {0}</p>'


def ttml(*captions: str) -> str:
    return "\n".join(['<tt xml:lang="en"><body><div>', *captions, "</div></body></tt>"])


def said(parsed: Parsed) -> list[tuple[str, float | None, float | None]]:
    return [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments]


@pytest.mark.parametrize(
    ("bad", "expected", "told"),
    [
        ('<p begin="soon" end="4s">bad</p>', [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        (
            '<p begin="3s" end="4x">bad</p>',
            [("bad", 3.0, 3.385)],
            "1 damaged line of captions repaired (line 3)",
        ),
        ('<p begin="3s" end="2s">bad</p>', [("bad", 3.0, 6.0)], "(first at line 3)"),
        ('<p begin="3s" dur="1s">R & D</p>', [("R & D", 3.0, 4.0)], "repaired (line 3)"),
        ('<p begin="3s" end="4s">lost its tag', [("lost its tag", 3.0, 4.0)], "repaired (line 3)"),
        ('<p begin="3s" end="4s>bad</p>', [], "left out 1 caption that cannot be read (line 3)"),
        ('<p begin="3s" end="4s"><b>bad</p>', [], "left out 1 caption that cannot be read (line 3)"),
        ('<p begin="3s" end="5s"><span begin="x">a</span> b</p>', [("a b", 3.0, 5.0)], "repaired (line 3)"),
    ],
)
def test_ttml_with_a_bad_caption(bad: str, expected: list[tuple[str, float, float]], told: str) -> None:
    parsed = parse(ttml(GOOD.format(1, 2), bad, GOOD.format(6, 7)), TTML)
    assert said(parsed) == [("text 1", 1.0, 2.0), *expected, ("text 6", 6.0, 7.0)]
    (warning,) = parsed.warnings
    assert warning.endswith(told)


def test_minutes_of_sixty_in_ttml_are_an_hour() -> None:
    parsed = parse(ttml('<p begin="00:60:01.5" end="00:61:00">a</p>'), TTML)
    assert said(parsed) == [("a", 3601.5, 3660.0)]


@pytest.mark.parametrize("length", range(-6, 0))
def test_ttml_that_ends_early(length: int) -> None:
    whole = ttml(GOOD.format(1, 2), GOOD.format(3, 4), GOOD.format(6, 7))
    parsed = parse(whole[:length], TTML)
    assert len(parsed.segments) == 3
    assert parsed.warnings == ("the file ends early (line 5)",)
    cut = whole.index("text 6") + 4
    assert [seg.text for seg in parse(whole[:cut], TTML).segments] == ["text 1", "text 3", "text"]


def test_ttml_that_is_mostly_bad_is_refused_with_its_first_lines() -> None:
    bad = [f'<p begin="then {i}">text</p>' for i in range(4)]
    with pytest.raises(FormatError, match=r"talk\.ttml:3: 4 of 5 captions have no times") as caught:
        parse(ttml(GOOD.format(1, 2), *bad), TTML)
    assert caught.value.hint.split("\n") == [f'  line {3 + i}: begin="then {i}"' for i in range(3)]


def test_a_broken_time_that_all_captions_hang_on_is_an_error() -> None:
    with pytest.raises(FormatError, match=r"talk\.ttml:1: not a time"):
        parse('<tt><body begin="?"><p begin="1s">a</p><p begin="2s">b</p></body></tt>', TTML)


def whisper(*segments: Any) -> str:
    rows = ",\n".join(seg if isinstance(seg, str) else json.dumps(seg) for seg in segments)
    return f'{{"language": "en", "segments": [\n{rows}\n], "title": "A talk"}}'


def seg(start: Any, end: Any, text: Any = "good", **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text, **more}


@pytest.mark.parametrize(
    ("bad", "expected", "told"),
    [
        (seg("3", "4.5", "bad"), [("bad", 3.0, 4.5)], "1 damaged line of values repaired (line 3)"),
        (seg(-1, 4, "bad"), [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        (seg("soon", 4, "bad"), [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        ('{"start": NaN, "end": 4, "text": "bad"}', [("bad", 2.0, 6.0)], "the neighbours (line 3)"),
        (seg(3, 4, "bad", words="none"), [("bad", 3.0, 4.0)], "repaired (line 3)"),
        (seg(3, 4, "bad", words=[{"word": 7}]), [("bad", 3.0, 4.0)], "repaired (line 3)"),
        (seg(3, 4, None), [], "left out 1 caption that cannot be read (line 3)"),
        ("17", [], "left out 1 caption that cannot be read (line 3)"),
        ('{"start": 3, "end": 4 "text": "bad"}', [], "left out 1 caption that cannot be read (line 3)"),
        ('{"start": 3, "end": 4, "text": "bad}', [], "left out 1 caption that cannot be read (line 3)"),
        (seg(3, 2, "bad"), [("bad", 3.0, 6.0)], "(first at line 3)"),
    ],
)
def test_whisper_json_with_a_bad_segment(
    bad: Any, expected: list[tuple[str, float, float]], told: str
) -> None:
    parsed = parse(whisper(seg(1, 2), bad, seg(6, 7)), JSON)
    assert said(parsed) == [("good", 1.0, 2.0), *expected, ("good", 6.0, 7.0)]
    (warning,) = parsed.warnings
    assert warning.endswith(told)
    assert (parsed.language, parsed.title) == ("en", "A talk")


def test_a_word_without_a_number_for_its_score_has_none() -> None:
    words = '[{"word": "good", "start": 1, "end": 2, "score": NaN}]'
    parsed = parse(f'{{"segments": [{{"start": 1, "end": 2, "text": "good", "words": {words}}}]}}', JSON)
    assert [(word.text, word.score) for word in parsed.segments[0].words] == [("good", None)]


def test_a_broken_segment_with_words_is_not_read_as_its_words() -> None:
    words = [{"text": "a", "start": 1, "end": 2}, {"text": "b", "start": 2, "end": 3}]
    good = seg(1, 3, "a b", words=words)
    broken = json.dumps(seg(4, 6, "c d", words=words)).replace('"words": [', '"words": [,')
    parsed = parse(whisper(good, broken, seg(7, 9, "a b", words=words)), JSON)
    assert [seg.text for seg in parsed.segments] == ["a b", "a b"]


@pytest.mark.parametrize("left", [1, 5, 30])
def test_whisper_json_that_ends_early(left: int) -> None:
    whole = '{"language": "en", "segments": [\n' + ",\n".join(json.dumps(seg(i, i + 1)) for i in range(4))
    parsed = parse(whole[: len(whole) - left], JSON)
    assert [seg.start_s for seg in parsed.segments] == [0.0, 1.0, 2.0]
    assert any("line 5" in warning for warning in parsed.warnings)
    assert parse(whole, JSON).language == "en"


def test_whisper_json_that_is_mostly_bad_is_refused_with_its_first_lines() -> None:
    with pytest.raises(FormatError, match=r"talk\.json:3: 2 of 3 captions cannot be read") as caught:
        parse(whisper(seg(1, 2), {"start": 3}, {"begin": 4}), JSON)
    assert caught.value.hint.split("\n") == [
        '  line 3: no text in {"start": 3}',
        '  line 4: no text in {"begin": 4}',
    ]


SRV3 = Path("talk.srv3")
JSON3 = Path("talk.json3")


def srv3(*captions: str) -> str:
    return "\n".join(['<timedtext format="3"><body>', *captions, "</body></timedtext>"])


def caption(start_s: int) -> str:
    return f'<p t="{start_s}000" d="1000">text {start_s}</p>'


@pytest.mark.parametrize(
    ("bad", "expected", "told"),
    [
        ('<p d="1000">bad</p>', [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        ('<p t="-3000" d="1000">bad</p>', [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        ('<p t="soon" d="1000">bad</p>', [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        ('<p t="nan">bad</p>', [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        (
            '<p t="3000" d="-1000">bad</p>',
            [("bad", 3.0, 6.0)],
            "1 damaged line of captions repaired (line 3)",
        ),
        ('<p t="3000" d="long">bad</p>', [("bad", 3.0, 6.0)], "repaired (line 3)"),
        ('<p t="3000" d="1000">R & D&nbsp;now</p>', [("R & D now", 3.0, 4.0)], "repaired (line 3)"),
        ('<p t="3000" d="1000">lost its tag', [("lost its tag", 3.0, 4.0)], "repaired (line 3)"),
        ('<p t="3000" d="1000"><s>so<s t="x">bad</p>', [], "left out 1 caption that cannot be read (line 3)"),
        ('<p t="3000" d="1000><s>bad</s></p>', [], "left out 1 caption that cannot be read (line 3)"),
    ],
)
def test_srv3_with_a_bad_caption(bad: str, expected: list[tuple[str, float, float]], told: str) -> None:
    parsed = parse(srv3(caption(1), bad, caption(6)), SRV3)
    assert said(parsed) == [("text 1", 1.0, 2.0), *expected, ("text 6", 6.0, 7.0)]
    (warning,) = parsed.warnings
    assert warning.endswith(told)


def test_srv1_with_a_bad_caption() -> None:
    captions = ['<text start="1" dur="1">a &amp;amp; b</text>', '<text start="?" dur="1">R & D</text>']
    parsed = parse("\n".join(["<transcript>", *captions, '<text start="6">c</text></transcript>']), SRV3)
    assert said(parsed) == [("a & b", 1.0, 2.0), ("R & D", 2.0, 6.0), ("c", 6.0, None)]
    assert len(parsed.warnings) == 2


@pytest.mark.parametrize("left", [1, 5, 18, 24, 28])
def test_srv3_that_ends_early(left: int) -> None:
    whole = srv3(caption(1), caption(3), caption(6))
    parsed = parse(whole[:-left], SRV3)
    assert [seg.text for seg in parsed.segments][:2] == ["text 1", "text 3"]
    assert len(parsed.segments) == 3
    assert any(warning.startswith("the file ends early (line ") for warning in parsed.warnings)


def test_damage_between_captions_costs_none_that_is_sound() -> None:
    text = srv3("<hea<d>", caption(1), "</bodx>", '<p&t="3000">bad</p>', caption(6), "</p>", caption(8))
    parsed = parse(text, SRV3)
    assert [seg.text for seg in parsed.segments] == ["text 1", "text 6", "text 8"]
    assert parsed.warnings == ("left out 1 caption that cannot be read (line 4)",)


def test_srv3_that_is_mostly_bad_is_refused_with_its_first_lines() -> None:
    bad = [f'<p t="then {i}">text</p>' for i in range(4)]
    with pytest.raises(FormatError, match=r"talk\.srv3:3: 4 of 5 captions have no times") as caught:
        parse(srv3(caption(1), *bad, *['<p t="1">\n</p>'] * 9), SRV3)
    assert caught.value.hint.split("\n") == [f'  line {3 + i}: t="then {i}"' for i in range(3)]


def event(start: Any, *texts: str, **more: Any) -> dict[str, Any]:
    return {"tStartMs": start, "segs": [{"utf8": text} for text in texts], **more}


def json3(*events: Any) -> str:
    rows = ",\n".join(item if isinstance(item, str) else json.dumps(item) for item in events)
    return f'{{"wireMagic": "pb3", "events": [\n{rows}\n]}}'


FIRST, LAST = event(1000, "text 1", dDurationMs=1000), event(6000, "text 6", dDurationMs=1000)


@pytest.mark.parametrize(
    ("bad", "expected", "told"),
    [
        ({"segs": [{"utf8": "bad"}]}, [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        (event(-3000, "bad"), [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        (event("soon", "b", "ad"), [("bad", 2.0, 6.0)], "placed between the neighbours (line 3)"),
        ('{"tStartMs": NaN, "segs": [{"utf8": "bad"}]}', [("bad", 2.0, 6.0)], "the neighbours (line 3)"),
        (event("3000", "bad", dDurationMs="1000"), [("bad", 3.0, 4.0)], "1 damaged line of values repaired"),
        (event(3000, "bad", dDurationMs=-1000), [("bad", 3.0, 6.0)], "repaired (line 3)"),
        (event(3000, "bad", dDurationMs=None), [("bad", 3.0, 6.0)], ""),
        ({"tStartMs": 3000, "segs": [{"utf8": "b"}, 7, {"utf8": "ad"}]}, [("bad", 3.0, 6.0)], "(line 3)"),
        ({"tStartMs": 3000, "segs": [{"utf8": 7}]}, [], "left out 1 caption that cannot be read (line 3)"),
        ({"tStartMs": 3000, "segs": "bad"}, [], "left out 1 caption that cannot be read (line 3)"),
        ("17", [], "left out 1 caption that cannot be read (line 3)"),
        (
            '{"tStartMs": 3000 "segs": [{"utf8": "bad"}]}',
            [],
            "left out 1 caption that cannot be read (line 3)",
        ),
        (
            '{"tStartMs": 3000, "segs": [{"utf8": "bad}]}',
            [],
            "left out 1 caption that cannot be read (line 3)",
        ),
        ({"tStartMs": "?", "id": 1}, [], ""),  # a window, which has no text
    ],
)
def test_json3_with_a_bad_event(bad: Any, expected: list[tuple[str, float, float]], told: str) -> None:
    parsed = parse(json3(FIRST, bad, LAST), JSON3)
    assert said(parsed) == [("text 1", 1.0, 2.0), *expected, ("text 6", 6.0, 7.0)]
    assert len(parsed.warnings) == bool(told)
    assert told in "".join(parsed.warnings)


def test_automatic_captions_make_room_for_one_without_a_time() -> None:
    words = [{"utf8": "so"}, {"utf8": " we", "tOffsetMs": 300}]
    events: list[dict[str, Any]] = [
        {"tStartMs": 1000 * i, "dDurationMs": 5000, "segs": words} for i in (1, 9)
    ]
    lost = {"tStartMs": "?", "segs": [{"utf8": "lost"}, {"utf8": " it", "tOffsetMs": 200}]}
    first, between, last = parse(json3(events[0], lost, events[1]), JSON3).segments
    assert (first.start_s, between.text, last.start_s) == (1.0, "lost it", 9.0)
    assert between.start_s is not None
    assert 1.3 < between.start_s < 2
    assert between.end_s == 9.0
    assert [word.start_s for word in (*first.words, *between.words, *last.words)] == [1.0, 1.3, 9.0, 9.3]


def test_an_offset_that_is_no_number_costs_the_words_their_times() -> None:
    bad = {"tStartMs": 3000, "segs": [{"utf8": "a"}, {"utf8": " b", "tOffsetMs": "x"}, {"utf8": " c"}]}
    timed = {"tStartMs": 6000, "segs": [{"utf8": "d"}, {"utf8": " e", "tOffsetMs": 500}]}
    first, second = parse(json3(bad, timed), JSON3).segments
    assert [(word.text, word.start_s) for word in first.words] == [("a", 3.0), ("b", None), ("c", None)]
    assert [word.start_s for word in second.words] == [6.0, 6.5]


@pytest.mark.parametrize("left", range(2, 9))
def test_json3_that_ends_early(left: int) -> None:
    parsed = parse(json3(FIRST, event(3000, "text 3"), LAST)[:-left], JSON3)
    texts = [seg.text for seg in parsed.segments]
    assert texts == ["text 1", "text 3", "text 6"][: 3 if left < 4 else 2]
    assert any(warning.startswith("the file ends early (line ") for warning in parsed.warnings)


def test_a_stray_bracket_ends_no_list() -> None:
    text = json3(FIRST, "]", event(3000, "text 3"), LAST)
    assert [seg.text for seg in parse(text, JSON3).segments] == ["text 1", "text 3", "text 6"]


def test_json3_that_is_mostly_bad_is_refused_with_its_first_lines() -> None:
    scrolls = [event(1000 * i, "\n") for i in range(9)]
    with pytest.raises(FormatError, match=r"talk\.json3:3: 4 of 5 captions have no times") as caught:
        parse(json3(FIRST, *[event(f"then {i}", "text") for i in range(4)], *scrolls), JSON3)
    assert caught.value.hint.split("\n")[0] == '  line 3: {"tStartMs": "then 0", "segs": [{"utf8": "text"}]}'
    assert len(caught.value.hint.split("\n")) == 3


TIMES = st.lists(st.none() | st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=12)


@given(TIMES)
def test_lost_captions_are_in_order_and_others_stay(times: list[tuple[float, float] | None]) -> None:
    placed = between_neighbours(times, [1.0] * len(times))
    assert [new for new, old in zip(placed, times, strict=True) if old] == [old for old in times if old]
    lost = [new for new, old in zip(placed, times, strict=True) if old is None]
    assert all(start is not None and end is not None and start <= end for start, end in lost)
