"""The kinds of vocabulary, each with all data for labels, exports and readers.

To add one, add a name to ``ItemKind`` and a row here. A test renders every kind in every output.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from studykit.types.study import ItemKind

__all__ = ["ITEM_KINDS", "KindOfItem", "kind_in"]


class KindOfItem(Struct, frozen=True, kw_only=True):
    """One kind; ``english`` and ``chinese`` are its heading in notes with labels of that language."""

    key: ItemKind
    english: str
    chinese: str
    is_wording: bool = True
    """Whether it consists of words of the talk, which are looked up, pronounced, marked in the text and
    used in exercises. A point of grammar is only explained."""
    handmade_heading: str
    """Heading of its table in the hand-made styles of notes."""
    handmade_column: str = "表达"
    """Heading of the first column of that table."""
    recognised_by: tuple[str, ...] = ()
    """Words that identify the kind in headings and explanations of such notes."""


ITEM_KINDS: Mapping[ItemKind, KindOfItem] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            KindOfItem(
                key="term",
                english="Terms",
                chinese="术语",
                handmade_heading="技术术语",
                handmade_column="术语",
                recognised_by=("术语", "名词"),
            ),
            KindOfItem(
                key="expression",
                english="Expressions",
                chinese="口语与常用表达",
                handmade_heading="口语表达",
                recognised_by=("口语", "表达", "搭配", "短语"),
            ),
            KindOfItem(
                key="idiom",
                english="Idioms",
                chinese="习语",
                handmade_heading="习语",
                handmade_column="习语",
                recognised_by=("习语", "俚语"),
            ),
            KindOfItem(
                key="misread",
                english="Easily misread",
                chinese="容易误解的表达",
                handmade_heading="容易误解的表达",
                recognised_by=("容易误解", "容易误读"),
            ),
            KindOfItem(
                key="phrasal_verb",
                english="Phrasal verbs",
                chinese="短语动词",
                handmade_heading="短语动词表达",
                recognised_by=("短语动词",),
            ),
            KindOfItem(
                key="word",
                english="Words",
                chinese="词汇",
                handmade_heading="词汇表",
                handmade_column="词汇",
            ),
            KindOfItem(
                key="grammar",
                english="Grammar",
                chinese="语法点",
                is_wording=False,
                handmade_heading="口语中的语法特点",
                handmade_column="语法",
                recognised_by=("语法",),
            ),
        )
    }
)
"""All kinds, in the order of their tables in notes."""

_RECOGNISED = sorted(
    ((word, kind) for kind in ITEM_KINDS.values() for word in kind.recognised_by),
    # Grammar is often that of speech (口语中的语法), and a phrasal verb (短语动词) holds the word phrase.
    key=lambda row: (row[1].is_wording, -len(row[0])),
)


def kind_in(words: str) -> ItemKind | None:
    """The kind that a heading or explanation in hand-made notes names, or None."""
    return next((kind.key for word, kind in _RECOGNISED if word in words), None)
