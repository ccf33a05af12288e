"""Terms come in: read, compared, and written into a file of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.errors import FormatError, GlossaryError, UnreadableError
from studykit.glossary import Entry, Glossary, load
from studykit.glossary.exchange.csv_exchange import to_csv
from studykit.glossary.exchange.incoming import read_incoming
from studykit.glossary.exchange.merge import Conflict, Difference, compare
from studykit.glossary.exchange.revise import revised
from studykit.glossary.exchange.tables import Row, located
from studykit.glossary.exchange.tbx_writer import to_tbx
from studykit.glossary.exchange.toml_writer import to_toml
from studykit.glossary.rules import Located, shared_problems
from tests.glossary.entries import FULL, GLOSSARIES

MakeEntry = Callable[..., Entry]
MINE = Path("mine.toml")


@settings(max_examples=50)
@given(GLOSSARIES)
def test_toml_that_is_written_is_read(entries: list[Entry]) -> None:
    tables = tomllib.loads(to_toml(entries))["term"]
    terms, problems = located(MINE, [Row(table, None) for table in tables])
    assert not problems
    assert [term.entry for term in terms] == entries


def test_toml_has_the_layout_of_the_shipped_files() -> None:
    assert to_toml([FULL]).startswith(
        '[[term]]\nid = "3d-printing"\nenglish = "three-dimensional printing"\nabbreviation = "3DP"\n'
        'aliases = ["additive | manufacturing", "back\\\\slash print"]\nchinese = "三维打印"\n'
    )
    assert to_toml([FULL]).endswith(
        '\n[[term.claims]]\ntalk = "a talk"\nwhere = "1:09"\nsaid = "It is slow."\nholds = "yes"\n'
    )


@pytest.mark.parametrize("name", ["terms.csv", "terms.tbx", "terms.XML", "terms.toml"])
def test_files_are_read_by_their_names(name: str, tmp_path: Path) -> None:
    write = {".csv": to_csv, ".toml": to_toml}.get(Path(name).suffix, to_tbx)
    (tmp_path / name).write_text(write([FULL]), encoding="utf-8", newline="")
    assert read_incoming(tmp_path / name).entries == (FULL,)


def test_what_cannot_be_read_is_told(tmp_path: Path, make_entry: MakeEntry) -> None:
    with pytest.raises(UnreadableError, match=r"gone\.csv: cannot be read"):
        read_incoming(tmp_path / "gone.csv")
    (tmp_path / "terms.csv").write_bytes("id,chinese\nlayer,层次\n".encode("gb18030"))
    with pytest.raises(FormatError, match="not UTF-8"):
        read_incoming(tmp_path / "terms.csv")
    with pytest.raises(FormatError, match="no glossary by its name"):
        read_incoming(tmp_path / "terms.xlsx")
    (tmp_path / "terms.csv").write_text("id\n")
    with pytest.raises(GlossaryError, match="no term in this file"):
        read_incoming(tmp_path / "terms.csv")
    twice = [make_entry("layer", "layer"), make_entry("sheet", "layers")]
    (tmp_path / "terms.csv").write_text(to_csv(twice), encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"csv:3: term 'sheet': 'layers' is also a form of 'layer'"):
        read_incoming(tmp_path / "terms.csv")


@pytest.fixture(scope="module")
def mine(make_entry: MakeEntry) -> Glossary:
    return Glossary(
        [
            make_entry("layer", "layer", chinese="层次", misheard=("lair",)),
            make_entry("rag", "retrieval", abbreviation="RAG", chinese="检索"),
        ]
    )


def test_new_ones_and_the_same(mine: Glossary, make_entry: MakeEntry) -> None:
    new = make_entry("rag-cloth", "rag", chinese="抹布", see_also=("layer", "thread"))
    link = make_entry("thread", "thread", see_also=("rag-cloth",))
    found = compare(mine, [new, mine.entries[0], link])
    assert found.added == (new, link)
    assert found.identical == (mine.entries[0],)
    assert not found.conflicts


def test_other_content_is_told_field_by_field(mine: Glossary) -> None:
    theirs = replace(mine.entries[0], chinese="层", aliases=("sheet",), misheard=())
    found = compare(mine, [theirs])
    assert not found.added
    assert found.disputed == (theirs,)
    assert found.conflicts == (
        Conflict(
            entry_id="layer",
            kind="content",
            differences=(
                Difference(field="aliases", mine=None, theirs=["sheet"]),
                Difference(field="chinese", mine="层次", theirs="层"),
                Difference(field="misheard", mine=["lair"], theirs=None),
            ),
        ),
    )
    assert found.replaceable({"layer"}) == (theirs,)
    assert found.replaceable({"rag"}) == ()


@pytest.mark.parametrize(
    ("fields", "form", "other"),
    [
        ({"aliases": ("Layers",)}, "Layers", "layer"),
        ({"abbreviation": "RAG"}, "RAG", "rag"),
        ({"chinese": "检索"}, "检索", "rag"),
        ({"aliases": ("lair",)}, "lair", "layer"),
        ({"misheard": ("layer",)}, "layer", "layer"),
    ],
)
def test_a_form_that_belongs_to_another(
    fields: dict[str, object], form: str, other: str, mine: Glossary, make_entry: MakeEntry
) -> None:
    theirs = make_entry("coat", "coat", **fields)
    found = compare(mine, [theirs])
    assert found.conflicts == (Conflict(entry_id="coat", kind="form", form=form, other=other),)
    assert not found.added


def test_what_links_to_a_term_that_stays_out_stays_out_too(mine: Glossary, make_entry: MakeEntry) -> None:
    out = make_entry("coat", "layer")
    first, second = (
        make_entry("a-1", "first", see_also=("coat",)),
        make_entry("a-2", "second", see_also=("a-1",)),
    )
    found = compare(mine, [second, first, out])
    assert not found.added
    assert [(c.entry_id, c.kind, c.other) for c in found.conflicts] == [
        ("a-2", "link", "a-1"),
        ("a-1", "link", "coat"),
        ("coat", "form", "layer"),
    ]
    changed = replace(mine.entries[1], see_also=("nowhere",))
    found = compare(mine, [changed])
    assert [conflict.kind for conflict in found.conflicts] == ["content", "link"]
    assert found.replaceable({"rag"}) == ()


WORDS = st.sampled_from(["layer", "layers", "RAG", "rag", "coat", "sheet", "SEAL", "seal"])
CHINESE = st.sampled_from(["层次", "抹布", "检索"])


@st.composite
def _small(draw: st.DrawFn) -> Entry:
    return Entry(
        id=draw(st.sampled_from("abcd")),
        english=draw(WORDS),
        aliases=tuple(draw(st.lists(WORDS, max_size=1))),
        misheard=tuple(draw(st.lists(WORDS, max_size=1))),
        see_also=tuple(draw(st.lists(st.sampled_from("abcde"), max_size=1))),
        chinese=draw(CHINESE),
        category="general",
        definition_en="A thing.",
        definition_zh="一个东西。",
        source="test",
    )


def problems(entries: list[Entry], *, ids: str = "") -> list[str]:
    known = {entry.id for entry in entries} | set(ids)
    return shared_problems([Located(where=entry.id, entry=entry) for entry in entries], known)


SIDES = st.lists(_small(), max_size=3, unique_by=lambda entry: entry.id)


@settings(max_examples=150)
@given(
    SIDES.filter(lambda side: not problems(side)), SIDES.filter(lambda side: not problems(side, ids="abcde"))
)
def test_what_is_taken_keeps_the_rules(mine: list[Entry], theirs: list[Entry]) -> None:
    found = compare(Glossary(mine), theirs)
    replaced = {entry.id: entry for entry in found.replaceable({entry.id for entry in mine})}
    taken = [replaced.get(entry.id, entry) for entry in mine] + list(found.added)
    assert not problems(taken)
    assert len(found.added) + len(found.identical) + len(found.disputed) == len(theirs)
    assert {conflict.entry_id for conflict in found.conflicts} == {entry.id for entry in found.disputed}


def test_remarks_and_layout_stay(make_entry: MakeEntry, tmp_path: Path) -> None:
    one, two, three = (make_entry(f"t{i}", f"word number{i}") for i in range(3))
    text = (
        "# My terms.\n\n"
        + to_toml([one]).replace('"general"', "'general'  # for now")
        + "\n# About two.\n"
        + to_toml([two])
        + "\n# About three.\n\n"
        + to_toml([three])
        + "# The end.\n"
    )
    added = make_entry("t3", "word number3")
    changed = replace(two, definition_en="Other.")
    made = revised(text, replaced=[changed], added=[added], path=MINE)
    assert made == text.replace(to_toml([two]), to_toml([changed])) + "\n" + to_toml([added])
    last = replace(three, definition_en="Other.")
    assert revised(text, replaced=[last], added=[], path=MINE).endswith('source = "test"\n# The end.\n')
    assert revised("", replaced=[], added=[one], path=MINE) == to_toml([one])
    (tmp_path / "mine.toml").write_text(made, encoding="utf-8")
    assert load([tmp_path / "mine.toml"]).entries == (one, changed, three, added)


def test_a_file_that_only_a_person_can_change(make_entry: MakeEntry) -> None:
    one = make_entry("t1", "word")
    rows = ", ".join(line for line in to_toml([one]).splitlines()[1:])
    with pytest.raises(GlossaryError, match=r"mine\.toml: laid out"):
        revised(f"term = [{{ {rows} }}]\n", replaced=[replace(one, source="me")], added=[], path=MINE)
    with pytest.raises(GlossaryError, match=r"mine\.toml: laid out"):
        revised(f"term = [{{ {rows} }}]\n", replaced=[], added=[make_entry("t2", "two")], path=MINE)


@settings(max_examples=50)
@given(GLOSSARIES, GLOSSARIES, st.data())
def test_a_revised_file_holds_what_it_should(old: list[Entry], new: list[Entry], data: st.DataObject) -> None:
    ids = {entry.id for entry in old}
    added = [entry for entry in new if entry.id not in ids]
    replaced = [replace(new[0], id=old[0].id, see_also=(), ambiguous=())] if data.draw(st.booleans()) else []
    made = revised(to_toml(old), replaced=replaced, added=added, path=MINE)
    terms, broken = located(MINE, [Row(table, None) for table in tomllib.loads(made)["term"]])
    assert not broken
    assert [term.entry for term in terms] == [*(replaced or old[:1]), *old[1:], *added]
