from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from studykit.glossary import CATEGORIES, Entry, Glossary, Matcher, load, validate
from studykit.resources import data_dir


@pytest.fixture(scope="module")
def shipped() -> Glossary:
    return load([data_dir("glossaries")])


def test_the_shipped_glossary_keeps_the_rules() -> None:
    assert validate([data_dir("glossaries")]) == []


def test_it_covers_the_stack(shipped: Glossary) -> None:
    assert len(shipped.entries) >= 700
    assert {entry.category for entry in shipped.entries} == set(CATEGORIES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_form_finds_its_own_entry(shipped: Glossary, language: str) -> None:
    matcher = Matcher(shipped, language)
    for entry in shipped.entries:
        for form in entry.english_forms if language == "en" else entry.chinese_forms:
            # A related term next to it vouches for a form that is an ordinary word as well.
            company = (*entry.see_also, *entry.company) if form in entry.ambiguous else ()
            texts = [form, *(other.english for name in company if (other := shipped.get(name)))]
            found = matcher.find_in(texts)[0]
            assert [(m.entry_id, len(m.span)) for m in found] == [(entry.id, len(form))], form
            assert shipped.look_up(form) is entry


@pytest.mark.parametrize(
    "text",
    [
        "She memorized her lines and gave them as a token of thanks.",
        "Job training for the young needs prompt funding.",
        "One should not generalize from a refusal at the border.",
        "Claude went to sea in an epoch of war.",
    ],
)
def test_ordinary_words_are_no_terms_by_themselves(shipped: Glossary, text: str) -> None:
    assert not Matcher(shipped, "en").find(text)


def test_they_are_in_company(shipped: Glossary) -> None:
    text = "A large language model can memorize a benchmark, and every token costs."
    ids = {match.entry_id for match in Matcher(shipped, "en").find(text)}
    assert {"memorization", "benchmark", "token"} <= ids


def test_a_paragraph_and_its_translation_hold_the_same_terms(shipped: Glossary) -> None:
    english = (
        "First comes pre-training on a large data set, then fine tuning, often with LoRA. "
        "At inference the KV cache saves GPU time, and RAG brings in what the weights do not hold."
    )
    chinese = (
        "先在大规模数据集上预训练，再做微调，常用LoRA。"
        "推理时，KV 缓存节省 GPU 时间，RAG则补上权重里没有的内容。"
    )
    ids = [match.entry_id for match in Matcher(shipped, "en").find(english)]
    assert ids == ["pre-training", "dataset", "fine-tuning", "lora", "inference", "kv-cache", "gpu", "rag",
                   "weights"]  # fmt: skip
    assert sorted(match.entry_id for match in Matcher(shipped, "zh").find(chinese)) == sorted(ids)


def test_the_documented_example_is_a_shipped_term(shipped: Glossary) -> None:
    page = Path(__file__).parents[2] / "docs" / "glossary-format.md"
    text = page.read_text(encoding="utf-8")
    table = tomllib.loads(text.split("```toml\n")[1].split("```")[0])["term"][0]
    entry = shipped.get(table["id"])
    assert entry is not None
    assert {key: list(v) if isinstance(v := getattr(entry, key), tuple) else v for key in table} == table
    assert all(f"`{name}`" in text for name in Entry.__struct_fields__)
    assert all(f"`{category}`" in text for category in CATEGORIES)
