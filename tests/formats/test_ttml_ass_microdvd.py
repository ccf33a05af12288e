"""TTML, SubStation Alpha, MicroDVD."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.errors import FormatError
from studykit.formats import Parsed, parse


def said(parsed: Parsed) -> list[tuple[str, float | None, float | None]]:
    return [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments]


TTML = (
    '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
    'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
    'xml:lang="zh-Hans" ttp:frameRate="25" ttp:tickRate="10000000">\n<head><styling/></head>\n<body '
    'begin="10s"><div>\n'
)


def test_ttml_times_in_all_units() -> None:
    text = TTML + (
        '<p begin="00:00:01.500" end="00:00:02.000">Good\n   <br/><span>morning</span></p>\n'
        '<p begin="00:00:03:05" dur="1s">b</p><p begin="50000000t" end="6000ms">c</p><p '
        'begin="175f" end="8s">d</p>\n'
        '<p><span begin="9s" end="10s">e</span><span begin="10s" end="11s">f</span></p></div></body></tt>'
    )
    parsed = parse(text, Path("a.ttml"))
    assert said(parsed) == [
        ("Good morning", 11.5, 12.0),
        ("b", 13.2, 14.2),
        ("c", 15.0, 16.0),
        ("d", 17.0, 18.0),
        ("e", 19.0, 20.0),
        ("f", 20.0, 21.0),
    ]
    assert (parsed.language, parsed.format) == ("zh-Hans", "ttml")


@pytest.mark.parametrize(("p", "line"), [('<p begin="soon">a</p>', 5), ('<p begin="1s">a</q>', 5)])
def test_ttml_mistakes_name_their_line(p: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        parse(TTML + p + "</div></body></tt>", Path("a.ttml"))
    assert caught.value.line == line


ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: "
    "Default,Arial,20\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def test_ass_speakers_overrides_comments_and_drawings() -> None:
    text = ASS + (
        "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not said\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,later\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,{\\i1}Good{\\i0}\\Nmorning, all\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}\n"
    )
    parsed = parse(text, Path("a.ass"))
    assert said(parsed) == [("Good morning, all", 1.0, 2.5), ("later", 3.0, 4.0)]
    assert parsed.segments[0].speaker == "Ann"


def test_ass_with_a_broken_time_names_its_line() -> None:
    with pytest.raises(FormatError) as caught:
        parse(ASS + "Dialogue: 0,soon,0:00:04.00,Default,,0,0,0,,a\n", Path("a.ass"))
    assert caught.value.line == 10


def test_ass_leaves_one_broken_event_out_and_tells_its_line() -> None:
    good = "Dialogue: 0,0:00:0{0}.00,0:00:0{0}.50,Default,,0,0,0,,text {0}\n"
    text = ASS + good.format(1) + "Dialogue: 0,soon,0:00:04.00,Default,,0,0,0,,a\n" + good.format(5)
    parsed = parse(text, Path("a.ass"))
    assert said(parsed) == [("text 1", 1.0, 1.5), ("text 5", 5.0, 5.5)]
    assert parsed.warnings == ("left out 1 caption that cannot be read (line 11)",)


def test_microdvd_needs_a_frame_rate() -> None:
    parsed = parse("{1}{1}25\n{25}{50}Good|morning\n", Path("a.sub"))
    assert said(parsed) == [("Good morning", 1.0, 2.0)]
    with pytest.raises(FormatError, match="frames") as caught:
        parse("{25}{50}Good|morning\n", Path("a.sub"))
    assert "{1}{1}25" in caught.value.hint


def test_ttml_words_of_a_paragraph_in_two_lines() -> None:
    text = (
        '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="10s" end="14s">\n'
        '<span begin="0s">we</span> <span begin="0.5s">train</span><br/>'
        '<span begin="1s">mod</span><span begin="1.2s">els</span>!</p></div></body></tt>'
    )
    (seg,) = parse(text, Path("a.ttml")).segments
    assert seg.text == "we train models!"
    assert [(word.text, word.start_s, word.end_s) for word in seg.words] == [
        ("we", 10.0, 10.5),
        ("train", 10.5, 11.0),
        ("models!", 11.0, 14.0),
    ]


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("<ttm:title>How caches\n  work &amp; fail</ttm:title>", "How caches work & fail"),
        ("<metadata><ttm:title>How caches work</ttm:title></metadata>", "How caches work"),
        ("<ttm:title> </ttm:title><styling/>", None),
        ("<styling/>", None),
    ],
)
def test_a_ttml_file_tells_its_title(stated: str, title: str | None) -> None:
    text = TTML.replace("<styling/>", stated).replace(
        "<tt ", '<tt xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
    )
    assert parse(text + '<p begin="1s" end="2s">Hello.</p></div></body></tt>', Path("a.ttml")).title == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Title: How caches work\n", "How caches work"),
        ("Title: Default Aegisub file\n", None),
        ("Title:\n", None),
        ("", None),
    ],
)
def test_an_ass_file_tells_its_title_if_somebody_gave_it_one(line: str, title: str | None) -> None:
    text = (
        f"[Script Info]\n{line}ScriptType: v4.00+\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hello there.\n"
    )
    assert parse(text, Path("a.ass")).title == title


def test_broken_captions_of_ass_and_microdvd_are_told_and_too_many_refused() -> None:
    lines = ["{1}{1}25", "{25}{50}one", "{x}{100}two", "{125}{150}three", "{175}{2"]
    parsed = parse("\n".join(lines), Path("talk.sub"))
    assert [seg.text for seg in parsed.segments] == ["one", "three"]
    assert parsed.warnings == ("left out 2 captions that cannot be read (lines 3, 5)",)
    with pytest.raises(FormatError, match=r"talk\.sub:3: 4 of 6 captions cannot be read"):
        parse("\n".join([*lines[:3], "{y}{1}a", "{z}{1}b", "{w}{1}c"]), Path("talk.sub"))
    head = "[Script Info]\n[Events]\nFormat: Layer, Start, End, Text"
    bad = "Dialogue: 0,x,y,four"
    with pytest.raises(FormatError, match=r"talk\.ass:4: 2 of 2 captions cannot be read") as caught:
        parse("\n".join([head, bad, bad]), Path("talk.ass"))
    assert caught.value.hint.startswith(f"  line 4: {bad}")
