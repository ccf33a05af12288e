"""The data of the site besides the glossary, gathered by the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec import Struct

from studykit.export.page.links import page_name
from studykit.fingerprint import digest_bytes
from studykit.types import Claim, Source

__all__ = [
    "Page",
    "SiteClaim",
    "SiteDemo",
    "SiteDemoClaim",
    "SiteDemoLine",
    "SiteDemoTry",
    "SiteKnob",
    "SitePaper",
    "SiteTalk",
    "key_of",
]


class Page(Struct, frozen=True, kw_only=True):
    """A page that is made when it is needed; ``key``: a digest of all that ``make`` uses but its code."""

    key: str
    make: Callable[[], str]
    text: str | None = None
    """The page, where it is made already."""
    reads: bool = False
    """Whether ``make`` reads the database, which a child process cannot."""


def key_of(*values: object) -> str:
    """A digest of structs and plain data."""
    return digest_bytes(msgspec.json.encode(values, enc_hook=str))


class SiteClaim(Struct, frozen=True, kw_only=True):
    """A key claim of a talk that a demo tests; ``paragraph`` counts from 1, ``None`` if it has no quote."""

    claim: Claim
    start_s: float | None
    paragraph: int | None


class SiteTalk(Struct, frozen=True, kw_only=True):
    """What other pages show of a talk."""

    source: Source
    bilingual: bool
    terms: int
    stored_on: str
    """The day its notes were stored, ``YYYY-MM-DD``."""
    tested: tuple[SiteClaim, ...] = ()
    """The claims that demos test."""

    @property
    def name(self) -> str:
        """The page's file name without suffix."""
        return page_name(self.source.id)

    @property
    def page(self) -> str:
        """The page's path in the site."""
        return f"talks/{self.name}.html"


class SiteDemoClaim(Struct, frozen=True, kw_only=True):
    """A speaker's claim that a demo shows: the talk, the time or place in it, the claim in our words."""

    talk: str
    where: str
    claim: str


class SiteDemoLine(Struct, frozen=True, kw_only=True):
    """A line of a demo's output and, beside it, of the same with its mechanism switched off."""

    run: str | None
    control: str | None
    differs: bool


class SiteDemoTry(Struct, frozen=True, kw_only=True):
    """Something to turn: the command, and what is then seen."""

    command: str
    then: str


class SitePaper(Struct, frozen=True, kw_only=True):
    """A paper that a term cites."""

    title: str
    authors: str
    year: int


class SiteKnob(Struct, frozen=True, kw_only=True):
    """What a reader can turn: an option of the demo, with the values at which it was recorded."""

    name: str
    help: str
    language: str
    """The language of ``help``: ``en`` or ``zh-Hans``."""
    values: tuple[str, ...]
    default: int
    """The place of the default among the values."""


class SiteDemo(Struct, frozen=True, kw_only=True):
    """A demo as its page shows it: description, program, recorded output."""

    name: str
    language: str = "en"
    """The language of title, layer, claim, ``cannot_show`` and ``switched_off``: ``en`` or ``zh-Hans``."""
    title: str
    english_title: str = ""
    """The title in English, if ``title`` is not."""
    layer: str
    terms: tuple[str, ...]
    """Ids of glossary entries."""
    claim: str
    said: tuple[SiteDemoClaim, ...]
    cannot_show: str
    seconds: float
    program: str
    output: str
    switched_off: str = ""
    """What the control does without, to stand after a label and a colon."""
    printed: str = ""
    """How to read the output, which is English whatever the language of the page."""
    run: Literal["", "plain", "with numpy", "lacks numpy"] = ""
    """Whether and how the page runs the demo; empty if the site runs none."""
    beside: tuple[SiteDemoLine, ...] = ()
    """The output again, beside the control's; none where there is no control."""
    equation: str = ""
    """A ``math`` element; it is not escaped."""
    letters: str = ""
    """What the formula's letters stand for."""
    picture: str = ""
    """A chart of the run as an ``svg`` element that needs the style sheet of charts; it is not escaped."""
    control_picture: str = ""
    small_picture: str = ""
    """The shapes of ``picture`` alone, for the list of demos."""
    knobs: tuple[SiteKnob, ...] = ()
    turned: str = ""
    """The recorded runs as JSON, for templates/site/turn.js; none where nothing was recorded."""
    tries: tuple[SiteDemoTry, ...] = ()
    step: int = 0
    """Its number on the reading path, from 1; 0 if it is not on it."""
    new: str = ""
    """What is new against the step before."""
