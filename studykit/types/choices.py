"""Closed sets of words that options, settings, readers and commands share, each written once."""

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
"""What subtitles can show, the upper language first."""

CefrLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
CEFR_LEVELS: tuple[CefrLevel, ...] = get_args(CefrLevel)
"""The levels of the Common European Framework of Reference for Languages, easiest first."""

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)

Variant = Literal["study", "english", "chinese", "side-by-side", "cloze", "dictation", "translate"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
"""The sheets that a handout can be; the last three are exercises."""

Device = Literal["auto", "cpu", "cuda"]
DEVICES: tuple[Device, ...] = get_args(Device)
"""Where models can run; ``auto`` takes a GPU where one works."""
