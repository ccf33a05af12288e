"""Composing: every sentence in exactly one paragraph, translations under what they translate."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.compose import compose
from studykit.errors import GlossaryError
from studykit.glossary import Entry, Glossary
from studykit.types import (
    Alignment,
    Annotations,
    Bead,
    Chapter,
    Document,
    Notes,
    Occurrence,
    Paragraph,
    Sentence,
    Source,
    TermMatch,
)
from tests.talks import span

NOTHING_FOUND = Annotations()
GLOSSARY = Glossary(
    [
        Entry(
            id="lora",
            english="LoRA",
            chinese="低秩适配",
            category="post-training",
            definition_en="Small updates.",
            definition_zh="小的更新。",
            source="test",
        )
    ]
)


def document(language: str, count: int, ends: Sequence[int], chapters: Sequence[int | None] = ()) -> Document:
    """``count`` sentences in paragraphs that end before the sentences ``ends``."""
    text = "This is one whole sentence of the talk." if language == "en" else "这是讲座里完整的一句话。"
    starts = [0, *ends][: len(ends)]
    return Document(
        id=f"{language}-doc",
        language=language,
        sentences=tuple(
            Sentence(index=i, text=text, raw=text, start_s=i * 4.0, end_s=i * 4.0 + 3.5) for i in range(count)
        ),
        paragraphs=tuple(
            Paragraph(index=i, sentences=span(a, b), chapter=chapters[i] if chapters else None)
            for i, (a, b) in enumerate(zip(starts, ends, strict=True))
        ),
    )


def aligned(*sizes: tuple[int, int], scores: Sequence[float] = ()) -> Alignment:
    """Beads of the given sizes, one after another."""
    beads, i, j = [], 0, 0
    for k, (a, b) in enumerate(sizes):
        score = scores[k] if scores else 0.9
        beads.append(Bead(source=span(i, i + a), target=span(j, j + b), score=score))
        i, j = i + a, j + b
    return Alignment(source_id="en-doc", target_id="zh-doc", beads=tuple(beads), encoder="fake")


def made(
    lead: Document,
    other: Document | None = None,
    alignment: Alignment | None = None,
    annotations: Annotations = NOTHING_FOUND,
    chapters: tuple[Chapter, ...] = (),
) -> Notes:
    source = Source(id="s", kind="captions", language=lead.language, title="t", chapters=chapters)
    return compose(
        source=source,
        timing="captions",
        lead=lead,
        other=other,
        alignment=alignment,
        annotations=annotations,
        glossary=GLOSSARY,
        doubtful_below=0.5,
    )


def test_translations_stand_under_what_they_translate() -> None:
    notes = made(document("en", 5, [2, 5]), document("zh", 4, [4]), aligned((1, 1), (1, 1), (2, 1), (1, 1)))
    assert [(p.english, p.chinese) for p in notes.paragraphs] == [
        (span(0, 2), span(0, 2)),
        (span(2, 5), span(2, 4)),
    ]
    assert notes.paragraphs[1].start_s == 8.0
    assert notes.paragraphs[1].end_s == 19.5


def test_a_paragraph_ends_at_the_nearer_edge_of_a_bead_that_reaches_over() -> None:
    notes = made(document("en", 6, [3, 6]), document("zh", 3, [3]), aligned((2, 1), (3, 1), (1, 1)))
    assert [p.english for p in notes.paragraphs] == [span(0, 2), span(2, 6)]


def test_a_bead_over_everything_makes_one_paragraph() -> None:
    notes = made(document("en", 3, [1, 2, 3]), document("zh", 1, [1]), aligned((3, 1)))
    assert [p.english for p in notes.paragraphs] == [span(0, 3)]


def test_a_short_insertion_stays_with_the_text_before_it() -> None:
    notes = made(document("en", 2, [1, 2]), document("zh", 4, [4]), aligned((1, 1), (0, 1), (0, 1), (1, 1)))
    assert [p.chinese for p in notes.paragraphs] == [span(0, 3), span(3, 4)]


def test_an_insertion_that_opens_a_paragraph_of_the_translation_goes_with_what_follows() -> None:
    lead, alignment = document("en", 2, [1, 2]), aligned((1, 1), (0, 1), (1, 1))
    notes = made(lead, document("zh", 3, [1, 3]), alignment)
    assert [p.chinese for p in notes.paragraphs] == [span(0, 1), span(1, 3)]


def test_a_long_insertion_is_a_paragraph_of_its_own_even_inside_one() -> None:
    notes = made(document("en", 2, [2]), document("zh", 7, [7]), aligned((1, 1), *[(0, 1)] * 5, (1, 1)))
    assert [(p.english, p.chinese) for p in notes.paragraphs] == [
        (span(0, 1), span(0, 1)),
        (span(1, 1), span(1, 6)),
        (span(1, 2), span(6, 7)),
    ]


def test_a_chinese_talk_leads_its_own_paragraphs() -> None:
    notes = made(document("zh", 4, [2, 4]), document("en", 4, [4]), aligned(*[(1, 1)] * 4))
    assert [(p.english, p.chinese) for p in notes.paragraphs] == [(span(0, 2),) * 2, (span(2, 4),) * 2]
    assert len(notes.english) == len(notes.chinese) == 4


def test_without_a_translation_nothing_is_doubtful() -> None:
    notes = made(document("en", 4, [1, 4]))
    assert [(p.english, len(p.chinese), p.score, p.doubtful) for p in notes.paragraphs] == [
        (span(0, 1), 0, None, False),
        (span(1, 4), 0, None, False),
    ]


def test_low_scores_and_missing_translations_are_doubtful() -> None:
    notes = made(
        document("en", 6, [2, 4, 6]),
        document("zh", 4, [4]),
        aligned((1, 1), (1, 1), (1, 0), (1, 0), (1, 1), (1, 1), scores=[0.9, 0.8, 0.9, 0.9, 0.2, 0.3]),
    )
    assert [p.doubtful for p in notes.paragraphs] == [False, True, True]


def test_parts_follow_chapters() -> None:
    chapters = tuple(Chapter(title=title, start_s=i * 8.0) for i, title in enumerate(("one", "two")))
    notes = made(document("en", 4, [1, 2, 4], chapters=[0, 0, 1]), chapters=chapters)
    assert [(part.title, part.paragraphs) for part in notes.parts] == [
        ("one", span(0, 2)),
        ("two", span(2, 3)),
    ]


def test_a_chapter_cuts_a_bead_and_the_translation_goes_with_the_longer_part() -> None:
    chapters = tuple(Chapter(title=title, start_s=i * 8.0) for i, title in enumerate(("one", "two")))
    lead = document("en", 4, [2, 4], chapters=[0, 1])
    notes = made(lead, document("zh", 2, [2]), aligned((3, 1), (1, 1)), chapters=chapters)
    assert [(p.english, p.chinese) for p in notes.paragraphs] == [
        (span(0, 2), span(0, 1)),
        (span(2, 4), span(1, 2)),
    ]
    assert [part.title for part in notes.parts] == ["one", "two"]


def test_what_a_person_locked_as_untranslated_is_no_doubt() -> None:
    lead, other, alignment = document("en", 4, [4]), document("zh", 1, [1]), aligned((1, 1), *[(1, 0)] * 3)
    (para,) = made(lead, other, alignment).paragraphs
    assert para.doubtful
    beads = (alignment.beads[0], *(replace(bead, score=1.0, locked=True) for bead in alignment.beads[1:]))
    (para,) = made(lead, other, replace(alignment, beads=beads)).paragraphs
    assert not para.doubtful
    assert para.score is not None
    assert para.score > 0.9


def test_a_term_is_introduced_where_either_language_mentions_it_first() -> None:
    match = TermMatch(
        entry_id="lora",
        occurrences=(
            Occurrence(language="en", sentence=3, span=span(0, 4)),
            Occurrence(language="zh", sentence=1, span=span(0, 4)),
        ),
    )
    notes = made(
        document("en", 4, [2, 4]), document("zh", 4, [4]), aligned(*[(1, 1)] * 4), Annotations(terms=(match,))
    )
    assert [p.introduces for p in notes.paragraphs] == [("lora",), ()]
    assert notes.terms[0].chinese == "低秩适配"


def test_an_entry_that_the_glossary_lacks() -> None:
    match = TermMatch(entry_id="gone", occurrences=(Occurrence(language="en", sentence=0, span=span(0, 4)),))
    with pytest.raises(GlossaryError, match="gone"):
        made(document("en", 1, [1]), annotations=Annotations(terms=(match,)))


sizes = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda size: size != (0, 0)),
    min_size=1,
    max_size=25,
).filter(lambda beads: any(a for a, _ in beads))


@given(sizes, st.data())
def test_every_sentence_is_in_exactly_one_paragraph(
    beads: list[tuple[int, int]], data: st.DataObject
) -> None:
    english, chinese = sum(a for a, _ in beads), sum(b for _, b in beads)
    inner = data.draw(st.sets(st.integers(1, max(1, english - 1))))
    ends = sorted({end for end in inner if end < english} | {english})
    notes = made(
        document("en", english, ends), document("zh", chinese, [chinese] if chinese else []), aligned(*beads)
    )
    assert [i for p in notes.paragraphs for i in p.english] == list(range(english))
    assert [i for p in notes.paragraphs for i in p.chinese] == list(range(chinese))
    assert [i for part in notes.parts for i in part.paragraphs] == list(range(len(notes.paragraphs)))
    assert all(len(p.english) or len(p.chinese) for p in notes.paragraphs)
    for bead in notes.alignment.beads if notes.alignment else ():
        homes = {p.index for p in notes.paragraphs for i in bead.source if i in p.english}
        homes |= {p.index for p in notes.paragraphs for i in bead.target if i in p.chinese}
        assert len(homes) == 1
