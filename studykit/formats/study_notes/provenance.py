"""Where in hand-made notes an explanation stood, as a gloss's source says it and reads it back."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["EXPLANATIONS", "Provenance"]

EXPLANATIONS = "解析"
"""The table that explanations under a paragraph belong to."""

_SOURCE = re.compile(
    r"notes(?: \((?P<paragraph>\d+)\)| part (?P<part>\d+))?: (?P<table>[^›]*)›(?P<column>.*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A cell of a table in the notes; paragraph and part are indices from 0."""

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
        """What a gloss's source says, None when the gloss is from elsewhere."""
        match = _SOURCE.fullmatch(source)
        if match is None:
            return None
        return cls(
            table=match["table"],
            column=match["column"],
            paragraph=int(match["paragraph"]) - 1 if match["paragraph"] else None,
            part=int(match["part"]) - 1 if match["part"] else None,
        )
