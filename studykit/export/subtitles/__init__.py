"""Subtitles in one language or two."""

from studykit.export.subtitles.cues import (
    BilingualCue,
    bilingual_cues,
    languages_of,
)
from studykit.export.subtitles.files import notes_ass, notes_srt, notes_vtt
from studykit.export.subtitles.lines import LINE_CHARS
from studykit.export.subtitles.timing import READING_CPS

__all__ = [
    "LINE_CHARS",
    "READING_CPS",
    "BilingualCue",
    "bilingual_cues",
    "languages_of",
    "notes_ass",
    "notes_srt",
    "notes_vtt",
]
