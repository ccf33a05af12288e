"""WebVTT and rolling captions."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import EmptyInputError, FormatError
from studykit.formats import Parsed, parse
from studykit.timecode import to_srt, to_vtt

VTT = Path("talk.vtt")


def vtt(body: str) -> Parsed:
    return parse("WEBVTT\n\n" + body, VTT)


def texts(parsed: Parsed) -> list[str]:
    return [seg.text for seg in parsed.segments]


def test_header_comments_identifiers_and_settings_are_no_text() -> None:
    parsed = parse(
        "WEBVTT - lecture one\nKind: captions\nLanguage: en-GB\n"
        "X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n"
        "STYLE\n::cue { color: red }\n\nREGION\nid:lower\n\nNOTE first draft\nof the file\n\n"
        "intro\n00:01.000 --> 00:02.500 align:start position:0%\nGood morning.\n\n"
        "NOTE\nsecond comment\n\n"
        "2\n01:00:03.000 --> 01:00:04.000\nTake NOTE of this\nline.\n",
        VTT,
    )
    assert [(seg.text, seg.start_s, seg.end_s) for seg in parsed.segments] == [
        ("Good morning.", 1.0, 2.5),
        ("Take NOTE of this line.", 3603.0, 3604.0),
    ]
    assert (parsed.language, parsed.title) == ("en-GB", "lecture one")
    assert (parsed.format, parsed.language, parsed.timing, parsed.warnings) == (
        "webvtt",
        "en-GB",
        "captions",
        (),
    )


def test_markup_is_stripped_and_voices_become_speakers() -> None:
    parsed = vtt(
        "00:01.000 --> 00:02.000\n<v Ann Lee>It is <i>very</i> &lt;small&gt; &amp; <c.loud>old</c></v>\n\n"
        "00:02.000 --> 00:03.000\n<v.quiet Bo>Yes.</v>\n<v Ann Lee>Really?\nSure?\n\n"
        "00:03.000 --> 00:04.000\n<ruby>漢<rt>kan</rt></ruby>字\n\n"
        "00:04.000 --> 00:05.000\nif a < b and b > c then\n"
    )
    assert [(seg.speaker, seg.text) for seg in parsed.segments] == [
        ("Ann Lee", "It is very <small> & old"),
        ("Bo", "Yes."),
        ("Ann Lee", "Really? Sure?"),
        (None, "漢字"),
        (None, "if a < b and b > c then"),
    ]


def test_chinese_lines_are_joined_without_a_space() -> None:
    parsed = vtt("00:01.000 --> 00:02.000\n我们先看\n这个模型\n\n00:02.000 --> 00:03.000\n用 GPU\n来训练\n")
    assert texts(parsed) == ["我们先看这个模型", "用 GPU 来训练"]


def test_cues_out_of_order_are_sorted_and_told() -> None:
    parsed = vtt("00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:09.000\na\n\n00:05.000 --> 00:05.000\nc\n")
    assert texts(parsed) == ["a", "b", "c"]
    assert parsed.warnings == ("1 segment out of order; sorted by start (first at line 6)",)


def test_an_end_before_the_start_is_repaired_and_told() -> None:
    parsed = vtt("00:05.000 --> 00:04.000\nback\n")
    assert (parsed.segments[0].start_s, parsed.segments[0].end_s) == (5.0, pytest.approx(5.385, abs=0.001))
    assert "line 3" in parsed.warnings[0]


def test_sounds_are_left_out_but_brackets_that_say_something_stay() -> None:
    parsed = vtt(
        "00:01.000 --> 00:02.000\n[Music]\n\n00:02.000 --> 00:03.000\n♪ ♪\n\n"
        "00:03.000 --> 00:04.000\n>> [Applause] Thank you [laughter] all.\n\n"
        "00:04.000 --> 00:05.000\n[the value of x] is (music) to me\n\n00:05.000 --> 00:06.000\n"
        "(audience laughing)\n\n"
        "00:06.000 --> 00:07.000\n...\n\n00:07.000 --> 00:08.000\n【掌声】\n"
    )
    assert texts(parsed) == [">> Thank you all.", "[the value of x] is (music) to me", "..."]


@pytest.mark.parametrize(
    "text", ["(object whooshing)", "(air hissing)", "（物体呼啸）", "（嘶嘶声）", "（徽标呼啸而过）"]
)
def test_a_caption_that_is_only_a_sound_is_left_out(text: str) -> None:
    parsed = vtt(f"00:01.000 --> 00:02.000\n{text}\n\n00:03.000 --> 00:04.000\n(that is a string)\n")
    assert texts(parsed) == ["(that is a string)"]


def test_only_sounds_is_an_empty_input() -> None:
    with pytest.raises(EmptyInputError, match=r"talk\.vtt"):
        vtt("00:01.000 --> 00:02.000\n[Music]\n")


@pytest.mark.parametrize(
    ("timing", "line"),
    [("00:01.000 --> later", 3), ("00:6x.000 --> 00:62.000", 3), ("-00:01.000 --> 00:02.000", 3)],
)
def test_broken_times_name_the_line(timing: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        vtt(f"{timing}\nHello\n")
    assert caught.value.line == line


def test_a_file_without_its_header_is_known_by_its_name() -> None:
    parsed = parse("one\n00:01.000 --> 00:02.000\nHello\n\ntwo\n00:02.000 --> 00:03.000\nyou\n", VTT)
    assert (parsed.format, texts(parsed)) == ("webvtt", ["Hello", "you"])


def test_words_keep_their_inline_times() -> None:
    [seg] = vtt(
        "00:01.000 --> 00:03.000\nwe<00:00:01.500><c> train</c><00:00:02.000><c> big models</c>\n"
    ).segments
    assert [(word.text, word.start_s, word.end_s) for word in seg.words] == [
        ("we", 1.0, 1.5),
        ("train", 1.5, 2.0),
        ("big", 2.0, None),
        ("models", None, 3.0),
    ]


# A small vocabulary, so that words and whole lines repeat often.
LINES = st.lists(
    st.lists(
        st.sampled_from(["yeah", "so", "we", "go", "don't", "模型", "[sic]", ">>"]), min_size=1, max_size=4
    ),
    min_size=1,
    max_size=12,
)


def rolling(lines: list[list[str]], *, placeholder: str = " ") -> tuple[str, list[tuple[str, float]]]:
    """A file as YouTube makes it, and its words with their starts."""
    out, said, above, at_ms = ["WEBVTT", "Kind: captions", "Language: en", ""], [], placeholder, 80
    for words in lines:
        start_ms, line = at_ms, words[0]
        said.append((words[0], at_ms / 1000))
        for word in words[1:]:
            at_ms += 240
            line += f"<{to_vtt(at_ms / 1000)}><c> {word}</c>"
            said.append((word, at_ms / 1000))
        at_ms += 310
        out += [
            f"{to_vtt(start_ms / 1000)} --> {to_vtt(at_ms / 1000)} align:start position:0%",
            above,
            line,
            "",
        ]
        hold = f"{to_vtt(at_ms / 1000)} --> {to_vtt((at_ms + 10) / 1000)} align:start position:0%"
        out += [hold, " ".join(words), placeholder, ""]
        at_ms += 10
        above = " ".join(words)
    return "\n".join(out), said


@given(lines=LINES, placeholder=st.sampled_from([" ", ""]))
def test_rolling_captions_give_every_word_once_at_its_time(lines: list[list[str]], placeholder: str) -> None:
    text, said = rolling(lines, placeholder=placeholder)
    parsed = parse(text, VTT)
    assert " ".join(texts(parsed)).split() == [word for words in lines for word in words]
    stamped = [(word.text, word.start_s) for seg in parsed.segments for word in seg.words]
    if any(len(words) > 1 for words in lines):
        assert stamped == said
    assert all(seg.end_s is not None and seg.end_s > seg.start_s for seg in parsed.segments if seg.start_s)
    assert parsed.warnings == ()


@given(lines=LINES, rows=st.sampled_from([2, 3]), srt=st.booleans())
def test_rolling_captions_without_word_times_give_every_line_once(
    lines: list[list[str]], rows: int, srt: bool
) -> None:
    shown = [" ".join(words) for words in lines]
    # Two different lines must roll at least twice: two cues alone could be a person repeating himself.
    if sum(one != two for one, two in itertools.pairwise(shown)) < 2:
        shown = [*shown, "alpha", "beta", "gamma", "delta"] + [f"line {i}" for i in range(len(shown))]
    to_clock = to_srt if srt else to_vtt
    out = [] if srt else ["WEBVTT", ""]
    for i in range(len(shown)):
        window = shown[max(0, i + 1 - rows) : i + 1]
        out += [str(i + 1), f"{to_clock(i * 2)} --> {to_clock(i * 2 + 2)}", *window, ""]
    parsed = parse("\n".join(out), Path("a.srt" if srt else "a.vtt"))
    assert texts(parsed) == shown
    assert [seg.start_s for seg in parsed.segments] == [2.0 * i for i in range(len(shown))]


def test_what_people_repeat_is_kept() -> None:
    lines = ["Yeah.", "Yeah.", "I know.", "I know.\nYes.", "No.", "No.", "- No.\n- Yes.", "Fine."]
    body = "\n".join(f"00:{i:02}.000 --> 00:{i + 1:02}.000\n{text}\n" for i, text in enumerate(lines))
    assert texts(vtt(body)) == [text.replace("\n", " ") for text in lines]


def test_a_lone_row_after_a_pause_is_new_in_a_rolling_file() -> None:
    body = (
        "00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\none\ntwo\n\n00:03.000 --> "
        "00:04.000\ntwo\nthree\n\n"
        "00:04.000 --> 00:05.000\nthree\n\n00:09.000 --> 00:10.000\nthree\n\n00:10.000 --> "
        "00:11.000\nthree\nfour\n"
    )
    assert texts(vtt(body)) == ["one", "two", "three", "three", "four"]


def test_an_arrow_that_begins_a_cue_is_times_whatever_it_says() -> None:
    text = (
        "WEBVTT\n\nNOTE a --> b\nstays --> out\n\n00:01.000 --> 00:02.000\none --> two\n\n"
        "id\nxx --> 00:04.000\nlost\n\n00:05.000 --> 00:06.000\nthree\n"
    )
    parsed = parse(text, Path("talk.vtt"))
    assert [(seg.text, seg.start_s) for seg in parsed.segments] == [
        ("one --> two", 1.0),
        ("lost", 2.0),
        ("three", 5.0),
    ]
    assert [warning[-9:] for warning in parsed.warnings] == ["(line 10)"]
