"""Subtitles that show English and Chinese at the same time, taken apart into two texts."""

from studykit.formats.bilingual.file import Halves, take_apart

__all__ = ["Halves", "take_apart"]
