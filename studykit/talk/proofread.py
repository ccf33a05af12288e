"""The texts of a talk, prepared for all later stages: corrected, edited, cut into parts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from studykit import engines
from studykit.faces import Late
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.store import Embeddings, decisions_of
from studykit.talk.cache import Cache, Keyed, Result, keyed
from studykit.talk.read.base import ReadTalk
from studykit.talk.stages.parts import Parts, in_parts, needs_parts
from studykit.types import Corrected, Correction, Document, Source

if TYPE_CHECKING:
    from studykit.align import CachedEncoder

__all__ = ["Proofread"]

correct = Late("studykit.correct", "correct", Corrected)
edit = Late("studykit.edit", "edit", Document)
find_parts = Late("studykit.talk.stages.topics", "find_parts", Parts)


class Proofread:
    """The texts as read, corrected and edited, unless they come corrected from notes or the database."""

    def __init__(
        self, read: ReadTalk, *, id: str, cache: Cache, glossary: Glossary, options: Options
    ) -> None:
        self._read = read
        self._id = id
        self._cache = cache
        self._glossary = glossary
        self._options = options

    @cached_property
    def encoder(self) -> Keyed[CachedEncoder]:
        """The sentence encoder with its stored vectors, as an argument of stages."""
        encoder = engines.encoder(self._options.align.encoder)

        def cached() -> CachedEncoder:
            from studykit.align import CachedEncoder

            return CachedEncoder(encoder, Embeddings(self._cache.store, self._id))

        return Keyed(cached, encoder)

    @cached_property
    def _corrected(self) -> tuple[Result[Document], Result[Document] | None, tuple[Correction, ...]]:
        """Both texts with mis-heard terms corrected, and the corrections."""
        lead, other, made = self._read.lead, self._read.other, self._read.corrections
        if self._read.proofread:
            return lead, other, made
        done = self._correct("correct", lead)
        lead, made = Result.of(done.document), made + done.corrections
        if other:
            done = self._correct("correct translation", other)
            other, made = Result.of(done.document), made + done.corrections
        return lead, other, made

    def _correct(self, stage: str, doc: Result[Document]) -> Corrected:
        decisions = tuple(decisions_of(self._cache.store, self._id))
        glossary = keyed(self._glossary, self._glossary.hearing_digest)
        return self._cache.run(stage, correct, doc, glossary, decisions=decisions).value

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The corrections made in the texts."""
        return self._corrected[2]

    @cached_property
    def _edited(self) -> tuple[Result[Document], Result[Document] | None]:
        lead, other, _ = self._corrected
        if self._read.proofread or not self._options.notes.edited:
            return lead, other
        return self._edit(lead), self._edit(other) if other else None

    def _edit(self, doc: Result[Document]) -> Result[Document]:
        return self._cache.run(f"edit {doc.value.language}", edit, doc, simplified=engines.simplified)

    @cached_property
    def _parted(self) -> tuple[Source, Result[Document]]:
        source, lead = replace(self._read.source, id=self._id), self._edited[0]
        usual_s = self._options.segment.part_s
        if source.chapters or not needs_parts(lead.value, usual_s):
            return source, lead
        parts = self._cache.run("parts", find_parts, lead, self.encoder, usual_s).value
        if not parts.chapters:
            return source, lead
        return replace(source, chapters=parts.chapters), Result.of(in_parts(lead.value, parts))

    @property
    def source(self) -> Source:
        """The source with its chapters or, in a long talk without any, with the parts found here, unnamed."""
        return self._parted[0]

    @property
    def parted(self) -> bool:
        """Whether the chapters are parts found here."""
        return bool(self.source.chapters) and not self._read.source.chapters

    @property
    def lead(self) -> Result[Document]:
        """The talk's own text, cut at its chapters."""
        return self._parted[1]

    @property
    def other(self) -> Result[Document] | None:
        """The text in the other language, if any was read."""
        return self._edited[1]
