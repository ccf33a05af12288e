"""Requests that fit a window, answers that are kept, and what is made of them."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from studykit.assist import AskingProgress, Request, ask, requests_for, written
from studykit.assist.prompts import FEATURES
from studykit.chat import Budget, Completion, Message
from studykit.errors import BudgetError, EngineError
from studykit.types import Assistance, AssistFeature, Usage
from tests.assist.lecture import GOOD, lecture_notes, lecture_said
from tests.assist.service import feature_of, good_answer, shown_sentences

EVERYTHING = get_args(AssistFeature)


class Model:
    """Answers as a function says; ``parallel`` conversations at a time."""

    name, model = "test m", "m"

    def __init__(self, answer: Callable[[AssistFeature, dict[str, Any]], Any], *, parallel: int = 1) -> None:
        self._answer = answer
        self.parallel = parallel
        self.asked: list[AssistFeature] = []
        self.lengths: list[int] = []
        self._lock = threading.Lock()

    def complete(
        self,
        conversation: Sequence[Message],
        *,
        most_tokens: int,
        limited: bool,
        cancelled: Callable[[], bool],
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        feature = feature_of(conversation[0]["content"])
        assert schema == FEATURES[feature].schema
        with self._lock:
            self.asked.append(feature)
            self.lengths.append(most_tokens)
        made = self._answer(feature, json.loads(conversation[1]["content"]))
        if isinstance(made, Completion):
            return made
        text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)
        return Completion(text, Usage(prompt=100, completion=50))


class Kept(dict[str, str]):
    """Answers in memory."""

    def answer(self, key: str) -> str | None:
        return self.get(key)

    def keep(self, key: str, answer: str, *, engine: str, usage: Usage, seconds: float) -> None:
        self[key] = answer


def good(feature: AssistFeature, document: dict[str, Any]) -> Any:
    return good_answer(GOOD, feature, document)


def made(answer: Callable[[AssistFeature, dict[str, Any]], Any], *features: str) -> Assistance:
    requests = requests_for(lecture_notes(), features or EVERYTHING, 8192)
    asked = ask(requests, chat=Model(answer), kept=Kept(), budget=Budget(None, None))
    return written(requests, asked.answers, lecture_said(), model="m", written_on="2026-01-31")


def reasons(assistance: Assistance) -> Counter[tuple[str, str]]:
    return Counter({(one.feature, one.reason): one.count for one in assistance.dropped})


# Requests


@pytest.mark.parametrize("window", [2048, 4096, 8192, 32768])
def test_every_sentence_is_shown_once_to_every_feature_and_requests_fit(window: int) -> None:
    requests = requests_for(lecture_notes(), EVERYTHING, window)
    everything = set(range(1, len(lecture_notes().english) + 1))
    for name in set(EVERYTHING) - {"overview"}:
        shown = [
            number
            for request in requests
            if request.feature == name
            for number in sorted(shown_sentences(json.loads(request.conversation[1]["content"])))
        ]
        assert sorted(shown) == shown
        assert set(shown) == everything
        assert len(shown) == len(everything)
    if window >= 4096:
        assert all(one.expected.prompt + one.expected.completion <= window for one in requests)


def test_parts_stay_whole_where_they_fit() -> None:
    notes = lecture_notes()
    ends = {part.paragraphs.end for part in notes.parts}
    for request in requests_for(notes, ["claims", "questions"], 8192):
        assert request.paragraphs[-1] in ends


def test_a_long_talk_is_sampled_for_the_overview() -> None:
    (request,) = requests_for(lecture_notes(), ["overview"], 3000)
    assert 5 < len(request.paragraphs) < len(lecture_notes().paragraphs)
    assert request.expected.prompt + request.expected.completion <= 3000


def test_sentences_that_were_hardly_heard_are_not_sent() -> None:
    notes = lecture_notes()
    unsure = tuple(replace(sent, doubtful=sent.index == 88) for sent in notes.english)
    for request in requests_for(replace(notes, english=unsure), EVERYTHING, 8192):
        assert 89 not in shown_sentences(json.loads(request.conversation[1]["content"]))


def test_a_chinese_talk_without_english_has_no_words_to_explain() -> None:
    notes = lecture_notes()
    alone = replace(
        notes,
        source=replace(notes.source, language="zh"),
        english=(),
        alignment=None,
        terms=(),
        vocabulary=(),
        claims=(),
        findings=(),
        corrections=(),
        parts=(),
    )
    asked = {request.feature for request in requests_for(alone, EVERYTHING, 8192)}
    assert asked == {"overview", "parts", "claims", "questions"}
    (request, *_) = requests_for(alone, ["claims"], 8192)
    assert "on a talk in Chinese" in request.conversation[0]["content"]


# Asking


def requests_of(*features: str) -> list[Request]:
    return requests_for(lecture_notes(), features, 4096)


def test_answers_are_kept_one_by_one_and_never_asked_for_again() -> None:
    requests, kept = requests_of("claims", "parts"), Kept()
    calls = 0

    def breaking(feature: AssistFeature, document: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise EngineError("m", "down")
        return good(feature, document)

    with pytest.raises(EngineError, match="down"):
        ask(requests, chat=Model(breaking), kept=kept, budget=Budget(None, None))
    assert len(kept) == 2
    again = Model(good)
    asked = ask(requests, chat=again, kept=kept, budget=Budget(None, None))
    assert len(again.asked) == len(requests) - 2
    assert all(asked.answers)
    third = Model(good)
    ask(requests, chat=third, kept=kept, budget=Budget(None, None))
    assert not third.asked


def test_an_unreadable_answer_is_asked_for_once_more_with_more_room_and_then_told() -> None:
    requests = requests_of("claims")

    def stubborn(feature: AssistFeature, document: dict[str, Any]) -> Any:
        return "Well, well." if 1 in shown_sentences(document) else good(feature, document)

    model = Model(stubborn)
    asked = ask(requests, chat=model, kept=Kept(), budget=Budget(None, None))
    assert asked.answers[0] is None
    assert all(asked.answers[1:])
    assert asked.failed(requests) == ["claims"]
    assert asked.unreadable == "Well, well."
    assert len(model.asked) == len(requests) + 1
    assert model.lengths[-1] > model.lengths[0]


def test_an_answer_that_breaks_off_twice_counts_with_its_whole_entries() -> None:
    def cut(feature: AssistFeature, document: dict[str, Any]) -> Any:
        text = json.dumps(good(feature, document), ensure_ascii=False)
        return Completion(text[: len(text) // 2], Usage(prompt=1, completion=1), cut=True)

    assert 2 <= len(made(cut, "claims").claims) < len(GOOD["claims"])


def test_nothing_readable_stops_soon() -> None:
    requests = requests_of("claims", "parts", "items", "questions")
    model = Model(lambda *_: "I'd rather not.")
    with pytest.raises(EngineError, match="I'd rather not"):
        ask(requests, chat=model, kept=Kept(), budget=Budget(None, None))
    assert len(model.asked) == 3


class Thinker(Model):
    """Needs 12,000 tokens before it says anything, four conversations at a time."""

    THOUGHT = 12_000

    def complete(self, *args: Any, most_tokens: int, limited: bool, **more: Any) -> Completion:
        done = super().complete(*args, most_tokens=most_tokens, limited=limited, **more)
        if limited and most_tokens < self.THOUGHT:
            return Completion("", Usage(prompt=100, completion=most_tokens), cut=True)
        return done


def test_a_model_that_thinks_gets_room_for_it_under_a_budget() -> None:
    requests = requests_of("claims", "parts", "items", "questions")
    model, budget = Thinker(good, parallel=4), Budget((1.0, 1.0), 10.0)
    asked = ask(requests, chat=model, kept=Kept(), budget=budget)
    assert all(asked.answers)
    assert budget.reserved == pytest.approx(0, abs=1e-9)
    assert budget.spent < 10

    class Endless(Thinker):
        THOUGHT = 10**9

    endless = Endless(good, parallel=4)
    with pytest.raises(EngineError, match="no answer could be read"):
        ask(requests, chat=endless, kept=Kept(), budget=Budget((1.0, 1.0), 1e9))
    assert len(endless.asked) < 4 * len(requests)


def test_what_was_pending_when_a_run_stops_is_kept() -> None:
    """It is paid for."""
    requests, kept = requests_of("claims", "parts", "items", "questions"), Kept()
    stopped, lock = threading.Event(), threading.Lock()
    calls, read = 0, 0

    def answer(feature: AssistFeature, document: dict[str, Any]) -> Any:
        nonlocal calls
        with lock:
            calls += 1
            call = calls
        if call < 4:
            return "Well, well."
        assert stopped.wait(30)
        return good(feature, document)

    def progress(_: AskingProgress) -> None:
        nonlocal read
        read += 1
        if read == 3:
            stopped.set()

    chat, budget = Model(answer, parallel=4), Budget(None, None)
    with pytest.raises(EngineError, match="Well, well"):
        ask(requests, chat=chat, kept=kept, budget=budget, progress=progress)
    assert 1 <= len(kept) == calls - 3 < len(requests) - 3


def test_the_budget_holds_over_all_features_together() -> None:
    requests = requests_of("claims", "parts", "items")
    price = (1000.0, 1000.0)
    most = Budget(price, 1e9).most([requests[0].expected])
    budget, kept, model = Budget(price, 1.05 * most), Kept(), Model(good)
    with pytest.raises(BudgetError):
        ask(requests, chat=model, kept=kept, budget=budget)
    assert 0 < len(kept) == len(model.asked) < len(requests)
    assert budget.spent <= 1.05 * most


def test_several_conversations_at_a_time() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(feature: AssistFeature, document: dict[str, Any]) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return good(feature, document)

    asked = ask(
        requests_of("claims", "items"), chat=Model(slow, parallel=3), kept=Kept(), budget=Budget(None, None)
    )
    assert all(asked.answers)
    assert most == 3


# What is made of answers


def test_a_good_model_loses_nothing() -> None:
    assistance = made(good)
    assert assistance.dropped == ()
    assert assistance.written_on == "2026-01-31"
    assert len(assistance.summary) == 5
    assert len(assistance.items) == len(GOOD["items"]) + len(GOOD["missed"])
    assert {item.listed for item in assistance.items} == {True, False}
    first = [claim.statement.evidence[0].sentence for claim in assistance.claims]
    assert len(first) == len(GOOD["claims"])
    assert first == sorted(first)


def test_the_same_twice_is_one() -> None:
    def twice(feature: AssistFeature, document: dict[str, Any]) -> Any:
        found = good(feature, document)
        return {"claims": [*found["claims"], *found["claims"]]}

    assistance = made(twice, "claims")
    assert len(assistance.claims) == len(GOOD["claims"])
    assert reasons(assistance) == {("claims", "twice"): len(GOOD["claims"])}


def test_a_wrong_point_does_not_take_its_claim_along() -> None:
    def wrong(feature: AssistFeature, document: dict[str, Any]) -> Any:
        found = json.loads(json.dumps(good(feature, document)))
        for claim in found["claims"]:
            for point in claim["points"]:
                point["evidence"] = [{"sentence": 1, "quote": "in the beginning"}]
        return found

    assistance = made(wrong, "claims")
    assert len(assistance.claims) == len(GOOD["claims"])
    assert not any(claim.points for claim in assistance.claims)
    points = sum(len(claim["points"]) for claim in GOOD["claims"])
    assert reasons(assistance) == {("claims", "quote"): points}


def test_a_note_that_is_too_long_is_dropped_and_its_sense_stays() -> None:
    def wordy(feature: AssistFeature, document: dict[str, Any]) -> Any:
        found = good(feature, document)
        return {**found, "items": [{**one, "note": "长" * 41} for one in found["items"]], "missed": []}

    assistance = made(wordy, "items")
    assert len(assistance.items) == len(GOOD["items"])
    assert all(item.note is None for item in assistance.items)
    assert reasons(assistance)["items", "length"] == len(GOOD["items"])


def test_vetoes_name_listed_items_and_are_few() -> None:
    def unlisted(_: AssistFeature, document: dict[str, Any]) -> Any:
        first = document["items"][0]
        return {"wrong": [{"head": "no such head", "sentence": first["sentence"], "why": "这里不是这个意思"}]}

    assert reasons(made(unlisted, "items")) == {("items", "listed"): 3}

    def all_of_them(_: AssistFeature, document: dict[str, Any]) -> Any:
        wrong = [
            {"head": one["head"], "sentence": one["sentence"], "why": "不对"} for one in document["items"]
        ]
        return {"wrong": wrong}

    assistance = made(all_of_them, "items")
    assert assistance.vetoes == ()
    assert set(reasons(assistance)) == {("items", "vetoes")}


def test_a_summary_of_another_part_is_dropped() -> None:
    def shifted(feature: AssistFeature, document: dict[str, Any]) -> Any:
        found = good(feature, document)["parts"]
        return {"parts": [{**one, "part": one["part"] % 7 + 1} for one in found]}

    assistance = made(shifted, "parts")
    assert not any(part.summary for part in assistance.parts)
    assert reasons(assistance)["parts", "sentence"] >= 7


def test_other_forms_are_counted() -> None:
    def strange(feature: AssistFeature, _: dict[str, Any]) -> Any:
        return {"claims": ["a text", {"en": "x"}], "questions": {"a": 1}}.get(feature) or [1, 2]

    def shaped(feature: AssistFeature, document: dict[str, Any]) -> Any:
        return {feature: strange(feature, document)}

    assistance = made(shaped, "claims", "questions")
    assert set(reasons(assistance)) == {("claims", "form"), ("questions", "form")}
    assert not assistance.claims


def test_a_bare_list_is_what_was_asked_for() -> None:
    def bare(feature: AssistFeature, document: dict[str, Any]) -> Any:
        return good(feature, document)["claims"]

    assert len(made(bare, "claims").claims) == len(GOOD["claims"])
