"""The reading path: its demos exist, and what a step speaks of has been explained by then."""

from __future__ import annotations

import re

import pytest

from studykit.demos import NAMES, load
from studykit.demos.path import Step, path
from studykit.glossary import Matcher, load_glossary
from studykit.languages import HAN, detect_language

GLOSSARY = load_glossary()
WHERE = {step.demo: number for number, step in enumerate(path())}


def too_early(step: Step, language: str) -> list[str]:
    """Terms in what is new of ``step`` that no demo of the path up to there explains."""
    found = Matcher(GLOSSARY, language, lenient=True).find(step.new(language))
    entries = [entry for match in found if (entry := GLOSSARY.get(match.entry_id))]
    return [entry.id for entry in entries if entry.demo and WHERE.get(entry.demo, 99) > WHERE[step.demo]]


def test_twelve_demos_from_the_next_token_to_seal() -> None:
    names = [step.demo for step in path()]
    assert len(set(names)) == len(names) == 12
    assert set(names) <= set(NAMES)
    assert (names[0], names[-1]) == ("next_token", "seal")
    assert sum(load(name).demo.seconds for name in names) < 60


@pytest.mark.parametrize("step", path(), ids=lambda step: step.demo)
def test_a_sentence_says_what_is_new(step: Step) -> None:
    assert detect_language(step.en) == "en"
    assert detect_language(step.zh) == "zh"
    assert step.en.endswith(".")
    assert step.zh.endswith("。")
    assert not re.search(f'[{HAN}][,;:?!"a-zA-Z0-9]|[a-zA-Z0-9,;?!"][{HAN}]', step.zh)
    first = step is path()[0]
    assert step.en.startswith("New: ") != first
    assert step.zh.startswith("新的一步：") != first


@pytest.mark.parametrize("step", path(), ids=lambda step: step.demo)
def test_terms_are_explained_before_they_are_needed(step: Step) -> None:
    for language in ("en", "zh"):
        assert too_early(step, language) == []


def test_a_term_that_comes_too_early_is_noticed() -> None:
    early = Step(
        demo="next_token", en="New: attention chooses where to look.", zh="新的一步：注意力自己选看哪里。"
    )
    assert too_early(early, "en") == ["attention"]
    assert too_early(early, "zh") == ["attention"]
