"""The language model's boundaries, with a model of three rules in the place of a true one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib.util import find_spec

import pytest

from studykit import engines
from studykit.engines.boundaries import lm as boundary_lm
from studykit.engines.boundaries.causal_lm import Branch
from studykit.engines.boundaries.lm import FLOOR, BoundaryLM, evidence
from studykit.errors import ConfigError, MissingExtraError
from studykit.segment.boundaries import ChineseMarks, Marks

OPENERS = {"so", "okay", "now"}
WORDS = "okay we talk about rivers so what is a river it runs downhill now look at the mud".split()


class Flat:
    """A fast model that knows nothing, or that one gap is none."""

    length_cost = 0.0
    name = "flat"

    def __init__(self, closed: int | None = None) -> None:
        self.closed = closed

    def scores(self, words: Sequence[str]) -> list[float]:
        return [FLOOR - 1 if i == self.closed else -0.5 for i in range(len(words))]

    def marks(self, words: Sequence[str]) -> Marks:
        return Marks(
            scores=self.scores(words),
            commas=[i == 0 for i in range(len(words))],
            questions=[1.0] * len(words),
            forms=list(words),
        )

    def chinese_marks(self, text: str, breaks: Collection[int]) -> ChineseMarks:
        ended = [bool(text)]
        return ChineseMarks(
            starts=[0], ends=[len(text)], scores=[0.0], commas=ended, questions=[float(len(breaks))]
        )


class Toy:
    """Openers are likely with a capital after a stop, all other words without either."""

    name = "toy"

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.ids: dict[str, int] = {}
        self.contexts: list[str] = []
        self.asked = 0

    def tokens(self, text: str) -> tuple[int, ...]:
        if text not in self.ids:
            self.ids[text] = len(self.texts)
            self.texts.append(text)
        return (self.ids[text],)

    def log_probs(self, context: Sequence[int], branches: Sequence[Branch]) -> list[float]:
        self.contexts.append("".join(self.texts[i] for i in context))
        self.asked += len(branches)
        return [
            sum(
                self._one(before, now)
                for before, now in zip([context[at - 1], *tokens[:-1]], tokens, strict=True)
            )
            for at, tokens in branches
        ]

    def _one(self, before: int, now: int) -> float:
        text = self.texts[now].strip()
        if text in ".?!,":
            return -3.0
        opened = self.texts[before] == "."
        fits = (text.lower() in OPENERS) == opened and (text[0].isupper() == opened or text[0] == "I")
        return -1.0 if fits else -8.0


def found(scores: Sequence[float]) -> list[int]:
    return [i for i, score in enumerate(scores) if i and score > 0]


def test_a_stop_is_set_where_it_makes_the_next_words_likely() -> None:
    scores = BoundaryLM(language_model=Toy(), fast=Flat()).scores(WORDS)
    assert found(scores) == [WORDS.index("so"), WORDS.index("now")]
    assert len(scores) == len(WORDS)


def test_commas_and_question_marks_come_from_the_fast_model() -> None:
    model = BoundaryLM(language_model=Toy(), fast=Flat())
    marks = model.marks(WORDS)
    assert marks.scores == model.scores(WORDS)
    assert marks.commas[0]
    assert marks.questions[0] > 0
    assert marks.forms[0] == "okay"


class Stopping(Flat):
    """Sure of one boundary."""

    def scores(self, words: Sequence[str]) -> list[float]:
        return [3.0 if word == "so" else -0.5 for word in words]


def test_the_text_is_read_once_with_the_boundaries_of_the_fast_model() -> None:
    toy = Toy()
    BoundaryLM(language_model=toy, fast=Stopping()).scores(WORDS)
    assert len(toy.contexts) == 1
    assert " about rivers. So what is a river it runs" in toy.contexts[0]


def test_gaps_that_the_fast_model_rules_out_are_not_asked_about() -> None:
    toy, closed = Toy(), WORDS.index("now")
    scores = BoundaryLM(language_model=toy, fast=Flat(closed)).scores(WORDS)
    everything = Toy()
    BoundaryLM(language_model=everything, fast=Flat()).scores(WORDS)
    assert found(scores) == [WORDS.index("so")]
    assert scores[closed] == FLOOR - 1
    assert toy.asked < everything.asked


def test_the_evidence_is_of_the_next_words_alone() -> None:
    marks = [""] * len(WORDS)
    at = WORDS.index("so")
    ((none, comma, stop),) = evidence(Toy(), WORDS, marks, [at])
    assert none == pytest.approx(-8 - 4)  # "so" does not fit, the four after it do
    assert comma == pytest.approx(-3 - 8 - 4)
    assert stop == pytest.approx(-3 - 1 - 4)


def test_a_long_text_is_read_in_windows_as_if_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    words = WORDS * 8
    whole = BoundaryLM(language_model=Toy(), fast=Flat()).scores(words)
    monkeypatch.setattr(boundary_lm, "_WINDOW", 20)
    monkeypatch.setattr(boundary_lm, "_BEFORE", 7)
    parts = BoundaryLM(language_model=Toy(), fast=Flat()).scores(words)
    assert parts == pytest.approx(whole)


@pytest.mark.parametrize("words", [[], ["word"], ["-", "…"]])
def test_next_to_nothing_gets_scores_too(words: list[str]) -> None:
    assert len(BoundaryLM(language_model=Toy(), fast=Flat()).scores(words)) == len(words)


def test_the_name_holds_both_models() -> None:
    assert BoundaryLM(language_model=Toy(), fast=Flat()).name == "lm:toy:flat"


@pytest.mark.parametrize(("name", "package"), [("lm", "gguf"), ("sat", "wtpsplit")])
def test_a_missing_extra_says_how_to_get_it(name: str, package: str) -> None:
    if find_spec(package) is not None:
        pytest.skip("the package is here")
    for model in (name, f"{name}:any/model"):
        with pytest.raises(MissingExtraError, match=rf"pip install 'studykit\[{name}\]'"):
            engines.boundary_model(model)


@pytest.mark.parametrize("name", ["fast:x", "rules:", "lm:", "LM", "sat:"])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"fast, rules, lm\[:MODEL\] or sat\[:MODEL\]"):
        engines.boundary_model(name)


def test_chinese_is_left_to_the_fast_model() -> None:
    model = BoundaryLM(language_model=Toy(), fast=Flat())
    assert model.chinese_marks("今天下雨", [2]) == Flat().chinese_marks("今天下雨", [2])
