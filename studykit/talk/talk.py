"""A talk and everything computed from it, each on first use, and then kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from studykit import engines
from studykit.errors import InputError
from studykit.glossary import Glossary
from studykit.ingest.names import is_untitled
from studykit.options import Options
from studykit.store import Lock, known_keys, locks_of
from studykit.talk import stages
from studykit.talk.assisting import AssistEstimate, Assisting
from studykit.talk.cache import Cache, Result, keyed
from studykit.talk.proofread import Proofread
from studykit.talk.read.base import ReadTalk
from studykit.talk.review.placing import Placed, as_read, place
from studykit.talk.stages.printed import ecdict, printed
from studykit.talk.tested import tested
from studykit.talk.translating import Translating
from studykit.types import (
    Alignment,
    Annotations,
    Assistance,
    Claim,
    Correction,
    Document,
    Finding,
    Notes,
    Slip,
    Source,
    StudyItem,
    TermMatch,
    Texts,
)

if TYPE_CHECKING:
    from studykit.talk.stages.translated import Translation
    from studykit.talk.stages.translation import Estimate

__all__ = ["Talk"]

_Texts = tuple[Result[Document], Result[Document] | None]
"""The talk's own text and its translation."""


class Talk:
    """One talk, whatever its source; made by ``open_talk``.

    ``known`` holds the keys of words that the learner knows; ``locks``, if given, replace the locked pairs
    in the store.
    """

    def __init__(
        self,
        read: ReadTalk,
        *,
        id: str,
        cache: Cache,
        glossary: Glossary,
        options: Options,
        translating: bool = False,
        known: frozenset[str] = frozenset(),
        locks: tuple[Lock, ...] | None = None,
    ) -> None:
        self.id = id
        self.read = read
        self.cache = replace(cache, source_id=read.digest)
        self.glossary = glossary
        self.options = options
        self.translating = translating and not read.other
        self._known = known
        self._locks = locks
        self._tagger = engines.tagger()  # one, since it remembers what it read
        self._proofread = Proofread(read, id=id, cache=self.cache, glossary=glossary, options=options)
        self.warnings: list[str] = list(read.warnings)
        self.spent: float | None = None
        """What engines cost in this run, in the user's currency; None without prices."""

    @property
    def name(self) -> str:
        """What messages call it: the path or link that it was read from, or a stored talk's title."""
        return self.read.source.title if self.read.talk_id else self.read.origin

    def with_locks(self, locks: Sequence[Lock]) -> Talk:
        """The same talk, aligned around ``locks`` (oldest first) instead of those in the store."""
        return Talk(
            self.read,
            id=self.id,
            cache=self.cache,
            glossary=self.glossary,
            options=self.options,
            translating=self.translating,
            known=self._known,
            locks=tuple(locks),
        )

    @cached_property
    def _translated(self) -> _Texts:
        lead, other = self._proofread.lead, self._proofread.other
        if other or not self.translating:
            return lead, other
        made = self._translating.by_engine()
        self.spent = made.spent
        self.warnings += [f"{self.name}: {warning}" for warning in made.warnings()]
        document = made.document()
        return lead, Result.of(document) if document else None

    @property
    def as_cut(self) -> Texts:
        """Both texts in sentences as they were read, neither corrected nor edited."""
        return Texts(lead=self.read.lead.value, other=self.read.other.value if self.read.other else None)

    @cached_property
    def texts(self) -> Texts:
        """Both texts as notes show them: corrected, edited and, if wanted, translated."""
        lead, other = self._translated
        return Texts(lead=lead.value, other=other.value if other else None)

    @cached_property
    def source(self) -> Source:
        """The talk's metadata: title, language, chapters."""
        source = self._proofread.source
        lead, other = self._translated
        parted, untitled = self._proofread.parted, is_untitled(source, stated=self.options.ingest.title)
        if parted or untitled:
            naming = ("headings", stages.with_headings, source, lead, other, self._aligned, self._tagger)
            source = self.cache.run(*naming, parts=parted, title=untitled).value
        return replace(source, translation="translated") if other and self.translating else source

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The corrections made in the texts."""
        return self._proofread.corrections

    # Alignment

    @property
    def locks(self) -> tuple[Lock, ...]:
        """The pairs that a person has locked, oldest first."""
        if self._locks is not None:
            return self._locks
        return tuple(locks_of(self.cache.store, self.id))

    @cached_property
    def _placed(self) -> Placed:
        texts = self.texts
        if not texts.other or not self.locks:
            return Placed(beads=(), lost=())
        sides = (as_read(doc.sentences, doc.language) for doc in (texts.english, texts.chinese) if doc)
        return place(self.locks, *sides)

    @property
    def lost_locks(self) -> tuple[Lock, ...]:
        """The locks whose sentences are not in the text."""
        return self._placed.lost

    @cached_property
    def _aligned(self) -> Result[Alignment] | None:
        lead, other = self._translated
        if other is None:
            return None
        if self.read.alignment and self._locks is None:
            return Result.of(self.read.alignment)
        english, chinese = (lead, other) if lead.value.language == "en" else (other, lead)
        return self.cache.run(
            "align",
            stages.align,
            english,
            chinese,
            encoder=self._proofread.encoder,
            options=self.options.align,
            locked=tuple(bead for bead, _ in self._placed.beads),
            cuts=self.read.supplied.cuts,
        )

    @property
    def alignment(self) -> Alignment | None:
        """Which sentences translate which; None for a talk in one language."""
        return self._aligned.value if self._aligned else None

    # What is found in them

    @cached_property
    def _terms(self) -> Result[tuple[TermMatch, ...]]:
        glossary = keyed(self.glossary, self.glossary.forms_digest)
        return self.cache.run("terms", stages.terms_of, *self._translated, self._aligned, glossary)

    @cached_property
    def _study_items(self) -> Result[tuple[StudyItem, ...]]:
        return self.cache.run(
            "vocabulary",
            stages.study_items,
            *self._translated,
            self._aligned,
            self._terms,
            keyed(self.glossary, self.glossary.forms_digest),
            self._tagger,
            self._proofread.encoder,
            known_keys(self.cache.store) | self._known,
            ecdict(self.options.vocabulary.ecdict),
            replace(self.options.vocabulary, known=(), ecdict=None),
        )

    @cached_property
    def _claims(self) -> Result[tuple[Claim, ...]]:
        return self.cache.run("claims", stages.claims_of_parts, *self._for_claims)

    @property
    def _for_claims(self) -> tuple[object, ...]:
        return (*self._translated, self._aligned, self._terms, self._proofread.encoder, self._tagger)

    @property
    def study_items(self) -> tuple[StudyItem, ...]:
        """Everything that a learner should study, best first. Raises ``InputError`` without English."""
        if self.texts.english is None:
            raise InputError(self.name, "has no English to study", hint="Add it with --translation FILE.")
        return self._study_items.value

    def best_claims(self, count: int) -> tuple[Claim, ...]:
        """Up to ``count`` claims of the whole talk, best first."""
        found = self.cache.run("best claims", stages.best_claims, *self._for_claims, count).value
        return tested(found, self.read.source.language, self.cache)

    @cached_property
    def annotations(self) -> Annotations:
        """Terms, vocabulary and claims, as found or as given by notes made elsewhere."""
        terms = self._terms.value
        supplied = self.read.supplied
        vocabulary = supplied.vocabulary if supplied.explains else printed(self._study_items.value)
        claims = supplied.claims if supplied.explains else self._claims.value
        claims = tested(claims, self.read.source.language, self.cache)
        return Annotations(terms=terms, vocabulary=vocabulary, claims=claims)

    # Notes

    @cached_property
    def bare_notes(self) -> Notes:
        """Notes with the texts, their alignment and terms, but without vocabulary and claims."""
        return self._composed(Annotations(terms=self._terms.value)).value

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Where the Chinese may not say what the English says.

        Raises ``InputError`` for a talk in one language, and for texts of two different talks.
        """
        if self.alignment is None:
            raise InputError(
                self.read.source.title, "is in one language only, so there is nothing to compare",
                hint="Add the other language with --translation FILE.",
            )  # fmt: skip
        from studykit.check import require_same_talk

        require_same_talk(self.bare_notes, self.read.source.title)
        return self._check(self.bare_notes)

    @cached_property
    def notes(self) -> Notes:
        """The complete notes, including findings about the Chinese."""
        notes = self._composed(self.annotations).value
        found = self._check(notes) if notes.alignment else ()
        return replace(notes, findings=found, assistance=self._assistance(notes))

    def _check(self, notes: Notes) -> tuple[Finding, ...]:
        # Vocabulary and claims do not affect the comparison of the two texts.
        compared = replace(notes, vocabulary=(), claims=())
        glossary = keyed(self.glossary, self.glossary.forms_digest)
        return self.cache.run("check", stages.check, compared, glossary, self._slips).value

    @cached_property
    def _slips(self) -> Result[tuple[Slip, ...]]:
        lead, other = self._translated
        assert other
        english, chinese = (lead, other) if lead.value.language == "en" else (other, lead)
        return self.cache.run(
            "slips",
            stages.slips_of,
            english,
            chinese,
            self._proofread.encoder,
            self.options.align,
            tuple(bead for bead, _ in self._placed.beads),
            self.read.supplied.cuts,
        )

    def _composed(self, annotations: Annotations) -> Result[Notes]:
        lead, other = self._translated
        shown = [self.glossary.entry_digest(match.entry_id) for match in annotations.terms]
        return self.cache.run(
            "compose",
            stages.compose,
            source=self.source,
            timing=self.read.timing,
            lead=lead,
            other=other,
            alignment=self._aligned,
            annotations=annotations,
            corrections=self.corrections,
            glossary=keyed(self.glossary, shown),
            cuts=self.read.supplied.cuts,
            doubtful_below=self.options.notes.doubtful_below,
        )

    # What engines write

    @cached_property
    def _translating(self) -> Translating:
        return Translating(self.name, self._proofread, self.cache, self.glossary, self.options)

    def estimate(self) -> Estimate:
        """Estimate the cost of ``translate``; sends nothing. Raises the same errors."""
        return self._translating.estimate()

    def translate(self) -> Translation:
        """The talk in the other language, from its captions or by the engine set in the options.

        Raises ``InputError`` if there are no captions to use, and what the engine raises.
        """
        other = self._translating.captions()
        if other is None:
            return self._translating.by_engine()
        from studykit.talk.stages.translated import from_captions

        lead, alignment = self._proofread.lead.value, self.alignment
        assert alignment
        return from_captions(lead, other, alignment, self.glossary, kind=self.read.source.translation)

    @cached_property
    def _assisting(self) -> Assisting:
        return Assisting(self.cache, self.glossary, self.options, self._tagger)

    def estimate_assistance(self) -> tuple[AssistEstimate, ...]:
        """What a language model would cost, by feature; sends nothing. Raises ``ConfigError``."""
        return self._assisting.estimate(self._composed(self.annotations).value)

    def _assistance(self, notes: Notes) -> Assistance | None:
        """What the language model of the options writes about the talk; None without one."""
        if not self.options.assist.asks:
            return None
        made = self._assisting.assistance(notes)
        self.warnings += [f"{self.name}: {warning}" for warning in self._assisting.warnings]
        if self._assisting.spent is not None:
            self.spent = (self.spent or 0.0) + self._assisting.spent
        return made
