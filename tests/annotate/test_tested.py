"""From what a speaker claims to the demo that tests it, and to none where nothing surely does."""

from __future__ import annotations

import pytest

from studykit import engines
from studykit.annotate.claims.tested import with_demos
from studykit.demos.claims import spoken_claims
from studykit.types import Claim

ENCODE = engines.encoder().encode


def linked(text: str, language: str = "en") -> Claim:
    english, chinese = ("", text) if language == "zh" else (text, None)
    claim = Claim(statement=english, statement_zh=chinese, evidence=(), score=1.0)
    (found,) = with_demos([claim], language, spoken_claims, ENCODE)
    return found


@pytest.mark.parametrize(
    ("said", "demo"),
    [
        ("These models really can't count letters in a word.", "strawberry"),
        (
            "A language model hallucinates because it was trained on confident answers.",
            "hallucination",
        ),
        ("The KV cache means you don't compute the keys and values again for each token.", "kv_cache"),
        (
            "To reduce hallucinations, teach the model to say that it doesn't know.",
            "idk_mitigation",
        ),
    ],
)
def test_other_words_for_the_same_lead_to_the_demo(said: str, demo: str) -> None:
    assert linked(said).demo == demo


def test_a_chinese_claim_leads_to_the_demo() -> None:
    assert linked("大模型经常一本正经地胡说八道。", "zh").demo == "hallucination"


def test_notes_made_by_hand_may_have_claims_in_chinese_alone() -> None:
    by_hand = Claim(statement="", statement_zh="大模型经常一本正经地胡说八道。", evidence=(), score=1.0)
    (found,) = with_demos([by_hand], "en", spoken_claims, ENCODE)
    assert found.demo == "hallucination"


@pytest.mark.parametrize(
    "said",
    [
        "Saving a model once it's trained or fine-tuned is very easy.",
        "AI is not self-learning.",
        "Language models are great.",
        "Python has a very large ecosystem of packages.",
        "Counting calories is no way to lose weight.",
        "",
    ],
)
def test_what_no_demo_tests_leads_to_none(said: str) -> None:
    assert linked(said or " ").demo is None


def test_a_claim_that_is_off_comes_with_what_the_demo_finds() -> None:
    found = linked("A billion parameter model at 3.6 bits is maybe like four terabytes.")
    assert found.demo == "bits_per_param"
    assert "0.45 gigabytes" in found.verdict
    assert "0.45 GB" in found.verdict_zh
    assert not linked("A language model can store 3.6 bits for each parameter.").verdict


def test_a_link_that_no_longer_holds_is_taken_back() -> None:
    old = Claim(statement="Tea is nice.", statement_zh=None, evidence=(), score=1.0, demo="gone", verdict="x")
    (found,) = with_demos([old], "en", spoken_claims, ENCODE)
    assert (found.demo, found.verdict) == (None, "")
