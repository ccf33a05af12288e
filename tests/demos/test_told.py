"""What demos say about themselves in Chinese, held against the English."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from studykit import demos
from studykit.check.counts.chinese import find_chinese_numbers
from studykit.check.counts.english import find_english_numbers
from studykit.check.counts.numbers import numbers_without
from studykit.demos import LAYERS, NAMES, load
from studykit.demos.settings import settings
from studykit.demos.told import LANGUAGES, Told, chinese_layers, told
from studykit.languages import HAN, detect_language

TEXTS = tomllib.loads(Path(demos.__file__).with_name("chinese.toml").read_text(encoding="utf-8"))
FRACTIONS = {"third": "三分之一", "fifth": "五分之一", "eighth": "八分之一", "tenth": "十分之一"}
"""Which are read as ordinals in English."""


def test_the_file_has_every_demo_in_the_order_of_the_table_and_every_layer() -> None:
    assert list(TEXTS["demos"]) == list(NAMES)
    assert tuple(chinese_layers()) == LAYERS
    texts = [
        text
        for table in TEXTS["demos"].values()
        for value in table.values()
        for text in ([value] if isinstance(value, str) else value)
        if value is not table.get("knobs")
    ]
    assert len(set(texts)) == len(texts), "copied from another demo"


def test_english_is_what_the_demo_says() -> None:
    assert LANGUAGES == ("en", "zh")
    about = load("bpe").demo
    assert told(about, "en") == Told(
        title=about.title,
        layer=about.layer,
        claim=about.claim,
        letters=about.letters,
        cannot_show=about.cannot_show,
        switched_off=about.mechanism.sentence,
        tries=tuple(one.then for one in about.tries),
    )


@pytest.mark.parametrize("name", NAMES)
class TestEveryDemo:
    def test_every_text_is_written_and_chinese(self, name: str) -> None:
        texts = asdict(told(load(name).demo, "zh"))
        assert set(texts) == {field.name for field in fields(Told)}
        tries = texts.pop("tries")
        assert len(tries) == len(load(name).demo.tries)
        knobs = texts.pop("knobs")
        assert set(knobs) <= set(settings(load(name)))
        assert {knob.name for knob in load(name).demo.knobs} <= set(knobs), "a knob without Chinese"
        assert bool(texts["letters"]) == bool(load(name).demo.letters)
        for field, text in [*texts.items(), *(("tries", text) for text in tries), *knobs.items()]:
            assert text == text.strip()
            if field == "letters" and not text:
                continue
            assert re.search(f"[{HAN}]", text), field
            assert not re.search(f'[{HAN}][,;:?!"]|[,;?!"][{HAN}]', text), f"{field}: English punctuation"
            assert not re.search(f"[{HAN}][a-z0-9]|[a-z0-9][{HAN}]", text, re.IGNORECASE), (
                f"{field}: no space"
            )
            assert not re.search(r"\btokens?\b", text), f"{field}: 词元"
            if field not in {"title", "layer", *knobs}:
                assert text.endswith("。"), field
                assert detect_language(text) == "zh", field
        assert texts["switched_off"].count("——") == 1

    def test_numbers_are_those_of_the_english(self, name: str) -> None:
        english, chinese = (told(load(name).demo, language) for language in LANGUAGES)
        pairs = [
            (field, getattr(english, field), getattr(chinese, field)) for field in ("claim", "cannot_show")
        ]
        pairs += [("tries", *pair) for pair in zip(english.tries, chinese.tries, strict=True)]
        for field, said, written in pairs:
            asked = find_english_numbers(said.replace(" and ", ", "))  # "two and three" are no five
            found = find_chinese_numbers(written)
            lost = [number.text for number in numbers_without(asked, found, written)]
            assert [text for text in lost if FRACTIONS.get(text, text) not in written] == [], field
            added = [number.text for number in numbers_without(found, asked, said) if not number.weak]
            named = [FRACTIONS[text] for text in lost if text in FRACTIONS]
            assert [text for text in added if text not in named] == [], field
