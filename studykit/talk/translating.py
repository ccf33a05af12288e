"""A talk's translation, by its captions or by an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.errors import InputError
from studykit.glossary import Glossary
from studykit.options import Options
from studykit.talk.cache import Cache
from studykit.talk.proofread import Proofread
from studykit.types import Document, Source

if TYPE_CHECKING:
    from studykit.talk.stages.translated import Translation
    from studykit.talk.stages.translation import Estimate

__all__ = ["Translating"]


class Translating:
    """Translates the proofread text of a talk; ``name`` is what messages call the talk."""

    def __init__(
        self, name: str, texts: Proofread, cache: Cache, glossary: Glossary, options: Options
    ) -> None:
        self._name = name
        self._texts = texts
        self._cache = cache
        self._glossary = glossary
        self._options = options

    def estimate(self) -> Estimate:
        """Estimate the cost of a translation; sends nothing. Raises the same errors."""
        from studykit.talk.stages.translation import Estimate, estimate_translation

        if self.captions():
            return Estimate.nothing("captions", len(self._texts.lead.value.sentences))
        return estimate_translation(*self._to_translate())

    def captions(self) -> Document | None:
        """The talk's captions in the other language, if the options ask for them; otherwise None."""
        if self._options.translate.engine != "captions":
            return None
        if self._texts.other is None:
            raise InputError(
                self._name,
                "no captions in the other language",
                hint="Use another engine: openai:MODEL or transformers[:MODEL].",
            )
        return self._texts.other.value

    def by_engine(self) -> Translation:
        """The translation by the engine of the options; raises what it raises."""
        from studykit.talk.stages.translation import translate_document

        self.captions()
        return translate_document(*self._to_translate())

    def _to_translate(self) -> tuple[Document, Source, Cache, Glossary, Options]:
        return self._texts.lead.value, self._texts.source, self._cache, self._glossary, self._options
