"""Two aligned texts, and everything about one talk: its notes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from msgspec import Struct

from studykit.types.assistance import Assistance
from studykit.types.source import Source, TimeOrigin
from studykit.types.study import Claim, Finding, Occurrence, Term, VocabularyItem
from studykit.types.text import Correction, Sentence, Span, check_score

__all__ = [
    "Alignment",
    "Bead",
    "Notes",
    "NotesParagraph",
    "Part",
]


class Bead(Struct, frozen=True, kw_only=True):
    """Source sentences and the target sentences that translate them; one side may be empty."""

    source: Span
    target: Span
    score: float
    """Confidence, 0-1, that exactly these sentences belong together (or have no counterpart)."""
    locked: bool = False
    """Set by a person, and kept by later runs."""

    def __post_init__(self) -> None:
        check_score(self.score, "bead")
        if not len(self.source) and not len(self.target):
            raise ValueError("a bead with two empty sides")

    def side(self, language: str) -> Span:
        """Its sentences in English (the source side) or Chinese."""
        return self.target if language == "zh" else self.source

    @property
    def kind(self) -> str:
        """Sizes of the sides, such as ``1-2`` or ``0-1``."""
        return f"{len(self.source)}-{len(self.target)}"


class Alignment(Struct, frozen=True, kw_only=True):
    """Beads in order, covering every sentence of both documents exactly once."""

    source_id: str
    target_id: str
    beads: tuple[Bead, ...]
    encoder: str
    options: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        source = target = 0
        for bead in self.beads:
            if bead.source.start != source or bead.target.start != target:
                raise ValueError(f"bead {bead} does not follow the one before")
            source, target = bead.source.end, bead.target.end

    def counterparts(self, language: str, sentence: int) -> Span:
        """The sentences of the other language in the bead that contains a sentence of ``language``.

        Empty if nothing is aligned to it; raises ``IndexError`` for a sentence that is in no bead.
        """
        at = bisect_right(self.beads, sentence, key=lambda bead: bead.side(language).end)
        return self.beads[at].side(_other(language))


class Part(Struct, frozen=True, kw_only=True):
    """A titled run of paragraphs."""

    index: int
    title: str | None
    paragraphs: Span
    translation: str | None = None
    """The title in the other language, if studykit made both."""


class NotesParagraph(Struct, frozen=True, kw_only=True):
    """One numbered paragraph of the notes: its sentences in both languages."""

    index: int
    english: Span
    chinese: Span
    start_s: float | None = None
    end_s: float | None = None
    slack_s: float = 0.0
    speaker: str | None = None
    guessed_turn: bool = False
    """Whether another speaker seems to begin it; guessed, where nothing says who speaks."""
    score: float | None = None
    """The lowest score of its beads, None when nothing was aligned."""
    doubtful: bool = False
    introduces: tuple[str, ...] = ()
    """Entry ids of the terms first mentioned here."""

    def span(self, language: str) -> Span:
        """Its sentences in ``en`` or ``zh``."""
        return self.chinese if language == "zh" else self.english


class Notes(Struct, frozen=True, kw_only=True):
    """Everything about one talk; every span and occurrence refers to its sentences."""

    source: Source
    timing: TimeOrigin
    english: tuple[Sentence, ...]
    chinese: tuple[Sentence, ...]
    """Each is empty if the talk has no text in that language."""
    alignment: Alignment | None
    parts: tuple[Part, ...]
    paragraphs: tuple[NotesParagraph, ...]
    terms: tuple[Term, ...] = ()
    vocabulary: tuple[VocabularyItem, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    corrections: tuple[Correction, ...] = ()
    assistance: Assistance | None = None
    """What a language model wrote, if one was asked."""

    def __post_init__(self) -> None:
        sentences = self.sentences(self.source.language)
        quotes = [quote for claim in self.claims for quote in claim.evidence]
        if self.assistance:
            quotes += [quote for said in self.assistance.statements for quote in said.evidence]
        for evidence in quotes:
            at = evidence.span
            if evidence.sentence >= len(sentences) or not evidence.quote.strip():
                raise ValueError(f"a quote from a sentence that does not exist: {evidence.quote!r}")
            if sentences[evidence.sentence].raw[at.start : at.end] != evidence.quote:
                raise ValueError(f"a quote that is not in sentence {evidence.sentence}: {evidence.quote!r}")

    def sentences(self, language: str) -> tuple[Sentence, ...]:
        """The sentences in ``en`` or ``zh``."""
        return self.chinese if language == "zh" else self.english

    @property
    def glossed(self) -> tuple[VocabularyItem, ...]:
        """The vocabulary that is explained; the rest is listed as words for which no Chinese was found."""
        return tuple(item for item in self.vocabulary if item.glosses)

    def paragraph_of(self, language: str, sentence: int) -> int:
        """Index of the paragraph that contains a sentence; raises ``ValueError`` if there is none."""
        at = bisect_right(self.paragraphs, sentence, key=lambda para: para.span(language).end)
        if at == len(self.paragraphs) or sentence not in self.paragraphs[at].span(language):
            raise ValueError(f"sentence {sentence} ({language}) is in no paragraph")
        return at

    def paragraphs_of(self, language: str) -> Callable[[int], int]:
        """``paragraph_of`` for many sentences of one language."""
        places = {sentence: at for at, para in enumerate(self.paragraphs) for sentence in para.span(language)}

        def find(sentence: int) -> int:
            if sentence not in places:
                raise ValueError(f"sentence {sentence} ({language}) is in no paragraph")
            return places[sentence]

        return find

    def counterparts(self, language: str, sentence: int) -> Span:
        """The sentences of the other language aligned to a sentence; empty without an alignment."""
        if self.alignment is None:
            return Span(start=0, end=0)
        return self.alignment.counterparts(language, sentence)

    def pairs(self) -> Iterator[tuple[Span, Span]]:
        """Aligned sentences as (English, Chinese) spans; without an alignment, single sentences."""
        if self.alignment:
            yield from ((bead.source, bead.target) for bead in self.alignment.beads)
            return
        nothing = Span(start=0, end=0)
        yield from ((Span(start=i, end=i + 1), nothing) for i in range(len(self.english)))
        yield from ((nothing, Span(start=i, end=i + 1)) for i in range(len(self.chinese)))

    def first_mentions(self) -> dict[str, Occurrence]:
        """Where each term is first mentioned, by entry id, in the order of the notes.

        Within a paragraph, the talk's own language comes before the other.
        """
        paragraph_of = {language: self.paragraphs_of(language) for language in ("en", "zh")}

        def place(at: Occurrence) -> tuple[int, bool, int, int]:
            paragraph = paragraph_of[at.language](at.sentence)
            return (paragraph, at.language != self.source.language, at.sentence, at.span.start)

        firsts = {term.entry_id: min(term.occurrences, key=place) for term in self.terms if term.occurrences}
        return dict(sorted(firsts.items(), key=lambda first: (place(first[1]), first[0])))


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"
