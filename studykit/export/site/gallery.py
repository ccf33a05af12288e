"""The demos to choose from: each with what it explains, and what one should know before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from studykit.export.site.data import SiteDemo
from studykit.glossary import Entry, Glossary, Matcher

__all__ = ["Card", "foundations", "gallery"]

_LINES = 7


class Card(Struct, frozen=True, kw_only=True):
    """A demo in the list."""

    demo: SiteDemo
    builds_on: tuple[Entry, ...]
    """Terms that its idea is told in and that an earlier demo explains."""

    @property
    def begins(self) -> str:
        """The first lines of its output, for a demo without a picture."""
        return "\n".join(self.demo.output.splitlines()[:_LINES])


def gallery(demos: Sequence[SiteDemo], glossary: Glossary) -> list[tuple[str, list[Card]]]:
    """Layers from the ground up, with their demos in order."""
    explained_at = dict[str, int]()
    for place, demo in enumerate(demos):
        for term in demo.terms:
            explained_at.setdefault(term, place)
    places = {demo.name: place for place, demo in enumerate(demos)}
    for entry in glossary.entries:
        if entry.demo in places:
            explained_at[entry.id] = places[entry.demo]
    found = Matcher(glossary, "en").find_in([_idea(demo) for demo in demos])
    cards = []
    for place, (demo, matches) in enumerate(zip(demos, found, strict=True)):
        ids = dict.fromkeys(match.entry_id for match in matches)
        before = [key for key in ids if explained_at.get(key, place) < place and key not in demo.terms]
        entries = filter(None, map(glossary.get, before))
        cards.append(Card(demo=demo, builds_on=tuple(entries)))
    return [(layer, list(group)) for layer, group in groupby(cards, key=lambda card: card.demo.layer)]


def foundations(layers: Sequence[tuple[str, Sequence[Card]]]) -> list[tuple[Entry, int]]:
    """What demos build on, and how many do, the commonest first."""
    counted: dict[str, tuple[Entry, int]] = {}
    for _, cards in layers:
        for card in cards:
            for entry in card.builds_on:
                counted[entry.id] = (entry, counted.get(entry.id, (entry, 0))[1] + 1)
    return sorted(counted.values(), key=lambda pair: (-pair[1], pair[0].id))


def _idea(demo: SiteDemo) -> str:
    """The program's docstring, which tells the idea in English whatever the language of the site."""
    parts = demo.program.split('"""', 2)
    return parts[1] if len(parts) == 3 and not parts[0].strip() else ""
