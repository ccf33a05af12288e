"""What a translation is: sentence by sentence, and as a document."""

from __future__ import annotations

from dataclasses import dataclass

from studykit.fingerprint import digest_texts
from studykit.translate import Language, TermStatus, TermUse
from studykit.types import Document, Paragraph, Sentence, Span

__all__ = ["TranslatedSentence", "Translation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedSentence:
    """A sentence and what became of it; ``text`` None where it has no translation."""

    index: int
    source: str
    text: str | None
    cached: bool
    terms: tuple[TermUse, ...]
    joined: int | None = None
    """The sentence whose translation holds this one's, where a caption track runs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A translated document; ``spent`` in the user's currency where the price is known."""

    source: Language
    target: Language
    engine: str
    sentences: tuple[TranslatedSentence, ...]
    paragraphs: tuple[Paragraph, ...]
    spent: float | None = None
    beside: tuple[str, ...] = ()
    """Sentences of captions that stand beside nothing that was said."""

    @property
    def untranslated(self) -> list[TranslatedSentence]:
        """The sentences without a translation."""
        return [sent for sent in self.sentences if sent.text is None and sent.joined is None]

    @property
    def cached(self) -> bool:
        """Whether nothing had to be asked."""
        return all(sent.cached for sent in self.sentences)

    def terms(self, status: TermStatus) -> list[tuple[TranslatedSentence, TermUse]]:
        """The uses of terms with that status."""
        return [(sent, use) for sent in self.sentences for use in sent.terms if use.status == status]

    def document(self) -> Document | None:
        """What is translated, as a document; a paragraph without any translation is left out."""
        texts: list[str] = []
        paragraphs: list[Paragraph] = []
        for para in self.paragraphs:
            start = len(texts)
            texts += [text for i in para.sentences if (text := self.sentences[i].text)]
            if len(texts) > start:
                span = Span(start=start, end=len(texts))
                paragraphs.append(Paragraph(index=len(paragraphs), sentences=span))
        if not texts:
            return None
        return Document(
            id=digest_texts(self.target, texts),
            language=self.target,
            sentences=tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts)),
            paragraphs=tuple(paragraphs),
        )
