"""The data of the site besides the glossary, gathered by the caller."""

from __future__ import annotations

from dataclasses import dataclass

from studykit.export.page.links import page_name
from studykit.types import Notes

__all__ = ["SiteDemo", "SiteDemoClaim", "SiteTalk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTalk:
    """A talk's notes and the day they were stored, ``YYYY-MM-DD``."""

    notes: Notes
    stored_on: str

    @property
    def name(self) -> str:
        """The page's file name without suffix."""
        return page_name(self.notes.source.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDemoClaim:
    """A speaker's claim that a demo shows: the talk, the time or place in it, the claim in our words."""

    talk: str
    where: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDemo:
    """A demo as its page shows it: description, program, recorded output."""

    name: str
    title: str
    layer: str
    terms: tuple[str, ...]
    """Ids of glossary entries."""
    claim: str
    said: tuple[SiteDemoClaim, ...]
    cannot_show: str
    seconds: float
    program: str
    output: str
