"""``studykit glossary``: search, export and import."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.glossary import Entry, load
from studykit.glossary.exchange.csv_exchange import to_csv
from studykit.glossary.exchange.incoming import read_incoming
from studykit.glossary.exchange.toml_writer import to_toml
from studykit.resources import data_dir
from studykit.store import Store
from tests.cli.calls import calls_in
from tests.talks import SMALL_TALK

Command = Callable[..., tuple[int, str, str]]

LAYER = Entry(
    id="icing-layer",
    english="icing layer",
    chinese="糖霜层",
    category="general",
    definition_en="What lies on a cake.",
    definition_zh="蛋糕上的一层。",
    source="me",
)


@pytest.fixture
def glossary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    studykit = calls_in(tmp_path, monkeypatch, capsys)

    def run(*args: str) -> tuple[int, str, str]:
        done = studykit("glossary", *args)
        return done.code, done.out, done.err

    return run


def imported(glossary: Command, *args: str) -> tuple[int, Any]:
    code, out, _ = glossary("import", *args, "--json")
    return code, json.loads(out)


def put(path: str, *entries: Entry) -> None:
    write = to_csv if path.endswith("csv") else to_toml
    Path(path).write_text(write(entries), encoding="utf-8", newline="")


def test_search(glossary: Command) -> None:
    code, out, _ = glossary("search", "jiansuo zengqiang", "--limit", "1")
    assert (code, out.split()[0]) == (0, "rag")
    (found,) = json.loads(glossary("search", "RAG", "--limit", "1", "--json")[1])
    assert (found["kind"], found["field"], found["form"], found["score"]) == (
        "exact",
        "abbreviation",
        "RAG",
        1,
    )
    assert found["entry"]["id"] == "rag"
    assert "[微调]" not in glossary("search", "微调")[1]
    code, out, err = glossary("search", "zebra crossing")
    assert (code, out) == (0, "")
    assert "Nothing found" in err
    assert glossary("search", "RAG", "--limit", "0")[0] == 2


def test_show_asks_whether_another_was_meant(glossary: Command) -> None:
    code, _, err = glossary("show", "retreival augmented generation")
    assert code == 1
    assert "no term 'retreival augmented generation'; did you mean 'RAG'?" in err
    assert "`studykit glossary list` lists all terms" in glossary("show", "zebra crossing")[2]


@pytest.mark.parametrize("name", ["terms.csv", "terms.tbx", "terms.toml"])
def test_what_goes_out_comes_back_the_same(name: str, glossary: Command) -> None:
    entries = load([data_dir("glossaries")]).entries
    assert glossary("export", "-o", name)[:2] == (0, f"{name}\n")
    assert read_incoming(Path(name)).entries == entries
    code, report = imported(glossary, name, "--into", "my.toml", "--take", "theirs")
    assert code == 0
    assert report["identical"] == [entry.id for entry in entries]
    assert report["written"] is None
    assert not any(report[key] for key in ("added", "replaced", "kept", "conflicts", "left_out"))
    assert not Path("my.toml").exists()


def test_tbx_of_2008_comes_back_the_same(glossary: Command) -> None:
    assert glossary("export", "--format", "tbx-2008", "-o", "terms.tbx")[:2] == (0, "terms.tbx\n")
    assert read_incoming(Path("terms.tbx")).entries == load([data_dir("glossaries")]).entries


def test_where_an_export_goes_and_in_which_format(glossary: Command) -> None:
    assert glossary("export")[1].startswith("id,english,")
    assert glossary("export", "--format", "tbx")[1].startswith("<?xml")
    assert "<martif " in glossary("export", "--format", "tbx-2008")[1]
    assert glossary("export", "-o", "terms.tbx-2008")[0] == 2
    glossary("export", "-o", "terms.csv")
    assert Path("terms.csv").read_bytes().startswith(b"\xef\xbb\xbfid,english,")
    glossary("export", "--format", "toml", "-o", "terms.txt")
    assert Path("terms.txt").read_text(encoding="utf-8").startswith("[[term]]\n")
    assert glossary("export", "-o", "terms.xlsx")[0] == 2
    assert glossary("export", "-o", "no/terms.csv")[0] == 1


def test_without_into_nothing_is_written(glossary: Command) -> None:
    put("theirs.csv", LAYER)
    code, out, _ = glossary("import", "theirs.csv")
    assert code == 0
    assert "new: 1  icing-layer\nnothing written\n" in out
    assert [path.name for path in Path().iterdir()] == ["theirs.csv"]


def test_new_terms_are_added_to_a_file_that_then_works(glossary: Command) -> None:
    put("theirs.csv", LAYER)
    code, out, _ = glossary("import", "theirs.csv", "--into", "my.toml")
    assert code == 0
    assert 'add it to studykit.toml: [glossary] paths = ["my.toml"]' in out
    Path("studykit.toml").write_text('[glossary]\npaths = ["my.toml"]\n')
    assert "糖霜层" in glossary("show", "icing layer")[1]
    assert imported(glossary, "theirs.csv", "--into", "my.toml")[1]["identical"] == ["icing-layer"]
    put("more.csv", replace(LAYER, id="crumb", english="crumb", chinese="碎屑"))
    out = glossary("import", "more.csv", "--into", "my.toml")[1]
    assert "studykit.toml" not in out
    assert [entry.id for entry in read_incoming(Path("my.toml")).entries] == ["icing-layer", "crumb"]


def test_conflicts_stay_until_they_are_decided(glossary: Command) -> None:
    put("my.toml", LAYER)
    theirs = replace(LAYER, chinese="糖衣", aliases=("frosting",))
    crumb = replace(LAYER, id="crumb", english="crumb", chinese="碎屑")
    put("theirs.csv", theirs, crumb)

    code, out, _ = glossary("import", "theirs.csv")
    assert (code, "new: 2" in out) == (0, True)  # without --into, my.toml is nobody's

    code, out, _ = glossary("import", "theirs.csv", "--into", "my.toml")
    assert code == 1
    assert "conflict: icing-layer: chinese\n  mine:   糖霜层\n  theirs: 糖衣\n" in out
    assert "conflict: icing-layer: aliases\n  mine:   -\n  theirs: frosting\n" in out
    assert read_incoming(Path("my.toml")).entries == (LAYER, crumb)

    code, report = imported(glossary, "theirs.csv", "--into", "my.toml")
    assert code == 1
    (conflict,) = report["conflicts"]
    assert conflict["decided"] is None
    assert conflict["differences"][1] == {"field": "chinese", "mine": "糖霜层", "theirs": "糖衣"}

    before = Path("my.toml").read_bytes()
    code, report = imported(glossary, "theirs.csv", "--into", "my.toml", "--take", "mine")
    assert (code, report["kept"], report["conflicts"][0]["decided"]) == (0, ["icing-layer"], "mine")
    assert Path("my.toml").read_bytes() == before

    code, report = imported(glossary, "theirs.csv", "--into", "my.toml", "--take", "theirs")
    assert (code, report["replaced"], report["conflicts"][0]["decided"]) == (0, ["icing-layer"], "theirs")
    assert read_incoming(Path("my.toml")).entries == (theirs, crumb)


def test_a_built_in_term_is_never_replaced_nor_its_form_taken(glossary: Command) -> None:
    put("my.toml", LAYER)
    before = Path("my.toml").read_bytes()
    rag = load([data_dir("glossaries")]).get("rag")
    assert rag
    put(
        "theirs.csv",
        replace(rag, definition_en="Other."),
        replace(LAYER, id="cloth", english="LoRA", chinese="布头"),
    )
    code, report = imported(glossary, "theirs.csv", "--into", "my.toml", "--take", "theirs")
    assert code == 1
    assert [(one["id"], one["kind"], one["decided"]) for one in report["conflicts"]] == [
        ("rag", "content", None),
        ("cloth", "form", None),
    ]
    assert Path("my.toml").read_bytes() == before
    assert "conflict: cloth: 'LoRA' belongs to 'lora'" in glossary("import", "theirs.csv")[1]


def test_what_is_wrong_is_told_and_nothing_is_written(glossary: Command) -> None:
    put("theirs.csv", replace(LAYER, category="cakes"))
    code, _, err = glossary("import", "theirs.csv", "--into", "my.toml")
    assert code == 1
    assert "theirs.csv:2: term 'icing-layer': unknown category 'cakes'" in err
    assert not Path("my.toml").exists()
    Path("my.toml").write_text("[[term]]\n")
    assert "my.toml: term 'number 1': 'id' is missing" in glossary("import", "my.toml")[2]
    put("theirs.csv", LAYER)
    assert glossary("import", "theirs.csv", "--into", "my.toml")[0] == 1
    assert Path("my.toml").read_text() == "[[term]]\n"


@pytest.mark.parametrize(
    "args",
    [["import"], ["import", "x.csv", "--take", "mine"], ["import", "x.csv", "--into", "my.csv"], ["search"]],
)
def test_usage(args: list[str], glossary: Command) -> None:
    assert glossary(*args)[0] == 2


def test_show_tells_what_to_mind_which_demo_and_where_it_was_said(glossary: Command) -> None:
    assert "said:" not in glossary("show", "KV cache")[1]
    with Store(Path("study.db")) as store:
        store.save(SMALL_TALK, key="k1")
    out = glossary("show", "KV cache")[1]
    assert "note: It changes the speed, not the answer." in out
    assert "demo: studykit demo run kv_cache" in out
    assert f": {SMALL_TALK.english[0].text}" in out.partition("said: ")[2]
    (place, *_) = json.loads(glossary("show", "KV cache", "--json")[1])["said"]
    assert (place["language"], place["paragraph"]) == ("en", 1)


def test_validate_says_what_a_users_terms_replace(glossary: Command) -> None:
    Path("own.toml").write_text(
        to_toml(
            [
                Entry(
                    id="fc",
                    english="linear layer",
                    chinese="全连接层",
                    category="network",
                    definition_en="A layer.",
                    definition_zh="一层。",
                    source="test",
                    see_also=("attention",),
                )
            ]
        ),
        encoding="utf-8",
    )
    code, out, _ = glossary("validate", "own.toml")
    assert code == 0
    assert "own.toml: term 'fc' replaces the built-in 'linear-layer'" in out
