"""Fixed sets of choices, shared by options, settings, readers and commands."""

from __future__ import annotations

import re
from typing import Literal, get_args

__all__ = [
    "CEFR_LEVELS",
    "COURSE_FORMATS",
    "DEVICES",
    "LANGUAGES",
    "PAPERS",
    "SUBTITLE_LANGUAGES",
    "VARIANTS",
    "CefrLevel",
    "ComputeType",
    "CourseFormat",
    "Device",
    "Language",
    "Paper",
    "SubtitleLanguages",
    "Variant",
    "cards_named",
    "is_device",
]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""The languages of notes, and of their headings."""

SubtitleLanguages = Literal["en", "zh", "en-zh", "zh-en"]
SUBTITLE_LANGUAGES: tuple[SubtitleLanguages, ...] = get_args(SubtitleLanguages)
"""Languages of subtitles, the upper one first."""

CefrLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
CEFR_LEVELS: tuple[CefrLevel, ...] = get_args(CefrLevel)
"""The levels of the Common European Framework of Reference for Languages, easiest first."""

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)

Variant = Literal["study", "english", "chinese", "side-by-side", "cloze", "dictation", "translate"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
"""The kinds of handout; the last three are exercises."""

CourseFormat = Literal["epub", "pdf", "apkg"]
COURSE_FORMATS: tuple[CourseFormat, ...] = get_args(CourseFormat)
"""What a course can be besides its pages."""

_CARD = re.compile(r"cuda:([0-9]{1,3})")
Device = Literal["auto", "cpu", "cuda"]
DEVICES: tuple[Device, ...] = get_args(Device)
"""Where models can run; ``auto`` uses a GPU if one works."""


ComputeType = Literal[
    "auto", "float16", "bfloat16", "int8_float16", "int8_bfloat16", "int8", "int8_float32", "int16", "float32"
]
"""What a speech model computes with, as CTranslate2 names it; ``auto`` is the best that fits."""


def is_device(name: str) -> bool:
    """Whether ``name`` is one of ``DEVICES``, a graphics card, ``cuda:1``, or several, ``cuda:0,cuda:1``."""
    return name in DEVICES or all(_CARD.fullmatch(part) for part in name.split(","))


def cards_named(device: str) -> tuple[int, ...]:
    """The numbers of the graphics cards that a device names, in order; empty if any will do.

    >>> cards_named("cuda:1,cuda:0"), cards_named("cuda")
    ((1, 0), ())
    """
    found = (_CARD.fullmatch(part) for part in device.split(","))
    return tuple(int(match[1]) for match in found if match)
