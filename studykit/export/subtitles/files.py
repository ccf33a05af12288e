"""Subtitles as SubRip, WebVTT and Advanced SubStation Alpha files.

The talk's words never become markup: SubRip and SubStation cannot escape ``<`` or ``{``, so an invisible
word joiner (U+2060) keeps players from reading them as a tag; in SubStation, braces become full-width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from studykit.export.doubts import with_doubts_shown
from studykit.export.subtitles.cues import BilingualCue, bilingual_cues, languages_of
from studykit.timecode import to_ms, to_srt, to_vtt
from studykit.types import Notes, SubtitleLanguages

__all__ = ["notes_ass", "notes_srt", "notes_vtt"]

_JOINER = "\u2060"
_TAG_START = re.compile(r"<(?=[/a-zA-Z\d])|\{(?=\\)|&(?=[#\w]+;)|--(?=>)")

_ASS_HEAD = """\
[Script Info]
ScriptType: v4.00+
Title: {title}
PlayResX: 1920
PlayResY: 1080
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,54,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,60,60,48,1
Style: Chinese,Noto Sans CJK SC,60,&H00E6F7FF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,\
60,60,48,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def notes_srt(notes: Notes, languages: SubtitleLanguages | None = None) -> str:
    """The talk as SubRip; ``languages`` None for all that it has.

    Raises ``OutputError`` if the talk has no times, or no text in a language.
    """
    blocks = (
        f"{number}\n{to_srt(cue.start_s)} --> {to_srt(cue.end_s)}\n{_text(cue, _plain)}\n"
        for number, cue in enumerate(_cues(notes, languages), 1)
    )
    return "\n".join(blocks)


def notes_vtt(notes: Notes, languages: SubtitleLanguages | None = None) -> str:
    """The same as WebVTT."""
    blocks = (
        f"{to_vtt(cue.start_s)} --> {to_vtt(cue.end_s)}\n{_text(cue, _vtt)}\n"
        for cue in _cues(notes, languages)
    )
    return "WEBVTT\n\n" + "\n".join(blocks)


def notes_ass(notes: Notes, languages: SubtitleLanguages | None = None) -> str:
    """The same as SubStation Alpha, each language in a style of its own."""
    title = " ".join(notes.source.title.split())
    events = (
        f"Dialogue: 0,{_ass_time(cue.start_s)},{_ass_time(cue.end_s)},Default,,0,0,0,,{_ass(cue)}\n"
        for cue in _cues(notes, languages)
    )
    return _ASS_HEAD.format(title=title) + "".join(events)


def _cues(notes: Notes, languages: SubtitleLanguages | None) -> Sequence[BilingualCue]:
    return bilingual_cues(with_doubts_shown(notes), languages_of(notes, languages))


def _text(cue: BilingualCue, escape: Callable[[str], str]) -> str:
    return "\n".join(escape(line) for line in cue.cue.lines)


def _plain(line: str) -> str:
    return _TAG_START.sub(lambda match: match[0] + _JOINER, line)


def _vtt(line: str) -> str:
    # ">" is escaped too, since "-->" would end the cue. "{\\" starts a tag in players that support SubRip's.
    return (
        line.replace("{\\", f"{{{_JOINER}\\").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )


def _ass(cue: BilingualCue) -> str:
    styled = (
        ("{\\rChinese}" if name == "zh" else "{\\r}" if i else "")
        + "\\N".join(_ass_plain(line) for line in lines)
        for i, (name, lines) in enumerate(cue.lines)
    )
    return "\\N".join(styled)


def _ass_plain(line: str) -> str:
    return line.replace("\\", "\\" + _JOINER).replace("{", "｛").replace("}", "｝")


def _ass_time(time_s: float) -> str:
    """``h:mm:ss.cc``; hundredths are cut off, so that cues that touch still do."""
    total_s, ms = divmod(to_ms(time_s), 1000)
    minutes, s = divmod(total_s, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{s:02}.{ms // 10:02}"
