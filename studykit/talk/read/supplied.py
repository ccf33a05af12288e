"""Turns study notes made elsewhere into documents, vocabulary items and claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from studykit.faces import Late
from studykit.fingerprint import digest_texts
from studykit.formats import Restored
from studykit.formats.study_notes import ImportedEntry, ImportedParagraph, StudyNotes
from studykit.formats.study_notes.provenance import Provenance
from studykit.options import SegmentOptions
from studykit.types import (
    RESTORED,
    Claim,
    Correction,
    Document,
    Gloss,
    Notes,
    Occurrence,
    Paragraph,
    Segment,
    Sentence,
    Source,
    Span,
    TimeOrigin,
    Transcript,
    VocabularyItem,
)

if TYPE_CHECKING:
    from studykit.segment import BoundaryModel

__all__ = ["ImportedDocuments", "Supplied", "imported_documents", "restorations", "supplied_by"]

segment = Late("studykit.segment", "segment", Document)

_UPOS = {
    "n": "NOUN",
    "v": "VERB",
    "vt": "VERB",
    "vi": "VERB",
    "adj": "ADJ",
    "adv": "ADV",
    "prep": "ADP",
    "conj": "CCONJ",
    "pron": "PRON",
    "num": "NUM",
    "int": "INTJ",
    "interj": "INTJ",
}
_POS_COLUMNS = {"词性", "pos"}
_GAP_WORDS = 8
"""Maximum number of words that dots in a head may stand for: ``throw … out``."""


class Supplied(Struct, frozen=True, kw_only=True):
    """What notes made elsewhere contain: items, claims, and where both texts are known to break."""

    vocabulary: tuple[VocabularyItem, ...] = ()
    claims: tuple[Claim, ...] = ()
    cuts: tuple[tuple[int, int], ...] = ()
    """The ends of their paragraphs in both texts, the last one too: a single paragraph is kept as well."""
    explains: bool = False
    """Whether the notes themselves contain items and claims; otherwise studykit finds them."""

    @classmethod
    def in_notes(cls, notes: Notes) -> Supplied:
        """What stored notes took over from notes made elsewhere."""
        if notes.source.kind != "notes":
            return cls()
        return cls(
            vocabulary=tuple(
                item for item in notes.vocabulary if any(Provenance.of(g.source) for g in item.glosses)
            ),
            claims=tuple(claim for claim in notes.claims if not claim.evidence),
            cuts=tuple((para.english.end, para.chinese.end) for para in notes.paragraphs),
            explains=notes.timing
            != "restored",  # only notes by chapter have restored times, and they explain nothing
        )


class ImportedDocuments(Struct, frozen=True, kw_only=True):
    """The two texts; ``spans`` holds, for each imported paragraph, its sentences in both."""

    english: Document
    chinese: Document | None
    spans: tuple[tuple[Span, Span], ...]


def imported_documents(
    notes: StudyNotes, source: Source, options: SegmentOptions, boundaries: BoundaryModel
) -> ImportedDocuments:
    """Both texts in sentences, with the paragraphs of the notes or, if they have none, our own."""
    drafts: dict[str, tuple[list[Sentence], list[Paragraph]]] = {"en": ([], []), "zh": ([], [])}
    spans: list[tuple[Span, Span]] = []
    for number, part in enumerate(notes.parts):
        chapter = number if source.chapters else None
        for para in part.paragraphs:
            pair = []
            for language, segments in (("en", para.english), ("zh", _chinese(para))):
                sentences, paragraphs = drafts[language]
                start = len(sentences)
                if any(seg.text.strip() for seg in segments):
                    read = _transcript(source.id, language, segments, notes.timing)
                    found = segment(read, options=options, boundaries=boundaries)
                    whole = [Paragraph(index=0, sentences=Span(start=0, end=len(found.sentences)))]
                    for piece in whole if notes.paragraphs_given else found.paragraphs:
                        paragraphs.append(_shifted(piece, len(paragraphs), start, chapter))
                    sentences += [replace(sent, index=start + sent.index) for sent in found.sentences]
                pair.append(Span(start=start, end=len(sentences)))
            spans.append((pair[0], pair[1]))
    english, chinese = (_document(language, *drafts[language]) for language in ("en", "zh"))
    return ImportedDocuments(
        english=english, chinese=chinese if chinese.sentences else None, spans=tuple(spans)
    )


def _chinese(para: ImportedParagraph) -> tuple[Segment, ...]:
    return tuple(Segment(text=line) for line in para.chinese.split("\n") if line.strip())


def _transcript(
    source_id: str, language: str, segments: tuple[Segment, ...], timing: TimeOrigin
) -> Transcript:
    return Transcript(
        source_id=source_id,
        language=language,
        segments=segments,
        engine="notes",
        timing=timing if language == "en" else "none",
    )


def _shifted(para: Paragraph, index: int, by: int, chapter: int | None) -> Paragraph:
    span = Span(start=para.sentences.start + by, end=para.sentences.end + by)
    return Paragraph(index=index, sentences=span, chapter=chapter)


def _document(language: str, sentences: list[Sentence], paragraphs: list[Paragraph]) -> Document:
    return Document(
        id=digest_texts(language, (sent.text for sent in sentences)),
        language=language,
        sentences=tuple(sentences),
        paragraphs=tuple(paragraphs),
    )


def supplied_by(notes: StudyNotes, docs: ImportedDocuments) -> Supplied:
    """The items and claims of the notes, located in their English text."""
    ends = [(english.end, chinese.end) for english, chinese in docs.spans]
    return Supplied(
        vocabulary=tuple(_items(notes.entries, docs)),
        claims=tuple(
            Claim(statement="", statement_zh=claim.statement, evidence=(), score=1.0, part=claim.part)
            for claim in notes.claims
        ),
        cuts=tuple(ends) if docs.chinese else (),
        explains=notes.paragraphs_given,
    )


def restorations(
    notes: StudyNotes, docs: ImportedDocuments, restored: Sequence[Restored]
) -> Iterator[Correction]:
    """The characters of Chinese sentences that had lost bytes."""
    by_offset = {char.at: char for char in restored}
    paragraphs = (para for part in notes.parts for para in part.paragraphs)
    for para, (_, span) in zip(paragraphs, docs.spans, strict=True):
        at = 0
        for i in span if para.chinese_offsets else ():
            assert docs.chinese
            raw = docs.chinese.sentences[i].raw
            at = para.chinese.index(raw, at)
            for k, offset in enumerate(para.chinese_offsets[at : at + len(raw)]):
                if char := by_offset.get(offset):
                    yield Correction(
                        language="zh",
                        sentence=i,
                        span=Span(start=k, end=k + 1),
                        wrong=char.found,
                        right=char.char,
                        rule=RESTORED,
                        confidence=char.confidence,
                    )
            at += len(raw)


def _items(entries: Sequence[ImportedEntry], docs: ImportedDocuments) -> Iterator[VocabularyItem]:
    """One item for each head, with a gloss for every table cell about it."""
    by_head: dict[str, list[ImportedEntry]] = {}
    for entry in entries:
        by_head.setdefault(entry.head.casefold(), []).append(entry)
    for found in by_head.values():
        head = found[0].head
        pos = next((text for e in found for column, text in e.cells if column in _POS_COLUMNS), "")
        yield VocabularyItem(
            head=head,
            kind=found[0].kind,
            lemma=head.lower(),
            upos=_UPOS.get(pos.strip(". ").lower()),
            cefr=None,
            zipf=0.0,
            glosses=tuple(gloss for entry in found for gloss in _glosses(entry)),
            occurrences=tuple(_places(found, docs)),
        )


def _glosses(entry: ImportedEntry) -> Iterator[Gloss]:
    """A gloss for every cell; an entry without cells keeps its place with an empty gloss."""
    for column, text in entry.cells or (("", ""),):
        where = Provenance(table=entry.table, column=column, paragraph=entry.paragraph, part=entry.part)
        language = "en" if re.fullmatch(r"[\x00-\x7f“”‘’…—]+", text) else "zh"
        yield Gloss(text=text, language=language, source=str(where))


def _places(entries: Sequence[ImportedEntry], docs: ImportedDocuments) -> Iterator[Occurrence]:
    """Where a head occurs: once in each paragraph that explains it, or else wherever it is said."""
    pattern = _pattern(entries[0].head)
    sentences = docs.english.sentences
    homes = dict.fromkeys(entry.paragraph for entry in entries if entry.paragraph is not None)
    for home in homes:
        mine = docs.spans[home][0]
        if len(mine):
            found = next(_found(pattern, sentences[mine.start : mine.end]), None)
            yield found or _whole(sentences[mine.start])
    if not homes:
        yield from _found(pattern, sentences)


def _found(pattern: re.Pattern[str] | None, sentences: Sequence[Sentence]) -> Iterator[Occurrence]:
    if pattern:
        for sent in sentences:
            for match in pattern.finditer(sent.text):
                span = Span(start=match.start(), end=match.end())
                yield Occurrence(language="en", sentence=sent.index, span=span)


def _whole(sent: Sentence) -> Occurrence:
    """The whole sentence, for a remark whose words do not occur in it."""
    return Occurrence(language="en", sentence=sent.index, span=Span(start=0, end=len(sent.text)))


def _pattern(head: str) -> re.Pattern[str] | None:
    """A pattern for a head in running text: any of its alternatives, with words in place of dots."""
    bare = re.sub(r"[(（][^(（)）]*[)）]", " ", head)
    forms = []
    for alternative in re.split(r"(?<!\s)\s*/\s*", bare):
        pieces = [
            r"\W+".join(map(re.escape, re.findall(r"[\w'’-]+", piece)))
            for piece in re.split(r"\.{2,}|…+|~", alternative)
        ]
        words = rf"(?:\W+[\w'’-]+){{0,{_GAP_WORDS}}}?\W+".join(piece for piece in pieces if piece)
        if words and re.search("[A-Za-z]", alternative):
            forms.append(words)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE) if forms else None
