"""Which card a process takes: one on which no other process of studykit is transcribing, if there is one.

So several files, transcribed at the same time, spread over several cards. A card is locked by a file in
the user's cache, and freed when the process ends, however it ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from studykit.engines.machine import Card
from studykit.files import Held, hold, safe_stem
from studykit.resources import cache_dir

__all__ = ["taken"]


def taken(cards: Sequence[Card]) -> tuple[Card | None, Held | None]:
    """The first card that nobody holds, with the lock on it; or else the first, without one."""
    if len(cards) > 1:  # with a single one there is no choice
        for card in cards:
            held = hold(cache_dir() / "cards" / f"{safe_stem(card.id or str(card.index))}.lock")
            if held:
                return card, held
    return (cards[0] if cards else None), None
