"""Terms with several translations over a course: only what alignment and glossary show."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from studykit.check.consistency import MixedTerm, mixed_terms
from studykit.glossary import Entry, Glossary
from studykit.talk.write.shown import with_terms_of
from studykit.types import Alignment, Bead, Notes, NotesParagraph, Part, Sentence
from tests.talks import SMALL_TALK, span

TOKEN = Entry(
    id="token",
    english="token",
    aliases=("lexical unit",),
    chinese="词元",
    chinese_accepted=("标记", "词元单位", "Token 单元"),
    category="tokenisation",
    definition_en="A piece of text.",
    definition_zh="一小段文字。",
    source="test",
)
GLOSSARY = Glossary([TOKEN])


def talk(*pairs: tuple[str, str], score: float = 0.9, doubtful: bool = False, heard: bool = True) -> Notes:
    """A talk of sentences with their translations, in one paragraph."""
    count = len(pairs)
    made = replace(
        SMALL_TALK,
        english=tuple(
            Sentence(index=i, text=english, raw=english, start_s=float(i), end_s=i + 1.0, doubtful=not heard)
            for i, (english, _) in enumerate(pairs)
        ),
        chinese=tuple(Sentence(index=i, text=chinese, raw=chinese) for i, (_, chinese) in enumerate(pairs)),
        alignment=Alignment(
            source_id="en",
            target_id="zh",
            beads=tuple(
                Bead(source=span(i, i + 1), target=span(i, i + 1), score=score) for i in range(count)
            ),
            encoder="fake",
        ),
        parts=(Part(index=0, title=None, paragraphs=span(0, 1)),),
        paragraphs=(
            NotesParagraph(index=0, english=span(0, count), chinese=span(0, count), doubtful=doubtful),
        ),
        terms=(),
        vocabulary=(),
        claims=(),
        findings=(),
    )
    return with_terms_of(made, GLOSSARY)


FIRST = talk(("A token is short.", "词元很短。"), ("Count each token.", "数一数每个词元。"))
SECOND = talk(("Here is a token.", "这是一个标记。"))


def found(*lectures: Notes) -> tuple[MixedTerm, ...]:
    return mixed_terms(lectures, GLOSSARY)


def test_two_translations_in_two_lectures_are_found_with_their_places() -> None:
    (term,) = found(FIRST, SECOND)
    assert (term.english, term.usual) == ("token", "词元")
    assert [(r.form, [(use.lecture, use.english) for use in r.uses]) for r in term.renderings] == [
        ("词元", [(0, span(0, 1)), (0, span(1, 2))]),
        ("标记", [(1, span(0, 1))]),
    ]


@pytest.mark.parametrize(
    "second",
    [
        talk(("Here is a token.", "这是一个词元。")),
        talk(("Here is a token.", "这是一个词元单位。")),
        talk(("Here is a token.", "这是一个 token。")),
        talk(("Here is a token.", "这是一个东西。")),
        talk(("Here is something.", "这是一个标记。")),
        talk(("Here is a lexical unit.", "这是一个标记。")),
        talk(("Here is a token, or lexical unit.", "这是一个标记。")),
        talk(("Here is a token.", "这是一个标记。"), score=0.4),
        talk(("Here is a token.", "这是一个标记。"), doubtful=True),
        talk(("Here is a token.", "这是一个标记。"), heard=False),
        replace(SECOND, alignment=None),
    ],
    ids=[
        *("the same", "a longer way to say it", "left in English", "not in the glossary", "not said"),
        *("another English name", "both names", "not sure", "doubtful", "hardly heard", "not aligned"),
    ],
)
def test_what_is_not_shown_is_not_told(second: Notes) -> None:
    assert found(FIRST, second) == ()


def test_small_letters_are_no_other_translation() -> None:
    upper, lower = (talk(("Here is a token.", f"这是一个 {form} 单元。")) for form in ("Token", "token"))
    assert found(upper, lower) == ()


def test_a_pair_of_sentences_counts_once() -> None:
    twice = talk(("A token follows a token.", "标记跟着标记。"))
    (term,) = found(FIRST, twice)
    assert [len(rendering.uses) for rendering in term.renderings] == [2, 1]
