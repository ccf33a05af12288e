"""Random but valid data, for property tests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from studykit.types import (
    Alignment,
    Assistance,
    Backed,
    Bead,
    Bilingual,
    Chapter,
    Claim,
    Correction,
    Dropped,
    Finding,
    Gloss,
    Misreading,
    Notes,
    NotesParagraph,
    Occurrence,
    Part,
    Question,
    Quote,
    Sentence,
    Source,
    Span,
    Term,
    Veto,
    VocabularyItem,
    WrittenClaim,
    WrittenItem,
    WrittenPart,
)

T = TypeVar("T")

# SQLite holds any text but lone surrogates; NUL would end a string for other programs.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
scores = st.floats(0, 1)
seconds = st.floats(0, 20_000)
glosses = st.lists(
    st.builds(Gloss, text=texts, language=st.sampled_from(["en", "zh"]), source=names), max_size=2
)


@st.composite
def spans(draw: st.DrawFn, longest: int) -> Span:
    start = draw(st.integers(0, longest))
    return Span(start=start, end=draw(st.integers(start, longest)))


@st.composite
def sentences(draw: st.DrawFn, count: int) -> tuple[Sentence, ...]:
    made = []
    for i in range(count):
        start_s, end_s = draw(st.one_of(st.just((None, None)), st.tuples(seconds, seconds).map(sorted)))
        speaker = draw(st.none() | names)
        made.append(
            Sentence(
                index=i,
                text=draw(texts),
                raw=draw(texts),
                start_s=start_s,
                end_s=end_s,
                slack_s=draw(seconds),
                speaker=speaker,
                doubtful=draw(st.booleans()),
            )
        )
    return tuple(made)


@st.composite
def _quotes(draw: st.DrawFn, sent: Sentence) -> Quote:
    """A piece of a sentence as read."""
    start = draw(st.integers(0, len(sent.raw) - 1))
    end = draw(st.integers(start + 1, len(sent.raw)))
    quote = sent.raw[start:end]
    assume(quote.strip())
    return Quote(sentence=sent.index, span=Span(start=start, end=end), quote=quote)


@st.composite
def partitions(draw: st.DrawFn, count: int, pieces: int) -> list[Span]:
    """``count`` things in order shared out over ``pieces`` spans, some perhaps empty."""
    cuts = sorted(draw(st.lists(st.integers(0, count), min_size=pieces - 1, max_size=pieces - 1)))
    edges = [0, *cuts, count]
    return [Span(start=a, end=b) for a, b in pairwise(edges)]


def _occurrence(english: int, chinese: int) -> st.SearchStrategy[Occurrence]:
    return st.one_of(
        *(
            st.builds(Occurrence, language=st.just(language), sentence=st.integers(0, n - 1), span=spans(40))
            for language, n in (("en", english), ("zh", chinese))
            if n
        )
    )


def _occurrences(english: int, chinese: int) -> st.SearchStrategy[tuple[Occurrence, ...]]:
    return st.lists(_occurrence(english, chinese), max_size=3).map(tuple)


def _some(one: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(one, max_size=2).map(tuple)


def assistance(
    spoken: Sequence[Sentence], at: st.SearchStrategy[Occurrence]
) -> st.SearchStrategy[Assistance]:
    """What a model may write about sentences ``spoken``, of which there is one at least, at places ``at``."""
    both = st.builds(Bilingual, english=texts, chinese=texts)
    quotes = st.lists(st.sampled_from(spoken).flatmap(_quotes), min_size=1, max_size=2)
    said = st.builds(Backed, english=names, chinese=names, evidence=quotes.map(tuple))
    first = st.just(0)
    return st.builds(
        Assistance,
        model=names,
        written_on=st.dates().map(str),
        title=st.none() | both,
        line=st.none() | said,
        summary=_some(said),
        parts=_some(st.builds(WrittenPart, part=first, heading=st.none() | both, summary=_some(said))),
        claims=_some(st.builds(WrittenClaim, statement=said, points=_some(said))),
        items=_some(st.builds(WrittenItem, head=names, gloss=texts, occurrence=at)),
        vetoes=_some(st.builds(Veto, head=names, why=texts)),
        misread=_some(st.builds(Misreading, head=names, literal=texts, meant=texts, occurrence=at)),
        questions=_some(st.builds(Question, part=first, question=both, answer=said)),
        dropped=_some(st.builds(Dropped, reason=names, count=st.integers(1, 99))),
    )


@st.composite
def notes(draw: st.DrawFn) -> Notes:
    """Notes of a talk with every kind of content."""
    english, chinese = draw(st.integers(1, 6)), draw(st.integers(0, 6))
    count = draw(st.integers(1, 4))
    english_spans, chinese_spans = draw(partitions(english, count)), draw(partitions(chinese, count))
    paragraphs = tuple(
        NotesParagraph(
            index=i,
            english=english_spans[i],
            chinese=chinese_spans[i],
            start_s=draw(st.none() | seconds),
            end_s=draw(st.none() | seconds),
            slack_s=draw(seconds),
            speaker=draw(st.none() | names),
            guessed_turn=draw(st.booleans()),
            score=draw(st.none() | scores),
            doubtful=draw(st.booleans()),
            introduces=tuple(draw(st.lists(names, max_size=2))),
        )
        for i in range(count)
    )
    beads = tuple(
        Bead(source=a, target=b, score=draw(scores), locked=draw(st.booleans()))
        for a, b in zip(english_spans, chinese_spans, strict=True)
        if len(a) or len(b)
    )
    aligned = Alignment(source_id="s", target_id="t", beads=beads, encoder=draw(names), options=(("a", "1"),))
    where = _occurrences(english, chinese)
    terms = draw(
        st.lists(
            st.builds(
                Term,
                entry_id=names,
                english=names,
                abbreviation=st.none() | names,
                chinese=names,
                category=names,
                glosses=glosses.map(tuple),
                demo=st.none() | names,
                occurrences=where,
            ),
            max_size=3,
            unique_by=lambda term: term.entry_id,
        )
    )
    item = st.builds(
        VocabularyItem, head=names, zipf=st.floats(0, 8), glosses=glosses.map(tuple), occurrences=where
    )
    said = draw(sentences(english))
    spoken = [sent for sent in said if sent.raw.strip()]
    quotes = st.lists(st.sampled_from(spoken).flatmap(_quotes), max_size=2) if spoken else st.just([])
    claim = st.builds(Claim, statement=names, evidence=quotes.map(tuple), score=scores)
    written = assistance(spoken, _occurrence(english, chinese)) if spoken else st.none()
    chapters = sorted(draw(st.lists(seconds, max_size=2, unique=True)))
    return Notes(
        source=Source(
            id=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
            kind="captions",
            language="en",
            title=draw(texts),
            url=draw(st.none() | names),
            duration_s=draw(st.none() | seconds),
            chapters=tuple(Chapter(title=draw(texts), start_s=start_s) for start_s in chapters),
            channel=draw(st.none() | texts),
            published=draw(st.none() | st.dates().map(str)),
            translation=draw(st.none() | st.sampled_from(["manual", "translated"])),
        ),
        timing="captions",
        english=said,
        chinese=draw(sentences(chinese)),
        alignment=aligned if draw(st.booleans()) else None,
        parts=(
            Part(
                index=0,
                title=draw(st.none() | texts),
                paragraphs=Span(start=0, end=count),
                translation=draw(st.none() | texts),
            ),
        ),
        paragraphs=paragraphs,
        terms=tuple(terms),
        vocabulary=tuple(draw(st.lists(item, max_size=2))),
        claims=tuple(draw(st.lists(claim, max_size=2))),
        findings=tuple(draw(st.lists(st.builds(Finding, paragraph=st.integers(0, count - 1)), max_size=2))),
        corrections=tuple(
            draw(
                st.lists(
                    st.builds(
                        Correction,
                        language=st.just("en"),
                        span=spans(20),
                        confidence=scores,
                        sentence=st.integers(0, english - 1),
                    ),
                    max_size=2,
                )
            )
        ),
        assistance=draw(st.none() | written),
    )
