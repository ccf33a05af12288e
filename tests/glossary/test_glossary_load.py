from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from studykit.errors import GlossaryError
from studykit.glossary import CATEGORIES, Entry, load, unfinished, validate

WriteTerms = Callable[..., Path]

FULL = """\
[[term]]
id = "kv-cache"
english = "KV cache"
abbreviation = "KVC"
aliases = ["key-value cache"]
chinese = "KV 缓存"
chinese_accepted = ["键值缓存"]
category = "architecture"
definition_en = "Kept keys and values."
definition_zh = "保留下来的键和值。"
misheard = ["KV cash"]
keep_english = true
demo = "kv_cache"
see_also = ["other-0"]
source = "studykit"
reference = "arXiv:1706.03762"
"""


def test_every_field_arrives(tmp_path: Path, write_terms: WriteTerms) -> None:
    path = tmp_path / "full.toml"
    path.write_text(FULL, encoding="utf-8")
    glossary = load([path, write_terms("other.toml", "")])
    assert [entry.id for entry in glossary.entries] == ["kv-cache", "other-0"]
    assert glossary.get("kv-cache") == Entry(
        id="kv-cache",
        english="KV cache",
        abbreviation="KVC",
        aliases=("key-value cache",),
        chinese="KV 缓存",
        chinese_accepted=("键值缓存",),
        category="architecture",
        definition_en="Kept keys and values.",
        definition_zh="保留下来的键和值。",
        misheard=("KV cash",),
        keep_english=True,
        demo="kv_cache",
        see_also=("other-0",),
        source="studykit",
        reference="arXiv:1706.03762",
    )


def test_a_folder_stands_for_its_files(tmp_path: Path, write_terms: WriteTerms) -> None:
    write_terms("b.toml", "")
    write_terms("a.toml", "", "")
    (tmp_path / "readme.txt").write_text("no glossary", encoding="utf-8")
    assert [entry.id for entry in load([tmp_path]).entries] == ["a-0", "a-1", "b-0"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("colour = 1", "unknown key 'colour'"),
        ("source =", "'source' is missing"),
        ("english = 3", "'english' must be a text that is not empty"),
        ('definition_en = " "', "'definition_en' must be a text that is not empty"),
        ('aliases = "one"', "'aliases' must be a list of texts that are not empty"),
        ('misheard = [""]', "'misheard' must be a list of texts that are not empty"),
        ('keep_english = "yes"', "'keep_english' must be true or false"),
        (
            'id = "Two_Words"',
            "'id' must be lower-case letters and digits joined by hyphens: 'Two_Words'",
        ),
        ('category = "cooking"', f"unknown category 'cooking'; one of {', '.join(CATEGORIES)}"),
        (f'definition_en = "{"a" * 301}"', "'definition_en' has 301 characters, at most 300 are allowed"),
        (f'definition_zh = "{"字" * 151}"', "'definition_zh' has 151 characters, at most 150 are allowed"),
        ('definition_zh = "a thing"', "'definition_zh' is not Chinese"),
        ('chinese = "LoRA"', "'chinese' is not Chinese; if the term stays English, set keep_english = true"),
        ('chinese_accepted = ["词"]', "'chinese_accepted' is too short to be told from other words: '词'"),
        ('abbreviation = "A"', "'abbreviation' is too short to be told from other words: 'A'"),
        ('aliases = ["two  spaces"]', "'aliases' has white space too much: 'two  spaces'"),
        ('aliases = ["微调"]', "'aliases' holds Chinese: '微调'"),
        ('see_also = ["nowhere"]', "'see_also' names no term: 'nowhere'"),
        ('see_also = ["own-0"]', "'see_also' names the term itself"),
        ('misheard = ["own  Word-0"]', "'misheard' has white space too much: 'own  Word-0'"),
        ('misheard = ["Own Words 0"]', None),
        ('misheard = ["Own word 0"]', "misheard 'Own word 0' is a right form of 'own-0'"),
        ('abbreviation = "OWN"\nmisheard = ["own"]', None),
        ('abbreviation = "OWN"\nmisheard = ["OWNs"]', "misheard 'OWNs' is a right form of 'own-0'"),
        ('chinese = "LoRA"\nkeep_english = true', None),
    ],
)
def test_one_broken_rule_gives_one_problem(write_terms: WriteTerms, lines: str, problem: str | None) -> None:
    path = write_terms("own.toml", lines)
    label = "Two_Words" if "Two_Words" in lines else "own-0"
    assert validate([path]) == ([] if problem is None else [f"{path}: term {label!r}: {problem}"])


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path, write_terms: WriteTerms) -> None:
    first = write_terms("first.toml", 'id =\nenglish = "no id"', 'category = "x"\ncolour = 1')
    second = write_terms("second.toml", 'id = "first-1"', 'see_also = ["gone"]')
    broken = tmp_path / "broken.toml"
    broken.write_text("[[term]]\nid = \n", encoding="utf-8")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'[[term]]\nid = "caf\xe9"\n')
    empty = tmp_path / "empty"
    empty.mkdir()
    paths = [first, second, broken, latin, empty, tmp_path / "absent.toml"]
    with pytest.raises(GlossaryError) as raised:
        load(paths)
    assert raised.value.problems == validate(paths)
    assert pickle.loads(pickle.dumps(raised.value)).problems == raised.value.problems
    assert raised.value.problems == [
        f"{first}: term 'no id': 'id' is missing",
        f"{first}: term 'first-1': unknown key 'colour'",
        f"{first}: term 'first-1': unknown category 'x'; one of {', '.join(CATEGORIES)}",
        f"{broken}: not TOML: Invalid value (at line 2, column 6)",
        f"{latin}: not UTF-8 (byte 18)",
        f"{empty}: no *.toml file in this folder",
        f"{tmp_path / 'absent.toml'}: cannot be read: No such file or directory",
        f"{second}: term 'first-1': the id is taken; see {first}: term 'first-1'",
        f"{second}: term 'second-1': 'see_also' names no term: 'gone'",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "no [[term]] in this file"),
        ("term = 3\n", "'term' must be tables, written [[term]]"),
        (
            "licence = 'MIT'\n" + FULL.replace("other-0", "x"),
            "unknown key 'licence'; terms go under [[term]]",
        ),
    ],
)
def test_the_file_as_a_whole_has_rules_too(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(content, encoding="utf-8")
    assert validate([path])[0] == f"{path}: {problem}"


@pytest.mark.parametrize(
    ("one", "other", "claimed"),
    [
        ('english = "fine-tuning"', 'english = "Fine tuning"', True),
        ('english = "fine-tuning"', 'english = "finetuning"', True),
        ('english = "weight"', 'english = "weights"', True),
        ('abbreviation = "RAG"', 'abbreviation = "RAG"', True),
        ('abbreviation = "SEAL"', 'english = "seal"', False),
        ('chinese = "键值 KV 缓存"', 'chinese_accepted = ["键值KV缓存"]', True),
        ('chinese = "推理"', 'chinese = "推理模型"', False),
    ],
)
def test_a_form_belongs_to_one_term(write_terms: WriteTerms, one: str, other: str, claimed: bool) -> None:
    problems = validate([write_terms("own.toml", one, other)])
    assert [problem.split(": ")[-1].endswith("is also a form of 'own-0'") for problem in problems] == (
        [True] if claimed else []
    )


def test_a_term_on_its_own_and_a_demo_that_is_not_there_are_unfinished(tmp_path: Path) -> None:
    fields = 'category = "general"\ndefinition_en = "A."\ndefinition_zh = "一种。"\nsource = "me"\n'
    file = tmp_path / "mine.toml"
    file.write_text(
        f'[[term]]\nid = "one"\nenglish = "first thing"\nchinese = "第一"\ndemo = "gone"\n{fields}'
        f'[[term]]\nid = "two"\nenglish = "second thing"\nchinese = "第二"\nsee_also = ["three"]\n{fields}'
        f'[[term]]\nid = "three"\nenglish = "third thing"\nchinese = "第三"\n{fields}',
        encoding="utf-8",
    )
    assert validate([file]) == []
    assert unfinished([file], ["there"]) == [
        f"{file}: term 'one': stands alone; 'see_also' leads neither from it nor to it",
        f"{file}: term 'one': there is no demo 'gone'",
    ]


CLAIM = (
    '[[term.claims]]\ntalk = "A talk"\nwhere = "01:00"\nsaid = "It is large."\n'
    'holds = "partly"\nremark = "By half."\n'
)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (CLAIM.replace("partly", "perhaps"), "'holds' must be one of yes, partly, no, open"),
        (CLAIM.replace('remark = "By half."\n', ""), "needs a 'remark'"),
        (CLAIM.replace("said", "sayd"), "unknown key 'sayd'"),
        (CLAIM.replace('"A talk"', "3"), "'talk' must be a text"),
        ('note_en = "Not so."\n', "in both languages or in none"),
    ],
)
def test_notes_and_claims_have_rules_too(wrong: str, problem: str, tmp_path: Path) -> None:
    term = (
        '[[term]]\nid = "one"\nenglish = "first thing"\nchinese = "第一"\ncategory = "general"\n'
        'definition_en = "A."\ndefinition_zh = "一种。"\nsource = "me"\n'
    )
    file = tmp_path / "mine.toml"
    file.write_text(term + CLAIM, encoding="utf-8")
    assert load([file]).entries[0].claims[0].remark == "By half."
    file.write_text(term + wrong, encoding="utf-8")
    assert any(problem in found for found in validate([file]))


def test_ambiguous_forms_and_phrases_belong_to_their_term(write_terms: WriteTerms) -> None:
    path = write_terms(
        "mine.toml",
        'ambiguous = ["other"]\nsee_also = ["mine-1"]',
        'ambiguous = ["mine word 1"]',
        'not_in = ["something else"]',
        'not_in = ["no mine word 3 here"]\nambiguous = ["mine词3"]\nsee_also = ["mine-1"]',
    )
    found = [problem.split(": ", 2)[2] for problem in validate([path])]
    odd = write_terms("odd.toml", 'ambiguous = ["odd word 0"]\ncompany = ["data", "nothing"]')
    assert [problem.split(": ", 2)[2] for problem in validate([odd])] == [
        "'company' names no term and no category: 'nothing'"
    ]
    assert found == [
        "'ambiguous' names no form of this term: 'other'",
        "'ambiguous' forms need 'see_also' or 'company': they count only near such terms",
        "'not_in' holds no form of this term: 'something else'",
    ]
