"""What people say that demos test: sentences for every demo, in both languages."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from studykit.demos import NAMES
from studykit.demos.claims import FILE, spoken_claims
from studykit.languages import HAN

TABLES: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))


def test_every_demo_has_a_table_in_the_order_of_names() -> None:
    lacking = [name for name in NAMES if name not in TABLES]
    assert not lacking, f"claims.toml says nothing of {', '.join(lacking)}: add [{lacking[0]}] with en, zh"
    assert list(TABLES) == list(NAMES), "claims.toml is in another order than NAMES, or has a demo more"


@pytest.mark.parametrize("name", [name for name in NAMES if name in TABLES])
class TestEveryTable:
    def test_there_are_two_sentences_or_more_in_each_language(self, name: str) -> None:
        table = TABLES[name]
        for language in ("en", "zh"):
            said = [*table[language], *(wrong[language] for wrong in table.get("off", ()))]
            assert len(set(said)) == len(said) >= 2, f"{name}: {language} needs two sentences or more"
            for text in said:
                assert text == text.strip(), text
                assert text.endswith("." if language == "en" else "。"), text
                assert bool(re.search(f"[{HAN}]", text)) == (language == "zh"), text

    def test_what_is_off_comes_with_a_verdict(self, name: str) -> None:
        table = TABLES[name]
        assert set(table) <= {"en", "zh", "off", "verdict", "verdict_zh"}
        assert ("off" in table) == ("verdict" in table) == ("verdict_zh" in table)


def test_no_sentence_belongs_to_two_demos() -> None:
    for language in ("en", "zh"):
        texts = [claim.text for claim in spoken_claims(language)]
        assert len(set(texts)) == len(texts)


def test_a_sentence_that_is_off_has_the_verdict_and_others_have_none() -> None:
    said = {claim.text: claim for claim in spoken_claims("en")}
    off = said["A model with a billion parameters can store about four terabytes of data."]
    assert (off.demo, off.verdict) == ("bits_per_param", TABLES["bits_per_param"]["verdict"])
    assert not said["A language model can store about 3.6 bits per parameter."].verdict
