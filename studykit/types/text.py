"""Texts: sentences, paragraphs, documents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from studykit.types.choices import LANGUAGES

__all__ = [
    "DOUBTFUL",
    "DOUBT_MARK",
    "RESTORED",
    "Corrected",
    "Correction",
    "Cue",
    "Document",
    "Paragraph",
    "Sentence",
    "Span",
    "Texts",
    "Token",
]


def check_times(start_s: float | None, end_s: float | None, what: str) -> None:
    if start_s is not None and start_s < 0:
        raise ValueError(f"{what} starts before the recording: {start_s} s")
    if start_s is not None and end_s is not None and end_s < start_s:
        raise ValueError(f"{what} ends before it starts: {start_s} s, {end_s} s")


def check_score(score: float | None, what: str) -> None:
    if score is not None and not 0 <= score <= 1:
        raise ValueError(f"{what} has a score outside 0-1: {score}")


class Span(Struct, frozen=True, kw_only=True):
    """The half-open range ``[start, end)``, of sentences in a document or code points in a text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.end))

    def __contains__(self, index: int) -> bool:
        return self.start <= index < self.end


class Token(Struct, frozen=True, kw_only=True):
    """A word or punctuation mark of an English text, tagged; ``[start, end)`` are code points."""

    text: str
    start: int
    end: int
    lemma: str
    upos: str
    """Universal part of speech: ``NOUN``, ``VERB`` …"""
    tag: str
    """Penn Treebank tag: ``NNS``, ``VBD`` …"""
    dep: str
    """Dependency relation to its head (ClearNLP labels: ``nsubj``, ``prt`` …); the root is its own head."""
    head: int
    """Index of its head among the text's tokens."""
    entity: str | None
    """Type of the named entity that it is part of (OntoNotes 5: ``ORG``, ``PERSON`` …)."""


RESTORED = "restored"
"""The rule of corrections that restore bytes which a file had lost."""

DOUBTFUL = 0.7
"""Restored characters below this confidence are marked; they include 9 of 10 wrong ones."""

DOUBT_MARK = "〔？〕"
"""Follows a doubtful character wherever a reader sees it."""


class Correction(Struct, frozen=True, kw_only=True):
    """A corrected mis-heard term. Undoing all corrections restores the text as read."""

    language: str
    """``en`` or ``zh``: the text that ``sentence`` is an index of."""
    sentence: int
    span: Span
    """Code points in the sentence's raw text."""
    wrong: str
    right: str
    rule: str
    confidence: float

    def __post_init__(self) -> None:
        check_score(self.confidence, f"correction {self.wrong!r}")


class Sentence(Struct, frozen=True, kw_only=True):
    """One sentence. ``raw`` holds the words as read, ``text`` the text to show."""

    index: int
    text: str
    raw: str
    start_s: float | None = None
    end_s: float | None = None
    slack_s: float = 0.0
    speaker: str | None = None
    doubtful: bool = False
    """Whether a recogniser was so unsure of it that it is likely wrong."""

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, f"sentence {self.index}")


class Paragraph(Struct, frozen=True, kw_only=True):
    """Sentences that belong together, never empty, within one chapter and one speaker's turn."""

    index: int
    sentences: Span
    chapter: int | None = None
    """Index into the source's chapters."""
    guessed_turn: bool = False
    """Whether another speaker seems to begin it; guessed, where nothing says who speaks."""

    def __post_init__(self) -> None:
        if not len(self.sentences):
            raise ValueError(f"paragraph {self.index} has no sentence")


class Document(Struct, frozen=True, kw_only=True):
    """A text in sentences and paragraphs.

    The paragraphs' spans cover the sentences in order; the joined raw texts of the sentences equal the
    transcript's words, except for white space.
    """

    id: str
    """Digest of language and sentences."""
    language: str
    sentences: tuple[Sentence, ...]
    paragraphs: tuple[Paragraph, ...]

    def __post_init__(self) -> None:
        if any(sent.index != i for i, sent in enumerate(self.sentences)):
            raise ValueError("sentences are not numbered 0, 1, 2 …")
        at = 0
        for i, para in enumerate(self.paragraphs):
            if para.index != i or para.sentences.start != at:
                raise ValueError(f"paragraph {para.index} does not follow the one before")
            at = para.sentences.end
        if at != len(self.sentences):
            raise ValueError(f"paragraphs cover {at} of {len(self.sentences)} sentences")

    def paragraph_of(self, sentence: int) -> int:
        """Index of the paragraph that contains a sentence; raises ``ValueError`` for an invalid index."""
        if not 0 <= sentence < len(self.sentences):
            raise ValueError(f"no sentence {sentence} among {len(self.sentences)}")
        return bisect_right(self.paragraphs, sentence, key=lambda para: para.sentences.end)


class Corrected(Struct, frozen=True, kw_only=True):
    """A document with the corrections made in it, and those that are only proposed."""

    document: Document
    corrections: tuple[Correction, ...]
    proposals: tuple[Correction, ...]


class Texts(Struct, frozen=True, kw_only=True):
    """A talk's two texts: ``lead`` in the spoken language, ``other`` its translation, if any."""

    lead: Document
    other: Document | None = None

    def __post_init__(self) -> None:
        for doc in self:
            if doc.language not in LANGUAGES:
                raise ValueError(f"neither English nor Chinese: {doc.language}")
        if self.other and self.other.language == self.lead.language:
            raise ValueError(f"both texts are in {self.lead.language}")

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Texts:
        """Texts from one or two documents, the talk's own first; raises ``ValueError`` for another number."""
        lead, *others = documents
        if len(others) > 1:
            raise ValueError(f"a talk has two texts, not {1 + len(others)}")
        return cls(lead=lead, other=others[0] if others else None)

    def __iter__(self) -> Iterator[Document]:
        """The existing texts, the talk's own first."""
        return iter((self.lead, self.other) if self.other else (self.lead,))

    @property
    def by_language(self) -> dict[str, Document]:
        """The existing texts by language, the talk's own first."""
        return {doc.language: doc for doc in self}

    @property
    def english(self) -> Document | None:
        """The English text, whichever language leads."""
        return self.by_language.get("en")

    @property
    def chinese(self) -> Document | None:
        """The Chinese text, whichever language leads."""
        return self.by_language.get("zh")


class Cue(Struct, frozen=True, kw_only=True):
    """One displayed subtitle; exists only while subtitles are written."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        check_times(self.start_s, self.end_s, "cue")
