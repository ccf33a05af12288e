"""Fixed sets of choices, shared by options, settings, readers and commands."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = [
    "CEFR_LEVELS",
    "DEVICES",
    "LANGUAGES",
    "PAPERS",
    "SUBTITLE_LANGUAGES",
    "VARIANTS",
    "CefrLevel",
    "Device",
    "Language",
    "Paper",
    "SubtitleLanguages",
    "Variant",
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

Device = Literal["auto", "cpu", "cuda"]
DEVICES: tuple[Device, ...] = get_args(Device)
"""Where models can run; ``auto`` uses a GPU if one works."""
