"""What an output may be asked for, beside the notes it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studykit.export.page.labels import Labels
from studykit.types import CefrLevel, Paper, SubtitleLanguages, Variant

__all__ = ["ExportOptions", "HandoutOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoutOptions:
    """Which sheet, and how it is set."""

    variant: Variant = "study"
    paper: Paper = "a4"
    pinyin: bool = False
    """How the Chinese is read, above it."""
    ipa: bool = False
    """How the words of the word list are said."""
    large: bool = False
    """Large print."""
    notes_margin: bool = False
    """A wide margin to write in."""
    level: CefrLevel | None = None
    """Words below this level are neither listed nor asked for."""
    known: tuple[str, ...] = ()
    """Words that the reader knows, in lower case, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """The options of all outputs; each takes what it understands."""

    labels: Labels
    templates: Path | None = None
    """Folder of the user's own templates, which outrank the built-in ones."""
    handout: HandoutOptions = HandoutOptions()
    languages: SubtitleLanguages | None = None
    """What subtitles show, the upper language first; None for all that the talk has."""
    audio: Path | None = None
    """The talk's recording or film, for sound on cards."""
