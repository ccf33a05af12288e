"""Writes cues of two languages as the subtitle files that people have."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from studykit.timecode import to_srt, to_vtt

__all__ = ["LAYOUTS", "Cue", "Shown", "srt"]


class Cue(NamedTuple):
    """One caption in both languages."""

    start_s: float
    end_s: float
    english: str
    chinese: str


class Shown(NamedTuple):
    """A caption as displayed."""

    start_s: float
    end_s: float
    rows: tuple[str, ...]


def srt(shown: list[Shown]) -> str:
    """A SubRip file."""
    return "\n".join(
        f"{i}\n{to_srt(cue.start_s)} --> {to_srt(cue.end_s)}\n" + "\n".join(cue.rows) + "\n"
        for i, cue in enumerate(shown, 1)
    )


def _vtt(shown: list[Shown]) -> str:
    return "WEBVTT\n\n" + "\n".join(
        f"{to_vtt(cue.start_s)} --> {to_vtt(cue.end_s)}\n" + "\n".join(cue.rows) + "\n" for cue in shown
    )


def _ass(events: list[tuple[Cue, str, str]]) -> str:
    head = (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
        "Style: ZH,SimHei,20\nStyle: EN,Arial,12\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    return head + "".join(
        f"Dialogue: 0,{to_vtt(cue.start_s)[1:-1]},{to_vtt(cue.end_s)[1:-1]},{style},,0,0,0,,{text}\n"
        for cue, style, text in events
    )


def _rows(cues: list[Cue], *, chinese_first: bool = True, between: str | None = None) -> list[Shown]:
    shown = []
    for cue in cues:
        rows = (cue.chinese, cue.english) if chinese_first else (cue.english, cue.chinese)
        shown.append(Shown(cue.start_s, cue.end_s, rows if between is None else (between.join(rows),)))
    return shown


def _two(cues: list[Cue], later_s: float = 0.0) -> list[Shown]:
    return list(
        chain.from_iterable(
            (
                Shown(cue.start_s, cue.end_s, (cue.chinese,)),
                Shown(cue.start_s + later_s, cue.end_s + later_s, (cue.english,)),
            )
            for cue in cues
        )
    )


LAYOUTS: dict[str, tuple[str, Callable[[list[Cue]], str]]] = {
    "two rows": ("t.srt", lambda cues: srt(_rows(cues))),
    "English on top": ("t.srt", lambda cues: srt(_rows(cues, chinese_first=False))),
    "one row": ("t.srt", lambda cues: srt(_rows(cues, between=" "))),
    "one row, English first": ("t.srt", lambda cues: srt(_rows(cues, chinese_first=False, between=" "))),
    "one row, divided": ("t.srt", lambda cues: srt(_rows(cues, between=" | "))),
    "WebVTT": ("t.vtt", lambda cues: _vtt(_rows(cues))),
    "WebVTT in one row": ("t.vtt", lambda cues: _vtt(_rows(cues, between="  "))),
    "two captions": ("t.srt", lambda cues: srt(_two(cues))),
    "two captions, a moment apart": ("t.vtt", lambda cues: _vtt(_two(cues, 0.04))),
    "one file after the other": ("t.srt", lambda cues: srt(_two(cues)[::2] + _two(cues)[1::2])),
    "two styles": (
        "t.ass",
        lambda cues: _ass(
            [(cue, "ZH", cue.chinese) for cue in cues] + [(cue, "EN", cue.english) for cue in cues]
        ),
    ),
    "one event": (
        "t.ass",
        lambda cues: _ass([(cue, "ZH", rf"{cue.chinese}\N{{\rEN\fs12}}{cue.english}") for cue in cues]),
    ),
}
"""For each layout, a file name and what writes it."""
