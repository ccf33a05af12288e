"""A user's glossary outranks the built-in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.errors import GlossaryError
from studykit.glossary import Matcher, load, outrank, replacements, validate
from studykit.glossary.rules import Located
from studykit.resources import data_dir

WriteTerms = Callable[..., Path]

BUILT_IN = (
    'id = "linear"\nenglish = "linear layer"\naliases = ["dense layer"]\nchinese = "线性层"\n'
    'chinese_accepted = ["稠密层"]\nmisheard = ["linear lair"]\nsee_also = ["network"]',
    'id = "network"\nenglish = "network"\nabbreviation = "NET"\nchinese = "网络"\nsee_also = ["linear"]',
    'id = "reasoning"\nenglish = "inference"\nchinese = "推理"\nchinese_accepted = ["推断"]\n'
    'ambiguous = ["推理"]\nsee_also = ["network"]',
)


def outranking(write_terms: WriteTerms, *own: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The forms of each term, and what is said of replacements, with the path cut off."""
    built_in, mine = write_terms("built.toml", *BUILT_IN), write_terms("mine.toml", *own)
    assert validate([built_in], [mine]) == []
    terms = load([built_in], own=[mine])
    forms = {entry.id: (*entry.english_forms, *entry.chinese_forms) for entry in terms.entries}
    said = [line.removeprefix(f"{mine.parent}/") for line in replacements([built_in], [mine])]
    return forms, said


def test_the_same_id_replaces(write_terms: WriteTerms) -> None:
    forms, said = outranking(write_terms, 'id = "linear"\nenglish = "FC"\nchinese = "全连接"')
    assert forms["linear"] == ("FC", "全连接")
    assert said == ["mine.toml: term 'linear' replaces the built-in 'linear'"]


@pytest.mark.parametrize("form", ["Networks", "NET"])
def test_the_same_name_replaces_and_links_follow(write_terms: WriteTerms, form: str) -> None:
    built_in = write_terms("built.toml", *BUILT_IN)
    mine = write_terms("mine.toml", f'id = "my-net"\naliases = ["{form}"]')
    terms = load([built_in], own=[mine])
    assert terms.get("network") is None
    linked = terms.get("linear")
    assert linked
    assert linked.see_also == ("my-net",)
    assert replacements([built_in], [mine]) == [f"{mine}: term 'my-net' replaces the built-in 'network'"]


def test_another_form_is_taken_and_the_next_becomes_the_head(write_terms: WriteTerms) -> None:
    forms, said = outranking(
        write_terms, 'id = "think"\nchinese = "推理"\naliases = ["dense layers", "linear lair"]'
    )
    assert forms["reasoning"] == ("inference", "推断")
    assert forms["linear"] == ("linear layer", "线性层", "稠密层")
    assert said == [
        "mine.toml: term 'think' takes 'dense layer' from the built-in 'linear'",
        "mine.toml: term 'think' takes '推理' from the built-in 'reasoning'",
    ]


def test_a_term_without_chinese_left_gives_way(write_terms: WriteTerms) -> None:
    forms, _ = outranking(write_terms, 'id = "mine"\nchinese = "线性层"\nchinese_accepted = ["稠密层"]')
    assert "linear" not in forms


def test_a_link_to_what_was_replaced_is_an_error(write_terms: WriteTerms) -> None:
    built_in = write_terms("built.toml", *BUILT_IN)
    mine = write_terms("mine.toml", 'id = "m"\nenglish = "network"\nsee_also = ["network"]')
    with pytest.raises(GlossaryError, match="names no term: 'network'"):
        load([built_in], own=[mine])


def test_the_shipped_terms_can_be_outranked(write_terms: WriteTerms) -> None:
    mine = write_terms("mine.toml", 'id = "rag-mine"\nenglish = "RAG"\nchinese = "检索增强"')
    assert validate([data_dir("glossaries")], [mine]) == []
    terms = load([data_dir("glossaries")], own=[mine])
    assert [match.entry_id for match in Matcher(terms, "en").find("We use RAG.")] == ["rag-mine"]


def test_a_form_that_begins_otherwise_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are spelled only where a user's term begins alike: the same as if all were spelled."""
    entries = load([data_dir("glossaries")]).entries
    shipped = [form for entry in entries for form in (*entry.english_forms, *entry.chinese_forms)]
    ends = ("", "s", "es", "-like")
    owned = [form.replace(" ", "-") + ends[i % len(ends)] for i, form in enumerate(shipped) if i % 7 == 0]
    own = [
        Located(where="mine.toml", entry=replace(entries[0], id=f"t{i}", english=form, aliases=()))
        for i, form in enumerate([*owned, "AI", "kies", "Y"])
    ]
    asked = [*shipped, *(form + "s" for form in shipped), "ai", "AIs", "ky", "ies", "Ys", "k y"]
    found = list(map(outrank._Owners(own).of, asked))
    monkeypatch.setattr(outrank, "_beginning", lambda form: "")
    assert found == list(map(outrank._Owners(own).of, asked))
    assert sum(map(bool, found)) > 100
