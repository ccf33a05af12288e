"""The place of an explanation in hand-made notes, written to and read from the source of a gloss."""

from __future__ import annotations

from msgspec import Struct

from studykit.faces import late

__all__ = ["EXPLANATIONS", "Provenance"]

EXPLANATIONS = "解析"
"""The table that explanations under a paragraph belong to."""

_SOURCE = late(r"notes(?: \((?P<paragraph>\d+)\)| part (?P<part>\d+))?: (?P<table>[^›]*)›(?P<column>.*)")


class Provenance(Struct, frozen=True, kw_only=True):
    """A table cell in the notes; paragraph and part are indices from 0."""

    table: str
    column: str
    paragraph: int | None = None
    part: int | None = None

    def __str__(self) -> str:
        where = ""
        if self.paragraph is not None:
            where = f" ({self.paragraph + 1})"
        elif self.part is not None:
            where = f" part {self.part + 1}"
        return f"notes{where}: {self.table}›{self.column}"

    @classmethod
    def of(cls, source: str) -> Provenance | None:
        """The place in a gloss's source, None if the gloss is from elsewhere."""
        match = _SOURCE.fullmatch(source)
        if match is None:
            return None
        return cls(
            table=match["table"],
            column=match["column"],
            paragraph=int(match["paragraph"]) - 1 if match["paragraph"] else None,
            part=int(match["part"]) - 1 if match["part"] else None,
        )
