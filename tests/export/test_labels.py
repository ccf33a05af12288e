"""Notes and handouts are worded in one language, that of their labels, and no word is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

import pytest
from msgspec import Struct

from studykit.export import LABELS
from studykit.export.handout.labels import SHEET_LABELS
from studykit.export.site.wordings import SITE_LABELS
from studykit.export.stack import CATEGORY_NAMES
from studykit.resources import data_dir
from studykit.types import FindingKind

WORD = re.compile("[A-Za-z]{2,}")
HAN = re.compile("[\u4e00-\u9fff]")
NAMES = {"studykit", "CC", "CEDICT", "BY", "SA", "Python", "JavaScript", "numpy"}
TYPED = re.compile(r"studykit [a-z]+|--[a-z]+|<[^>]*>|{[^}]*}|`[^`]*`")
"""Commands, options, tags, values and code: what a label names as it is typed."""


def wordings(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """All texts of labels with their places."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from wordings(item, f"{place}.{key}")
    elif isinstance(value, Sequence):
        for item in value:
            yield from wordings(item, place)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in {"language", "code", "placeholder"}:  # the last has samples
                yield from wordings(getattr(value, name), f"{place}.{name}")


@pytest.mark.parametrize("labels", [LABELS, SHEET_LABELS, SITE_LABELS], ids=["notes", "sheet", "site"])
def test_no_label_mixes_languages(labels: Mapping[str, object]) -> None:
    chinese = next(found for name, found in labels.items() if name.startswith("zh"))
    for place, text in wordings(chinese):
        assert set(WORD.findall(TYPED.sub("", text))) <= NAMES, (place, text)
    for place, text in wordings(labels["en"]):
        assert not HAN.search(text), (place, text)


def test_categories_have_names_in_both_languages() -> None:
    for name in CATEGORY_NAMES.values():
        assert not WORD.search(name.zh)
        assert not HAN.search(name.en)


def test_every_rule_and_kind_has_a_label() -> None:
    page = (Path(__file__).parents[2] / "docs" / "correct.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    for labels in LABELS.values():
        assert set(labels.rules) == rules
        assert set(labels.checks) == set(get_args(FindingKind))


@pytest.mark.parametrize(
    "name",
    [
        *("notes.md.j2", "notes_head.html.j2", "notes_body.html.j2", "exercise.html.j2", "macros.html.j2"),
        *("overview.html.j2", "epub/overview.xhtml.j2", "epub/answers.xhtml.j2"),
    ],
)
def test_templates_have_no_words_of_their_own(name: str) -> None:
    """All wording, doubts and warnings too, comes from the labels, of which both languages have all."""
    text = (data_dir("templates") / name).read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`|<code>.*?</code>", "", text)
    attributes = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text)
    shown = "\n".join([re.sub(r"<[^>]*>", "", text), *attributes])
    assert not WORD.search(shown), WORD.findall(shown)
    assert not HAN.search(shown)


@pytest.mark.parametrize("part", [None, "assist"])
def test_labels_take_as_many_values_in_both_languages(part: str | None) -> None:
    both = [getattr(LABELS[language], part) if part else LABELS[language] for language in ("zh", "en")]
    for name in both[0].__struct_fields__:
        pair = [getattr(labels, name) for labels in both]
        if isinstance(pair[0], str):
            assert pair[0].count("{}") == pair[1].count("{}"), name
