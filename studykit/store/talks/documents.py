"""The documents that notes were composed from.

Their sentences are those of the notes. Their paragraphs are not, since composing moves the ends of
paragraphs to the edges of beads. So the paragraphs are stored as segmented, and notes with changed
beads can be composed without the source files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studykit.fingerprint import digest_texts
from studykit.store.sqlite import Database
from studykit.store.talks.rows import insert_rows
from studykit.types import Document, Notes, Paragraph, Span

__all__ = ["read_documents", "write_paragraphs"]


def write_paragraphs(db: Database, talk_id: str, documents: Iterable[Document]) -> None:
    """Replace a talk's paragraphs as segmented. The caller owns the transaction."""
    db.execute("DELETE FROM segmented_paragraphs WHERE talk_id = ?", [talk_id])
    rows = (
        {
            "talk_id": talk_id,
            "language": doc.language,
            "position": para.index,
            "end_sentence": para.sentences.end,
            "chapter": para.chapter,
            "guessed_turn": int(para.guessed_turn),
        }
        for doc in documents
        for para in doc.paragraphs
    )
    insert_rows(db, "segmented_paragraphs", rows)


def read_documents(db: Database, notes: Notes) -> dict[str, Document]:
    """The documents of stored notes by language, the talk's own language first."""
    lead = notes.source.language
    documents = {}
    for language in (lead, "en" if lead == "zh" else "zh"):
        sentences = notes.sentences(language)
        if sentences:
            documents[language] = Document(
                id=digest_texts(language, (sent.text for sent in sentences)),
                language=language,
                sentences=sentences,
                paragraphs=_segmented(db, notes.source.id, language) or tuple(_composed(notes, language)),
            )
    return documents


def _segmented(db: Database, talk_id: str, language: str) -> tuple[Paragraph, ...]:
    rows = db.execute(
        "SELECT position, end_sentence, chapter, guessed_turn FROM segmented_paragraphs"
        " WHERE talk_id = ? AND language = ? ORDER BY position",
        [talk_id, language],
    )
    paragraphs: list[Paragraph] = []
    start = 0
    for position, end, chapter, guessed_turn in rows:
        span = Span(start=start, end=end)
        paragraphs.append(
            Paragraph(index=position, sentences=span, chapter=chapter, guessed_turn=bool(guessed_turn))
        )
        start = end
    return tuple(paragraphs)


def _composed(notes: Notes, language: str) -> Iterator[Paragraph]:
    """The paragraphs of the notes, for notes stored by an older studykit."""
    chapters = notes.source.chapters
    index = chapter = 0
    for part in notes.parts:
        named = [i for i in range(chapter, len(chapters)) if chapters[i].title == part.title]
        if named:
            chapter = named[0]
        for para in notes.paragraphs[part.paragraphs.start : part.paragraphs.end]:
            span = para.span(language)
            if len(span):
                yield Paragraph(index=index, sentences=span, chapter=chapter if named else None)
                index += 1
        chapter += bool(named)
