"""The options of outputs."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from studykit.export.page.labels import Labels
from studykit.types import CefrLevel, Paper, SubtitleLanguages, Variant

__all__ = ["ExportOptions", "HandoutOptions"]


class HandoutOptions(Struct, frozen=True, kw_only=True):
    """The kind of handout and its layout."""

    variant: Variant = "study"
    paper: Paper = "a4"
    pinyin: bool = False
    """Whether pinyin is printed above the Chinese."""
    ipa: bool = False
    """Whether the word list shows pronunciation."""
    large: bool = False
    """Whether the print is large."""
    notes_margin: bool = False
    """Whether there is a wide margin to write in."""
    level: CefrLevel | None = None
    """Words below this level are left out."""
    known: tuple[str, ...] = ()
    """Words that the reader knows, in lower case, sorted."""


class ExportOptions(Struct, frozen=True, kw_only=True):
    """The options of all outputs; each uses those that apply to it."""

    labels: Labels
    templates: Path | None = None
    """Folder with the user's own templates, which override the built-in ones."""
    handout: HandoutOptions = HandoutOptions()
    languages: SubtitleLanguages | None = None
    """Languages of subtitles, the upper one first; None for all that the talk has."""
    audio: Path | None = None
    """The talk's recording or film, for sound on cards."""
