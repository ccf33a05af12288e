"""Automatic captions, built from words and their times as the sites build them, give the words back."""

from __future__ import annotations

import html
import json
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.formats import Parsed, parse
from studykit.timecode import to_vtt

Line = list[tuple[str, int]]
"""The words of a displayed line, each with its start in milliseconds."""

# A small vocabulary, so that words and whole lines repeat often; marks and entities among it.
WORDS = st.sampled_from(
    ["yeah", "so", "we", "go", "don't", "R&D", "a<b", "模型", "[sic]", ">>", "é…", "3.5%"]
)


@st.composite
def spoken(draw: st.DrawFn) -> list[Line]:
    """Lines of one to five words with rising starts; a pause may lie between two lines."""
    at_ms, lines = draw(st.integers(0, 5_000)), []
    for _ in range(draw(st.integers(1, 8))):
        line: Line = []
        for word in draw(st.lists(WORDS, min_size=1, max_size=5)):
            line.append((word, at_ms))
            at_ms += draw(st.integers(10, 900))
        lines.append(line)
        at_ms += draw(st.sampled_from([0, 10, 4_000, 60_000]))
    return lines


def json3(lines: list[Line], shown_ms: int) -> str:
    """As YouTube sends it: a window, and after each line an event that scrolls."""
    events: list[dict[str, object]] = [{"tStartMs": 0, "dDurationMs": 10**7, "id": 1, "wpWinPosId": 1}]
    for line in lines:
        start_ms = line[0][1]
        pieces = [
            {"utf8": word if i == 0 else f" {word}", "acAsrConf": 0}
            | ({"tOffsetMs": ms - start_ms} if i else {})
            for i, (word, ms) in enumerate(line)
        ]
        events.append({"tStartMs": start_ms, "dDurationMs": shown_ms, "wWinId": 1, "segs": pieces})
        events.append({"tStartMs": line[-1][1] + 5, "dDurationMs": 9, "aAppend": 1, "segs": [{"utf8": "\n"}]})
    return json.dumps({"wireMagic": "pb3", "events": events})


def srv3(lines: list[Line], shown_ms: int) -> str:
    """The same as XML."""
    body = ['<w t="0" id="1" wp="1" ws="1"/>']
    for line in lines:
        start_ms = line[0][1]
        words = [
            f"<s ac='0'>{escape(word)}</s>"
            if i == 0
            else f'<s t="{ms - start_ms}" ac="0"> {escape(word)}</s>'
            for i, (word, ms) in enumerate(line)
        ]
        body.append(f'<p t="{start_ms}" d="{shown_ms}" w="1">{"".join(words)}</p>')
        body.append(f'<p t="{line[-1][1] + 5}" d="9" w="1" a="1">\n</p>')
    return f'<?xml version="1.0"?><timedtext format="3"><body>{"".join(body)}</body></timedtext>'


def vtt(lines: list[Line], shown_ms: int) -> str:
    """The lower row is new and has the times; it then stays alone for 10 ms, then above the next."""
    out, above = ["WEBVTT", "Kind: captions", "Language: en", ""], " "
    ends = [line[0][1] for line in lines[1:]] + [lines[-1][-1][1] + 400]
    for line, end_ms in zip(lines, ends, strict=True):
        first, *rest = line
        row = html.escape(first[0], quote=False)
        row += "".join(f"<{to_vtt(ms / 1000)}><c> {html.escape(word, quote=False)}</c>" for word, ms in rest)
        start, stop = to_vtt(first[1] / 1000), to_vtt(max(end_ms - 10, line[-1][1]) / 1000)
        plain = html.escape(" ".join(word for word, _ in line), quote=False)
        out += [f"{start} --> {stop} align:start position:0%", above, row, ""]
        out += [f"{stop} --> {to_vtt(end_ms / 1000)} align:start position:0%", plain, " ", ""]
        above = plain
    return "\n".join(out)


def ttml(lines: list[Line], shown_ms: int) -> str:
    """A paragraph a line, a span a word; times of spans count from their paragraph's."""
    body = []
    for line in lines:
        start_ms = line[0][1]
        spans = [f'<span begin="{ms - start_ms}ms">{escape(word)}</span>' for word, ms in line]
        end_ms = line[-1][1] + shown_ms
        body.append(f'<p begin="{to_vtt(start_ms / 1000)}" end="{end_ms}ms">{" ".join(spans)}</p>')
    return f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{"".join(body)}</div></body></tt>'


def words_of(parsed: Parsed) -> list[tuple[str, float | None]]:
    return [(word.text, word.start_s) for seg in parsed.segments for word in seg.words]


@pytest.mark.parametrize("make", [json3, srv3, vtt])
@given(lines=spoken(), shown_ms=st.integers(100, 9_000))
def test_every_word_comes_back_once_with_its_start(make, lines: list[Line], shown_ms: int) -> None:  # type: ignore[no-untyped-def]
    parsed = parse(make(lines, shown_ms), Path(f"talk.{make.__name__}"))
    said = [(word, ms / 1000) for line in lines for word, ms in line]
    assert " ".join(seg.text for seg in parsed.segments).split() == [word for word, _ in said]
    assert parsed.warnings == ()
    if any(len(line) > 1 for line in lines):  # else nothing shows that words have times
        assert words_of(parsed) == said
        for seg, following in pairwise(parsed.segments):
            assert seg.end_s is not None
            assert following.start_s is not None
            assert seg.end_s <= following.start_s


@given(lines=spoken(), shown_ms=st.integers(100, 9_000))
def test_ttml_keeps_the_words_starts(lines: list[Line], shown_ms: int) -> None:
    parsed = parse(ttml(lines, shown_ms), Path("talk.ttml"))
    assert words_of(parsed) == [(word, ms / 1000) for line in lines for word, ms in line]
    assert parsed.warnings == ()


@given(lines=spoken(), shown_ms=st.integers(100, 9_000))
def test_the_three_say_the_same(lines: list[Line], shown_ms: int) -> None:
    one, two, three = (
        parse(make(lines, shown_ms), Path(f"talk.{make.__name__}")) for make in (json3, srv3, vtt)
    )
    assert one.segments == two.segments
    assert [seg.text for seg in one.segments] == [seg.text for seg in three.segments]


def test_words_between_sounds_keep_their_times() -> None:
    line: Line = [("[Music]", 0), ("so", 900), ("we", 1_200), ("[Applause]", 1_500), ("go", 2_000)]
    for make in (json3, srv3, vtt):
        parsed = parse(make([line, [("on", 3_000), ("now", 3_300)]], 2_000), Path(f"talk.{make.__name__}"))
        assert words_of(parsed) == [("so", 0.9), ("we", 1.2), ("go", 2.0), ("on", 3.0), ("now", 3.3)]


def test_live_captions() -> None:
    """Speaker marks, entities, cues of no length, overlapping cues and cues out of order."""
    parsed = parse(
        "WEBVTT\n\n"
        "00:04.000 --> 00:06.000\n&gt;&gt; Good&nbsp;evening, R&amp;D.\n\n"
        "00:01.000 --> 00:01.000\n[MUSIC]\n\n"
        "00:02.000 --> 00:02.000\n&gt;&gt;\n\n"
        "00:02.000 --> 00:05.000\nWelcome back.\n\n"
        "00:06.000 --> 00:06.000\nThank you.\n",
        Path("live.vtt"),
    )
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments] == [
        (">>", 2.0, 2.0),
        ("Welcome back.", 2.0, 5.0),
        (">> Good evening, R&D.", 4.0, 6.0),
        ("Thank you.", 6.0, 6.0),
    ]
    assert parsed.warnings == ("2 segments out of order; sorted by start (first at line 9)",)


def test_live_events_out_of_order_and_without_length() -> None:
    events = [
        {"tStartMs": 3000, "segs": [{"utf8": "second"}, {"utf8": " line", "tOffsetMs": 400}]},
        {
            "tStartMs": 1000,
            "dDurationMs": 0,
            "segs": [{"utf8": ">> first"}, {"utf8": " line", "tOffsetMs": 300}],
        },
        {"tStartMs": 9000, "dDurationMs": 500, "segs": [{"utf8": "third"}]},
    ]
    parsed = parse(json.dumps({"events": events}), Path("live.json3"))
    assert words_of(parsed) == [
        (">>", 1.0),
        ("first", None),
        ("line", 1.3),
        ("second", 3.0),
        ("line", 3.4),
        ("third", 9.0),
    ]
    assert len(parsed.warnings) == 1
