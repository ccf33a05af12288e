"""translate-toolkit, by which Weblate reads and writes term bases, reads ours, and we read its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from studykit.errors import GlossaryError
from studykit.glossary import Entry, load
from studykit.glossary.exchange.incoming import read_incoming
from studykit.glossary.exchange.tables import located
from studykit.glossary.exchange.tbx import TBX_2008
from studykit.glossary.exchange.tbx_reader import read_tbx
from studykit.glossary.exchange.tbx_writer import to_tbx
from studykit.resources import data_dir

TBX = pytest.importorskip("translate.storage.tbx")
PATH = Path("terms.tbx")


def _back(text: str) -> tuple[list[Entry], Counter[str]]:
    rows, left_out = read_tbx(text, PATH)
    return [term.entry for term in located(PATH, rows)[0]], left_out


@pytest.mark.parametrize("target", [None, "zh_Hans", "zh-Hans"])
def test_translate_toolkit_reads_all_shipped_terms_and_loses_nothing(target: str | None) -> None:
    entries = load([data_dir("glossaries")]).entries
    text = to_tbx(entries, TBX_2008).encode()
    store = TBX.tbxfile.parsestring(text, sourcelanguage="en", targetlanguage=target)
    found = [(unit.getid().removeprefix("_"), unit.source, unit.target) for unit in store.units]
    assert found == [(entry.id, entry.english, entry.chinese) for entry in entries]
    for unit, entry in zip(store.units, entries, strict=True):
        assert {entry.definition_en, entry.definition_zh} <= set(unit.getnotes("definition").split("\n"))
        assert [term.text for term in unit.get_target_terms()] == [entry.chinese, *entry.chinese_accepted]
    assert _back(bytes(store).decode()) == (list(entries), {})


def test_what_translate_toolkit_writes_is_read(tmp_path: Path) -> None:
    store = TBX.tbxfile(sourcelanguage="en", targetlanguage="zh_CN")
    unit = store.addsourceunit("paper machine")
    unit.settarget("造纸机", "zh_CN")
    unit.set_target_terms(["造纸机", "抄纸机"], "zh_CN")
    unit.addnote("Makes paper of pulp.", origin="definition")
    unit.addnote("把纸浆制成纸的机器。", origin="definition")
    path = tmp_path / "theirs.tbx"
    path.write_bytes(bytes(store))
    assert b"<!DOCTYPE martif PUBLIC" in path.read_bytes()
    incoming = read_incoming(path)
    assert incoming.entries == (
        Entry(
            id="paper-machine",
            english="paper machine",
            chinese="造纸机",
            chinese_accepted=("抄纸机",),
            category="general",
            definition_en="Makes paper of pulp.",
            definition_zh="把纸浆制成纸的机器。",
            source="Translate Toolkit",
        ),
    )
    assert not incoming.left_out

    bare = store.addsourceunit("press roll")
    bare.settarget("压榨辊", "zh_CN")
    rows, _ = read_tbx(bytes(store).decode(), PATH)
    assert rows[1].table["english"] == "press roll"
    assert rows[1].table["chinese"] == "压榨辊"
    path.write_bytes(bytes(store))
    with pytest.raises(GlossaryError, match="term 'press-roll': 'definition_en' is missing"):
        read_incoming(path)
