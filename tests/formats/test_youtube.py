"""YouTube's json3 and timed text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studykit.errors import EmptyInputError, FormatError
from studykit.formats import parse

JSON3 = Path("talk.json3")
SRV3 = Path("talk.srv3")

AUTOMATIC: dict[str, Any] = {
    "wireMagic": "pb3",
    "events": [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
        {
            "tStartMs": 80,
            "dDurationMs": 4000,
            "segs": [{"utf8": "so"}, {"utf8": " we", "tOffsetMs": 400}, {"utf8": " train", "tOffsetMs": 900}],
        },
        {"tStartMs": 2390, "dDurationMs": 1000, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 2400, "dDurationMs": 2000, "segs": [{"utf8": "models"}]},
        {"tStartMs": 5000, "dDurationMs": 1000, "segs": [{"utf8": "[Music]"}]},
    ],
}


def test_json3_words_start_at_their_offsets_and_end_at_the_next() -> None:
    parsed = parse(json.dumps(AUTOMATIC), JSON3)
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments] == [
        ("so we train", 0.08, 2.4),
        ("models", 2.4, 4.4),
    ]
    assert [(word.text, word.start_s, word.end_s) for seg in parsed.segments for word in seg.words] == [
        ("so", 0.08, 0.48),
        ("we", 0.48, 0.98),
        ("train", 0.98, 2.4),
        ("models", 2.4, 4.4),
    ]
    assert (parsed.format, parsed.timing, parsed.warnings) == ("json3", "captions", ())


def test_json3_of_live_captions_does_not_end_before_its_last_word() -> None:
    events = [
        {"tStartMs": 1000, "dDurationMs": 300, "segs": [{"utf8": "so"}, {"utf8": " we", "tOffsetMs": 900}]},
        {"tStartMs": 5000, "dDurationMs": 1000, "segs": [{"utf8": "train"}]},
    ]
    first, second = parse(json.dumps({"events": events}), JSON3).segments
    assert (first.text, first.start_s, first.end_s) == ("so we", 1.0, 1.9)
    assert [word.start_s for word in first.words] == [1.0, 1.9]
    assert second.start_s == 5.0


def test_json3_made_by_people_has_no_words_and_may_overlap() -> None:
    events = [
        {"tStartMs": 1000, "dDurationMs": 3000, "segs": [{"utf8": "Good\nmorning."}]},
        {"tStartMs": 2000, "dDurationMs": 500, "segs": [{"utf8": "Hi."}]},
    ]
    segments = parse(json.dumps({"events": events}), Path("captions.json")).segments
    assert [(seg.text, seg.end_s, seg.words) for seg in segments] == [
        ("Good morning.", 4.0, ()),
        ("Hi.", 2.5, ()),
    ]


def test_srv3_reads_what_json3_reads() -> None:
    text = (
        '<?xml version="1.0" encoding="utf-8" ?><timedtext format="3">\n<head><ws id="0"/><wp '
        'id="0"/></head>\n<body>\n'
        '<w t="0" id="1" wp="1" ws="1"/>\n'
        '<p t="80" d="4000" w="1"><s ac="0">so</s><s t="400" ac="0"> we</s><s t="900"> train</s></p>\n'
        '<p t="2390" d="1000" w="1" a="1">\n</p>\n<p t="2400" d="2000" w="1"><s>models</s></p>\n'
        '<p t="5000" d="1000">[Music]</p>\n</body></timedtext>'
    )
    srv3, json3 = parse(text, SRV3), parse(json.dumps(AUTOMATIC), JSON3)
    assert srv3.segments == json3.segments
    assert srv3.format == "srv3"


def test_srv1_in_seconds_and_escaped_twice() -> None:
    text = (
        '<transcript><text start="1.5" dur="2">it&amp;#39;s\nfine</text><text '
        'start="4">yes</text></transcript>'
    )
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parse(text, Path("a.xml")).segments] == [
        ("it's fine", 1.5, 3.5),
        ("yes", 4.0, None),
    ]


def test_a_document_type_is_refused_with_its_line() -> None:
    text = '<?xml version="1.0"?>\n<!DOCTYPE t [<!ENTITY a "b">]>\n<timedtext><p t="1">&a;</p></timedtext>'
    with pytest.raises(FormatError) as caught:
        parse(text, SRV3)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "path"), [("<timedtext>" + "<p>" * 50_000, SRV3), ('{"events": [' + "[" * 50_000, JSON3)]
)
def test_deep_nesting_is_no_crash(text: str, path: Path) -> None:
    with pytest.raises((FormatError, EmptyInputError)):
        parse(text, path)
