from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.glossary import Entry, Glossary
from studykit.types import Gloss

MakeEntry = Callable[..., Entry]


@pytest.fixture(scope="module")
def glossary(make_entry: MakeEntry) -> Glossary:
    return Glossary(
        [
            make_entry("seal", "self-adapting model", abbreviation="SEAL"),
            make_entry("seal-animal", "seal", chinese="海豹"),
            make_entry("rag", "retrieval-augmented generation", abbreviation="RAG", chinese="检索增强生成"),
            make_entry("kv-cache", "KV cache", chinese="KV 缓存", chinese_accepted=("键值缓存",)),
        ]
    )


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("RAG", "rag"),
        ("rag", "rag"),
        (" Retrieval augmented  generation ", "rag"),
        ("检索增强生成", "rag"),
        ("SEAL", "seal"),
        ("seal", "seal-animal"),
        ("Seals", "seal-animal"),
        ("kv caches", "kv-cache"),
        ("KV缓存", "kv-cache"),
        ("键值缓存", "kv-cache"),
        ("ra", None),
        ("", None),
    ],
)
def test_look_up(glossary: Glossary, text: str, entry_id: str | None) -> None:
    entry = glossary.look_up(text)
    assert (entry and entry.id) == entry_id


def test_entries_are_sorted_and_found_by_id(glossary: Glossary) -> None:
    assert [entry.id for entry in glossary.entries] == ["kv-cache", "rag", "seal", "seal-animal"]
    assert glossary.get("rag") is glossary.entries[1]
    assert glossary.get("RAG") is None


def test_glosses_name_their_source(make_entry: MakeEntry) -> None:
    entry = make_entry("a", "thing", definition_en="It.", definition_zh="它。", source="studykit")
    assert entry.glosses == (
        Gloss(text="It.", language="en", source="studykit"),
        Gloss(text="它。", language="zh", source="studykit"),
    )


@pytest.mark.parametrize(
    ("change", "forms_change"),
    [
        ({"definition_en": "Else."}, False),
        ({"category": "data"}, True),
        ({"see_also": ("kv-cache",)}, True),
        ({"ambiguous": ("RAG",)}, True),
        ({"not_in": ("RAG time",)}, True),
        ({"misheard": ("rag",)}, False),
        ({"aliases": ("RAG system",)}, True),
        ({"chinese_accepted": ("检索增强",)}, True),
        ({"abbreviation": None}, True),
        ({"id": "rag-2"}, True),
    ],
)
def test_digests_change_with_what_they_stand_for(
    glossary: Glossary, change: dict[str, Any], forms_change: bool
) -> None:
    changed = [replace(e, **change) if e.id == "rag" else e for e in glossary.entries]
    other = Glossary(reversed(changed))
    assert (other.forms_digest != glossary.forms_digest) is forms_change
    assert other.entry_digest(change.get("id", "rag")) != glossary.entry_digest("rag")
    assert other.entry_digest("seal") == glossary.entry_digest("seal")
    with pytest.raises(KeyError):
        glossary.entry_digest("nowhere")
