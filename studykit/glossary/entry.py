"""What a glossary holds: entries, found by id or by any of their forms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct, to_builtins

from studykit.fingerprint import digest
from studykit.glossary.forms import Spelling, fold, spellings, straighten
from studykit.types import Gloss

__all__ = ["CATEGORIES", "VERDICTS", "Entry", "Glossary", "SpokenClaim"]

CATEGORIES = (
    "data",
    "tokenisation",
    "network",
    "architecture",
    "objective",
    "optimisation",
    "scaling",
    "systems",
    "weights",
    "post-training",
    "rl",
    "inference",
    "psychology",
    "retrieval",
    "agents",
    "evaluation",
    "models",
    "programming",
    "general",
)
"""Parts of the stack, roughly from raw data to the finished product."""


VERDICTS = ("yes", "partly", "no", "open")
"""Whether a speaker's claim holds; ``open`` when it is disputed or cannot be known."""


class SpokenClaim(Struct, frozen=True, kw_only=True):
    """What a speaker claims about a term, in our words, and whether it holds."""

    talk: str
    where: str
    """A time such as ``1:07:42``, or another place in the talk."""
    said: str
    holds: str
    """One of ``VERDICTS``."""
    remark: str | None = None
    """Why it does not hold, or only partly."""


class Entry(Struct, frozen=True, kw_only=True):
    """One term. docs/glossary-format.md says what each field is for."""

    id: str
    english: str
    chinese: str
    category: str
    definition_en: str
    definition_zh: str
    source: str
    """Who wrote the definitions; ``studykit`` for our own words."""
    abbreviation: str | None = None
    aliases: tuple[str, ...] = ()
    chinese_accepted: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    """Those of the forms that are ordinary words as well, and count only in the company of related terms."""
    company: tuple[str, ...] = ()
    """Ids and categories of terms that vouch for an ambiguous form, besides those that are linked."""
    not_in: tuple[str, ...] = ()
    """Phrases in which a form means something else: ``pay attention``."""
    misheard: tuple[str, ...] = ()
    keep_english: bool = False
    """Whether a Chinese text leaves the term in English."""
    demo: str | None = None
    see_also: tuple[str, ...] = ()
    note_en: str | None = None
    note_zh: str | None = None
    """A common misunderstanding put right; in both languages or in none."""
    claims: tuple[SpokenClaim, ...] = ()
    reference: str | None = None
    """The paper to read, such as ``arXiv:2106.09685``."""

    @property
    def english_forms(self) -> tuple[str, ...]:
        """Head, abbreviation and aliases, in this order."""
        abbreviation = (self.abbreviation,) if self.abbreviation else ()
        return (self.english, *abbreviation, *self.aliases)

    @property
    def chinese_forms(self) -> tuple[str, ...]:
        """The preferred form first."""
        return (self.chinese, *self.chinese_accepted)

    @property
    def glosses(self) -> tuple[Gloss, Gloss]:
        """The definitions, English and Chinese."""
        return (
            Gloss(text=self.definition_en, language="en", source=self.source),
            Gloss(text=self.definition_zh, language="zh", source=self.source),
        )


class Glossary:
    """Entries sorted by id. ``load`` makes sure that ids and forms belong to one entry each."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(sorted(entries, key=lambda entry: entry.id))
        self._by_id = {entry.id: entry for entry in self.entries}

    def get(self, entry_id: str) -> Entry | None:
        """The entry of that id."""
        return self._by_id.get(entry_id)

    def look_up(self, text: str) -> Entry | None:
        """The entry that ``text`` is a form of, in either language.

        Spaces, hyphens and a plural may differ as they may in a text. A form in its right case comes
        before one in another case: ``RAG`` finds RAG, and so does ``rag`` unless it is itself a form.
        """
        text = " ".join(text.split())
        written, folded = straighten(text), fold(straighten(text))
        for spelling in (Spelling(written, True), Spelling(folded, False)):
            if spelling in self._by_spelling:
                return self._by_spelling[spelling]
        return self._by_folded.get(folded)

    @cached_property
    def _by_spelling(self) -> dict[Spelling, Entry]:
        return {
            spelling: entry
            for entry in self.entries
            for form in (*entry.english_forms, *entry.chinese_forms)
            for spelling in spellings(form)
        }

    @cached_property
    def _by_folded(self) -> dict[str, Entry]:
        return {fold(spelling.text): entry for spelling, entry in self._by_spelling.items()}

    @cached_property
    def forms_digest(self) -> str:
        """Digest of what matching depends on: ids, forms, links and categories, not definitions."""
        return digest(
            [
                (
                    entry.id,
                    sorted(set(entry.english_forms)),
                    sorted(set(entry.chinese_forms)),
                    sorted(set(entry.ambiguous)),
                    sorted(set(entry.company)),
                    entry.category,
                    sorted(set(entry.not_in)),
                    sorted(set(entry.see_also)),
                )
                for entry in self.entries
            ]
        )

    @cached_property
    def hearing_digest(self) -> str:
        """Digest of what putting mis-heard terms right depends on: all but definitions, notes and claims."""
        return digest(
            self.forms_digest,
            [
                (entry.id, entry.misheard, entry.keep_english, entry.category, entry.see_also)
                for entry in self.entries
            ],
        )

    def entry_digest(self, entry_id: str) -> str:
        """Digest of everything an entry holds; raises ``KeyError`` for an unknown id."""
        return digest(to_builtins(self._by_id[entry_id]))
