"""Three small lectures that meet the same words again."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.types import Gloss, Notes, VocabularyItem
from tests.talks import SMALL_TALK

__all__ = ["LECTURES", "another"]


def another(number: int, title: str = "", *, gloss: str = "另一回事", upos: str | None = None) -> Notes:
    """A talk that says what the small one says, of which only the idiom's Chinese may differ."""
    (item,) = SMALL_TALK.vocabulary
    source = replace(
        SMALL_TALK.source,
        id=f"{number:x}" * 64,
        title=title or f"Lecture <{number}> & more",
        url=f"https://www.youtube.com/watch?v=n{number}",
    )
    said: VocabularyItem = replace(
        item,
        kind="word" if upos else item.kind,
        upos=upos,
        glosses=(Gloss(text=gloss, language="zh", source="test"),),
    )
    return replace(SMALL_TALK, source=source, vocabulary=(said,))


LECTURES = (SMALL_TALK, another(2), another(3, gloss="两码事"))
