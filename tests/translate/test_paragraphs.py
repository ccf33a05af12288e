"""Paragraphs asked for, checked, asked for again and kept; with a model that does as it is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest

from studykit.chat import Budget
from studykit.errors import BudgetError, EngineError
from studykit.translate import (
    Answer,
    SourceParagraph,
    TermRow,
    Translated,
    TranslationProgress,
    paragraph_key,
    translate_paragraphs,
)
from studykit.types import Usage

ENGLISH = tuple(f"This is the sentence with the number {word}." for word in ("one", "two", "three", "four"))
CHINESE = tuple(f"这一句话的编号是{number}。" for number in "一二三四")
TABLE = dict(zip(ENGLISH, CHINESE, strict=True))

Said = Callable[[SourceParagraph, dict[int, str]], dict[int, str]]


class Model:
    """Translates from the table; ``said`` has a word in each answer, in order."""

    name, model = "model 1", "model"
    at_once, parallel, attempts = 1, 1, 3

    def __init__(self, *said: Said) -> None:
        self.said = list(said)
        self.asked: list[tuple[int, ...]] = []
        self.limits: list[int | None] = []

    def estimate(self, paragraph: SourceParagraph) -> Usage:
        return Usage(prompt=100, completion=10 * len(paragraph.wanted))

    def translate(
        self, paragraphs: Sequence[SourceParagraph], *, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> list[Answer]:
        answers = []
        for paragraph in paragraphs:
            self.asked.append(paragraph.wanted)
            self.limits.append(most_tokens)
            found = {i: TABLE[paragraph.sentences[i]] for i in paragraph.wanted}
            if self.said:
                found = self.said.pop(0)(paragraph, found)
            answers.append(Answer(sentences=found, usage=Usage(prompt=100, completion=10 * len(found))))
        return answers


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str | None, ...]] = {}

    def texts(self, key: str) -> tuple[str | None, ...] | None:
        return self.rows.get(key)

    def keep(self, key: str, texts: tuple[str | None, ...], **took: object) -> None:
        self.rows[key] = texts


def by_number(source: Sequence[str], target: Sequence[str]) -> Collection[int]:
    """An aligner that knows the table."""
    return [i for i, text in enumerate(source) if TABLE[text] != target[i]]


def paragraph(*sentences: str, terms: tuple[TermRow, ...] = ()) -> SourceParagraph:
    return SourceParagraph(
        source="en", target="zh", sentences=sentences, wanted=tuple(range(len(sentences))), terms=terms
    )


def run(
    engine: Model,
    *paragraphs: SourceParagraph,
    cache: Memory | None = None,
    budget: Budget | None = None,
    told: list[TranslationProgress] | None = None,
) -> list[Translated]:
    return translate_paragraphs(
        paragraphs or [paragraph(*ENGLISH)],
        engine=engine,
        cache=cache or Memory(),
        shifted=by_number,
        strays=lambda sentences, i, text, besides: besides and TABLE[sentences[i]] != text,
        budget=budget or Budget(None, None),
        progress=(told if told is not None else []).append,
    )


def swapped(_: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
    return {**found, 0: found[1], 1: found[0]}


def merged(_: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
    return {0: found[0] + found[1], 1: found[2], 2: found[3]}


def copied(_: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
    return {**found, 2: found[1]}


def nothing(_: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
    return {}


def untranslated(asked: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
    return {i: asked.sentences[i] for i in found}


def test_good_answers_are_taken_at_once() -> None:
    engine, told = Model(), []
    (made,) = run(engine, told=told)
    assert made.texts == CHINESE
    assert made.cached == (False,) * 4
    assert engine.asked == [(0, 1, 2, 3)]
    assert [(going.done, going.total) for going in told] == [(4, 4)]


@pytest.mark.parametrize(
    ("said", "again"),
    [
        (lambda _, found: {i: found[i] for i in (0, 3)}, (1, 2)),
        (swapped, (0, 1)),
        (merged, (0, 1, 2, 3)),
        (copied, (1, 2)),
        (nothing, (0, 1, 2, 3)),
        (untranslated, (0, 1, 2, 3)),
        (lambda _, found: {**found, 1: "长" * 5000}, (1,)),
    ],
)
def test_only_what_is_wrong_is_asked_again(said: Said, again: tuple[int, ...]) -> None:
    engine = Model(said)
    (made,) = run(engine)
    assert made.texts == CHINESE
    assert engine.asked == [(0, 1, 2, 3), again]


def test_a_later_copy_of_a_good_sentence_does_not_cost_that_sentence() -> None:
    without_the_last = {0, 1, 2}
    engine = Model(
        lambda _, found: {i: found[i] for i in without_the_last},
        lambda asked, _: {3: TABLE[asked.sentences[2]]},
    )
    (made,) = run(engine)
    assert made.texts == CHINESE
    assert engine.asked == [(0, 1, 2, 3), (3,), (3,)]


def test_the_last_attempt_asks_for_each_sentence_alone() -> None:
    engine = Model(nothing, merged)
    (made,) = run(engine)
    assert made.texts == CHINESE
    assert engine.asked == [(0, 1, 2, 3), (0, 1, 2, 3), (0,), (1,), (2,), (3,)]


def test_what_never_comes_stays_untranslated_and_is_asked_next_time() -> None:
    cache = Memory()
    without_two = [lambda _, found: {i: text for i, text in found.items() if i != 1}] * 3
    (made,) = run(Model(*without_two), cache=cache)
    assert made.texts == (CHINESE[0], None, CHINESE[2], CHINESE[3])
    again = Model()
    (made,) = run(again, cache=cache)
    assert made.texts == CHINESE
    assert made.cached == (True, False, True, True)
    assert again.asked == [(1,)]


def test_a_copy_of_a_neighbour_is_refused_even_alone() -> None:
    engine = Model(copied, copied, lambda _, found: dict.fromkeys(found, CHINESE[0]))
    (made,) = run(engine)
    assert made.texts[1] is None
    assert made.texts[2] == CHINESE[2]


def test_finished_paragraphs_are_kept_when_the_engine_breaks() -> None:
    def breaks(_: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
        raise EngineError("model", "gone")

    cache, two = Memory(), (paragraph(*ENGLISH[:2]), paragraph(*ENGLISH[2:]))
    with pytest.raises(EngineError, match="gone"):
        run(Model(lambda _, found: found, breaks), *two, cache=cache)
    engine = Model()
    first, second = run(engine, *two, cache=cache)
    assert (first.cached, second.cached) == ((True, True), (False, False))
    assert len(engine.asked) == 1


def test_the_key_holds_text_terms_and_engine_but_no_context() -> None:
    row = TermRow(entry_id="a", source="one", target="一", accepted=())
    other = TermRow(entry_id="a", source="one", target="壹", accepted=())
    keys = [
        paragraph_key(paragraph(*ENGLISH), "e"),
        paragraph_key(paragraph(*ENGLISH), "f"),
        paragraph_key(paragraph(*ENGLISH[:3]), "e"),
        paragraph_key(paragraph(*ENGLISH, terms=(row,)), "e"),
        paragraph_key(paragraph(*ENGLISH, terms=(other,)), "e"),
    ]
    assert len(set(keys)) == 5
    near = SourceParagraph(
        source="en", target="zh", sentences=ENGLISH, wanted=(0,), title="T", before=("Before.",)
    )
    assert paragraph_key(near, "e") == keys[0]


def test_the_budget_is_never_passed() -> None:
    # 100 tokens in, at most 2 x 20 + 100 out: 1.25 x 100 + 140 = 265 can be spent, 120 are.
    paragraphs = [paragraph(*ENGLISH[:2]), paragraph(*ENGLISH[2:]), paragraph(*ENGLISH)]
    cache, budget, engine = Memory(), Budget((1.0, 1.0), 390e-6), Model()
    with pytest.raises(BudgetError) as caught:
        run(engine, *paragraphs, cache=cache, budget=budget)
    assert engine.asked == [(0, 1), (0, 1)]
    assert engine.limits == [140, 140]
    assert caught.value.spent == pytest.approx(240e-6)
    assert len(cache.rows) == 2
    more = Model()
    run(more, *paragraphs, cache=cache, budget=Budget((1.0, 1.0), 1.0))
    assert more.asked == [(0, 1, 2, 3)]


def test_a_batch_of_paragraphs_in_one_call_and_no_second_try() -> None:
    engine = Model(nothing)
    engine.at_once, engine.attempts = 2, 1
    made = run(engine, paragraph(*ENGLISH[:2]), paragraph(*ENGLISH[2:]))
    assert [part.texts for part in made] == [(None, None), CHINESE[2:]]
    assert engine.asked == [(0, 1), (0, 1)]


def test_an_interruption_waits_for_what_is_paid_for_and_keeps_it() -> None:
    class Slow(Model):
        parallel = 2

        def translate(self, paragraphs: Sequence[SourceParagraph], **options: Any) -> list[Answer]:
            if paragraphs[0].sentences[0] == ENGLISH[0]:
                raise KeyboardInterrupt
            time.sleep(0.2)
            return super().translate(paragraphs, **options)

    cache = Memory()
    with pytest.raises(KeyboardInterrupt):
        run(Slow(), *(paragraph(text) for text in ENGLISH), cache=cache)
    assert list(cache.rows.values()) == [(CHINESE[1],)]


def test_what_is_set_aside_is_waited_for_before_the_budget_counts_as_spent() -> None:
    # Each may cost 265 and costs 120: beside each other two do not fit, one after the other they do.
    engine, budget = Model(), Budget((1.0, 1.0), 390e-6)
    engine.parallel = 2
    made = run(engine, paragraph(*ENGLISH[:2]), paragraph(*ENGLISH[2:]), budget=budget)
    assert [part.texts for part in made] == [CHINESE[:2], CHINESE[2:]]
    assert budget.spent == pytest.approx(240e-6)


def test_a_neighbours_translation_is_refused_alone_too() -> None:
    """A server that is one sentence late, whatever is asked."""

    def late(asked: SourceParagraph, found: dict[int, str]) -> dict[int, str]:
        return {i: CHINESE[(i + 1) % 4] for i in found}

    with pytest.raises(EngineError, match="none of 4 sentences was translated"):
        run(Model(*[late] * 9))
    (made,) = run(Model(late, late, late, late, late))
    assert made.texts == (None, None, None, CHINESE[3])


class Babbler(Model):
    """A model of whose answers nothing can be used."""

    def __init__(self, said: str, *, cut: bool = False) -> None:
        super().__init__()
        self.words, self.cut = said, cut

    def translate(self, paragraphs: Sequence[SourceParagraph], **options: Any) -> list[Answer]:
        (answer,) = super().translate(paragraphs, **options)
        return [Answer(sentences={}, usage=answer.usage, said=self.words, cut=self.cut)]


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        (
            Babbler("Sure!\n" + "word " * 90),
            r"5 answers in a row could not be used\. It said: Sure! word",
        ),
        (Babbler("I'm sorry, but I can't help."), "It refused: I'm sorry"),
        (Babbler("", cut=True), "used up 10 tokens before it said anything"),
    ],
)
def test_a_run_stops_when_nothing_of_its_answers_can_be_used(engine: Babbler, message: str) -> None:
    with pytest.raises(EngineError, match=message) as caught:
        run(engine, *(paragraph(text) for text in ENGLISH * 5))
    assert len(engine.asked) == 5
    assert len(str(caught.value)) < 400


def test_a_run_that_began_well_goes_on_to_its_end() -> None:
    """Twelve of twenty paragraphs are translated: what is left is hard, not the model useless."""
    good = [lambda _, found: found] * 12
    engine = Model(*good, *[nothing] * 99)
    made = run(engine, *(paragraph(text) for text in ENGLISH * 5))
    assert [part.texts[0] is not None for part in made] == [True] * 12 + [False] * 8


def test_a_run_without_any_translation_fails() -> None:
    with pytest.raises(EngineError, match="none of 4 sentences was translated"):
        run(Model(*[nothing] * 9))


def test_a_model_that_thinks_gets_room_once_an_answer_was_cut() -> None:
    """With a budget answers are limited, and thoughts count."""

    class Thinker(Model):
        def translate(self, paragraphs: Sequence[SourceParagraph], **options: Any) -> list[Answer]:
            (answer,) = super().translate(paragraphs, **options)
            if options["most_tokens"] < 4000:
                return [
                    Answer(sentences={}, usage=Usage(prompt=100, completion=options["most_tokens"]), cut=True)
                ]
            return [answer]

    engine, budget = Thinker(), Budget((1.0, 1.0), 1.0)
    made = run(engine, *(paragraph(text) for text in ENGLISH), budget=budget)
    assert [part.texts for part in made] == [(text,) for text in CHINESE]
    assert engine.limits == [120] + [120 + 4096] * 4
    assert budget.make_room(4096)
    assert not budget.make_room(budget.room)
