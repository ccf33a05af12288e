"""Our own dictionary: what its files must keep to, and how it is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import opencc
import pytest

from studykit.languages import HAN
from studykit.lexicon.supplement import (
    SupplementEntry,
    supplement,
    supplement_any,
    supplement_entries,
    supplement_parts,
    supplement_words,
)
from studykit.resources import data_dir

ENTRIES = supplement_entries()
FILES = sorted((data_dir("lexicon") / "supplement").glob("*.tsv"))
HAS_HAN = re.compile(f"[{HAN}]")
SENSE = re.compile(rf"[{HAN}A-Za-z0-9·……“”（），、/ -]+")
SIMPLIFIED: Callable[[str], str] = opencc.OpenCC("t2s").convert


def test_several_thousand_words() -> None:
    assert len(ENTRIES) > 3000


def wrong(is_wrong: Callable[[SupplementEntry], object]) -> list[SupplementEntry]:
    return [entry for entry in ENTRIES if is_wrong(entry)]


def test_heads_are_lemmas_as_taggers_give_them() -> None:
    assert not wrong(lambda entry: not re.fullmatch(r"[a-z]+(?:[-' ][a-z]+)*", entry.head))
    assert not wrong(lambda entry: entry.pos not in {"NOUN", "VERB", "ADJ", "ADV", "ADP", "SCONJ", "INTJ"})


def test_the_table_has_what_the_files_have() -> None:
    for entry in ENTRIES:
        assert supplement(entry.head.upper(), entry.pos) == entry.senses
        assert entry.pos in supplement_parts(entry.head)
        assert set(entry.senses) <= set(supplement_any(entry.head))
    words = supplement_words()
    assert {"独立", "独立的"} <= words
    assert all(len(word) > 1 and not set("（(") & set(word) for word in words)
    assert len(words) > len(ENTRIES)
    assert supplement_parts("") == supplement_any("") == ()


def test_no_head_is_listed_twice_as_one_part_of_speech() -> None:
    counts = Counter((entry.head, entry.pos) for entry in ENTRIES)
    assert not [key for key, count in counts.items() if count > 1]


def test_senses_are_chinese_and_differ() -> None:
    assert not wrong(lambda entry: not 1 <= len(entry.senses) <= 5)
    assert not wrong(lambda entry: any(not HAS_HAN.search(sense) for sense in entry.senses))
    assert not wrong(lambda entry: any(not SENSE.fullmatch(sense) for sense in entry.senses))
    assert not wrong(lambda entry: len(set(entry.senses)) != len(entry.senses))


def test_chinese_is_simplified() -> None:
    def traditional(entry: SupplementEntry) -> bool:
        text = "；".join((*entry.senses, entry.note))
        return SIMPLIFIED(text) != text

    assert not wrong(traditional)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_are_sorted_tables_of_four_columns(path: Path) -> None:
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    assert header == "head\tpos\tchinese\tnote"
    assert not [row for row in rows if row.count("\t") != 3]
    keys = [tuple(row.split("\t")[:2]) for row in rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("head", "pos", "chinese"),
    [
        ("significantly", "ADV", "显著地"),
        ("gain", "VERB", "获得"),
        ("gain", "NOUN", "收益"),
        ("approach", "NOUN", "方法"),
        ("cheat", "VERB", "作弊"),
        ("takeaway", "NOUN", "要点"),
        ("tweak", "VERB", "微调"),
        ("downside", "NOUN", "缺点"),
        ("nuance", "NOUN", "细微差别"),
        ("Aggregate", "VERB", "聚合"),
    ],
)
def test_the_sense_by_part_of_speech_comes_first(head: str, pos: str, chinese: str) -> None:
    assert supplement(head, pos)[0] == chinese


def test_what_is_not_listed_is_not_guessed() -> None:
    assert supplement("zzyzxq", "NOUN") == ()
    assert supplement("significantly", "NOUN") == ()
    assert supplement("significantly", None) == ("显著地", "大幅地")
    assert supplement("gain", None) == ()


@pytest.mark.parametrize(
    ("head", "pos", "chinese"),
    [
        ("organisation", "NOUN", "组织"),
        ("colourful", "ADJ", "丰富多彩的"),
        ("modelling", "NOUN", "建模"),
        ("defence", "NOUN", "防御"),
        ("programme", "NOUN", "程序"),
    ],
)
def test_british_spelling_is_found_under_the_american_one(head: str, pos: str, chinese: str) -> None:
    assert supplement(head, pos)[0] == chinese


@pytest.mark.parametrize("head", ["fourth", "mourning", "poem", "filling", "premise"])
def test_words_that_only_look_british_are_themselves(head: str) -> None:
    other = {
        "fourth": "forth",
        "mourning": "morning",
        "poem": "pem",
        "filling": "filing",
        "premise": "premize",
    }
    assert not supplement_any(head) or supplement_any(head) != supplement_any(other[head])
