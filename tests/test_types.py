"""The types answer what is asked of a talk: where a sentence stands, what is aligned to it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from studykit import types
from studykit.types import Document, Notes, Occurrence, Paragraph, Sentence, Term, Texts
from tests import strategies
from tests.talks import SMALL_TALK, span


def document(language: str, *ends: int) -> Document:
    """Sentences in paragraphs that end before the sentences ``ends``."""
    return Document(
        id=language,
        language=language,
        sentences=tuple(Sentence(index=i, text=f"{i}.", raw=f"{i}.") for i in range(ends[-1])),
        paragraphs=tuple(
            Paragraph(index=i, sentences=span(a, b))
            for i, (a, b) in enumerate(zip((0, *ends), ends, strict=False))
        ),
    )


ENGLISH, CHINESE = document("en", 2, 3), document("zh", 1)


def test_every_type_is_named_once_and_can_be_imported() -> None:
    assert len(set(types.__all__)) == len(types.__all__)
    assert all(hasattr(types, name) for name in types.__all__)


def test_texts_are_named_by_role_and_by_language() -> None:
    talk = Texts.of([CHINESE, ENGLISH])
    assert (talk.lead, talk.other) == (CHINESE, ENGLISH)
    assert (talk.english, talk.chinese) == (ENGLISH, CHINESE)
    assert list(talk.by_language) == ["zh", "en"]
    alone = Texts.of([ENGLISH])
    assert (alone.other, alone.chinese, list(alone)) == (None, None, [ENGLISH])
    assert msgspec.json.decode(msgspec.json.encode(talk), type=Texts) == talk


@pytest.mark.parametrize(
    "documents", [[], [ENGLISH, ENGLISH], [ENGLISH, CHINESE, CHINESE], [document("fr", 1)]]
)
def test_a_talk_has_one_text_or_two_in_different_languages(documents: list[Document]) -> None:
    with pytest.raises(ValueError, match=r"text|unpack|neither"):
        Texts.of(documents)


def test_a_document_knows_the_paragraph_of_a_sentence() -> None:
    assert [ENGLISH.paragraph_of(i) for i in range(3)] == [0, 0, 1]
    with pytest.raises(ValueError, match="no sentence 3"):
        ENGLISH.paragraph_of(3)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.notes())
def test_notes_know_where_every_sentence_stands_and_what_is_aligned_to_it(notes: Notes) -> None:
    for language in types.LANGUAGES:
        for sent in notes.sentences(language):
            (home,) = [para.index for para in notes.paragraphs if sent.index in para.span(language)]
            assert notes.paragraph_of(language, sent.index) == home
            assert notes.paragraphs_of(language)(sent.index) == home
            beside = (
                [bead for bead in notes.alignment.beads if sent.index in bead.side(language)]
                if notes.alignment
                else []
            )
            (other,) = {"en", "zh"} - {language}
            assert list(notes.counterparts(language, sent.index)) == [
                i for bead in beside for i in bead.side(other)
            ]
        with pytest.raises(ValueError, match="in no paragraph"):
            notes.paragraph_of(language, len(notes.sentences(language)))
        with pytest.raises(ValueError, match="no paragraph"):
            notes.paragraphs_of(language)(len(notes.sentences(language)))
    pairs = list(notes.pairs())
    assert [i for english, _ in pairs for i in english] == list(range(len(notes.english)))
    assert [i for _, chinese in pairs for i in chinese] == list(range(len(notes.chinese)))


def test_nothing_is_aligned_to_a_sentence_without_an_alignment() -> None:
    alone = replace(SMALL_TALK, alignment=None)
    assert not len(alone.counterparts("en", 0))
    assert next(alone.pairs()) == (span(0, 1), span(0, 0))


def test_a_term_is_first_mentioned_in_the_first_paragraph_and_there_in_the_language_of_the_talk() -> None:
    def term(name: str, *places: tuple[str, int, int]) -> Term:
        occurrences = tuple(
            Occurrence(language=language, sentence=i, span=span(at, at + 1)) for language, i, at in places
        )
        return replace(SMALL_TALK.terms[0], entry_id=name, occurrences=occurrences)

    notes = replace(
        SMALL_TALK,
        terms=(
            term("later", ("en", 2, 0), ("zh", 2, 0)),
            term("translated-first", ("en", 2, 3), ("zh", 0, 0)),
            term("said", ("zh", 0, 0), ("en", 1, 5), ("en", 1, 2)),
            term("never"),
        ),
    )
    firsts = notes.first_mentions()
    assert list(firsts) == ["said", "translated-first", "later"]
    assert [(at.language, at.sentence, at.span.start) for at in firsts.values()] == [
        ("en", 1, 2),
        ("zh", 0, 0),
        ("en", 2, 0),
    ]
