"""The result of a translation, by sentence and as a document."""

from __future__ import annotations

from msgspec import Struct

from studykit.fingerprint import digest_texts
from studykit.glossary import Glossary
from studykit.languages import counted, join_sentences
from studykit.translate import TermBook, TermStatus, TermUse
from studykit.types import Alignment, Document, Language, Paragraph, Sentence, Span

__all__ = ["TranslatedSentence", "Translation", "from_captions"]

_SHOWN = 10


class TranslatedSentence(Struct, frozen=True, kw_only=True):
    """A sentence and its translation; ``text`` is None if it has none."""

    index: int
    source: str
    text: str | None
    cached: bool
    terms: tuple[TermUse, ...]
    joined: int | None = None
    """The sentence whose translation also covers this one, if captions merge the two."""


class Translation(Struct, frozen=True, kw_only=True):
    """A translated document; ``spent`` is in the user's currency, if the price is known."""

    source: Language
    target: Language
    engine: str
    sentences: tuple[TranslatedSentence, ...]
    paragraphs: tuple[Paragraph, ...]
    spent: float | None = None
    unmatched: tuple[str, ...] = ()
    """Sentences of captions without a counterpart in the talk."""

    @property
    def untranslated(self) -> list[TranslatedSentence]:
        """The sentences without a translation."""
        return [sent for sent in self.sentences if sent.text is None and sent.joined is None]

    @property
    def cached(self) -> bool:
        """Whether everything was translated before."""
        return all(sent.cached for sent in self.sentences)

    def terms(self, status: TermStatus) -> list[tuple[TranslatedSentence, TermUse]]:
        """The uses of terms that have this status."""
        return [(sent, use) for sent in self.sentences for use in sent.terms if use.status == status]

    def warnings(self) -> list[str]:
        """Warnings for the reader: untranslated sentences and missing terms."""
        found = []
        if self.untranslated:
            numbers = ", ".join(str(sent.index + 1) for sent in self.untranslated[:_SHOWN])
            more = " …" if len(self.untranslated) > _SHOWN else ""
            found.append(
                f"no translation for {len(self.untranslated)} of {counted(len(self.sentences), 'sentence')} "
                f"(number {numbers}{more})"
            )
        if missing := self.terms("missing"):
            named = ", ".join(dict.fromkeys(use.en for _, use in missing[:_SHOWN]))
            found.append(f"the translation lacks {counted(len(missing), 'term')}: {named}")
        return found

    def document(self) -> Document | None:
        """The translation as a document; paragraphs without any translation are left out."""
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


def from_captions(
    doc: Document, other: Document, alignment: Alignment, glossary: Glossary, *, kind: str | None
) -> Translation:
    """A talk's own captions in the other language as its translation, sentence by sentence.

    A sentence to which nothing is aligned has no translation. ``kind`` says who made the captions.
    """
    source: Language = "zh" if doc.language == "zh" else "en"
    target: Language = "en" if source == "zh" else "zh"
    book = TermBook(glossary, source, target)
    sentences: list[TranslatedSentence] = []
    unmatched: list[str] = []
    for bead in alignment.beads:
        mine, theirs = (bead.source, bead.target) if source == "en" else (bead.target, bead.source)
        text = join_sentences((other.sentences[j].text for j in theirs), target) or None
        if text and not len(mine):
            unmatched.append(text)
        for i in mine:
            said = doc.sentences[i].text
            first = i == mine.start
            sentences.append(
                TranslatedSentence(
                    index=i,
                    source=said,
                    text=text if first else None,
                    cached=False,
                    terms=book.check(said, text),
                    joined=None if first or text is None else mine.start,
                )
            )
    return Translation(
        source=source,
        target=target,
        engine=f"captions ({kind})" if kind else "captions",
        sentences=tuple(sentences),
        paragraphs=doc.paragraphs,
        unmatched=tuple(unmatched),
    )
