from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings

from studykit.errors import FormatError
from studykit.glossary import Entry, load
from studykit.glossary.exchange.tables import located
from studykit.glossary.exchange.tbx_reader import read_tbx
from studykit.glossary.exchange.tbx_writer import to_tbx
from studykit.resources import data_dir
from tests.glossary.entries import FULL, GLOSSARIES

PATH = Path("terms.tbx")
NS = "{urn:iso:std:iso:30042:ed-2}"

# What the integrated schema and the rules of TBX-Basic 1.2 allow, as far as we use it: the order of
# what stands in an element, and the types and values of its data categories.
CONTENT = {
    "tbx": "tbxHeader text ",
    "tbxHeader": "fileDesc ",
    "fileDesc": "(sourceDesc )+",
    "sourceDesc": "(p )+",
    "text": "body ",
    "body": "(conceptEntry )+",
    "conceptEntry": "((descrip|ref|xref|note) )*(langSec )+",
    "langSec": "((descripGrp|note) )*(termSec )+",
    "descripGrp": "descrip ((admin|note) )*",
    "termSec": "term (termNote )*(note )*",
}
TYPES = {
    ("conceptEntry", "descrip"): {"subjectField"},
    ("conceptEntry", "ref"): {"crossReference"},
    ("conceptEntry", "xref"): {"externalCrossReference"},
    ("descripGrp", "descrip"): {"definition"},
    ("descripGrp", "admin"): {"source"},
    ("termSec", "termNote"): {"administrativeStatus", "termType"},
}
VALUES = {
    "administrativeStatus": {
        f"{status}Term-admn-sts" for status in ("preferred", "admitted", "deprecated", "superseded")
    },
    "termType": {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
}


def back(text: str) -> list[Entry]:
    rows, left_out = read_tbx(text, PATH)
    terms, problems = located(PATH, rows)
    assert not problems
    assert not left_out
    return [term.entry for term in terms]


def keeps_the_schema(text: str) -> None:
    root = ET.fromstring(text)
    assert root.attrib == {
        "type": "TBX-Basic",
        "style": "dca",
        "{http://www.w3.org/XML/1998/namespace}lang": "en",
    }
    for parent in root.iter():
        assert parent.tag.startswith(NS)
        name = parent.tag.removeprefix(NS)
        children = "".join(f"{child.tag.removeprefix(NS)} " for child in parent)
        assert re.fullmatch(CONTENT.get(name, ""), children)
        for child in parent:
            kinds = TYPES.get((name, child.tag.removeprefix(NS)))
            assert child.get("type") in (kinds or {None})
            if child.get("type") in VALUES:
                assert child.text in VALUES[child.get("type") or ""]
    ids = [node.get("id") for node in root.iter(f"{NS}conceptEntry")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_][a-z0-9-]*", id_ or "") for id_ in ids)
    assert all(re.match("https?://.", node.get("target") or "") for node in root.iter(f"{NS}xref"))


@settings(max_examples=50)
@given(GLOSSARIES)
def test_what_is_written_is_read(entries: list[Entry]) -> None:
    text = to_tbx(entries)
    keeps_the_schema(text)
    assert back(text) == entries


def test_a_concept() -> None:
    text = to_tbx([FULL])
    keeps_the_schema(text)
    for line in (
        '<conceptEntry id="_3d-printing">',
        '<descrip type="subjectField">general</descrip>',
        '<ref type="crossReference" target="layer">layer</ref>',
        '<xref type="externalCrossReference" target="https://arxiv.org/abs/2106.09685">arXiv:2106.09685</xref>',
        "<note>studykit keep_english: true</note>",
        "<note>studykit demo: kv_cache</note>",
        '<langSec xml:lang="zh">',
        '<admin type="source">test</admin>',
        "<note>It is slower than casting.</note>",
        '<termNote type="termType">abbreviation</termNote>',
        "<note>studykit misheard: 2</note>",
    ):
        assert line in text
    assert back(text) == [FULL]


def test_the_shipped_terms_go_out_and_come_back() -> None:
    entries = load([data_dir("glossaries")]).entries
    text = to_tbx(entries)
    keeps_the_schema(text)
    root = ET.fromstring(text)
    targets = {node.get("target") for node in root.iter(f"{NS}ref")}
    assert targets <= {node.get("id") for node in root.iter(f"{NS}conceptEntry")}
    assert back(text) == list(entries)


FOREIGN = """<?xml version="1.0" encoding="utf-8"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
  <tbxHeader><fileDesc><sourceDesc><p>Another tool</p></sourceDesc></fileDesc></tbxHeader>
  <text><body><conceptEntry id="layer">
    <transacGrp><basic:transactionType>origination</basic:transactionType></transacGrp>
    <min:subjectField>general</min:subjectField>
    <note>Ask Tom.</note>
    <langSec xml:lang="en-GB">
      <descripGrp><basic:definition>A sheet
          of <hi>material</hi>.</basic:definition><basic:source>me</basic:source></descripGrp>
      <termSec><term>LYR</term><basic:termType>acronym</basic:termType></termSec>
      <termSec><term>coat</term><min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus>
        <min:partOfSpeech>noun</min:partOfSpeech></termSec>
      <termSec><term>layer</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
      </termSec>
      <termSec><term>lay</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus>
      </termSec>
    </langSec>
    <langSec xml:lang="zh-Hans"><descripGrp><basic:definition>一层。</basic:definition></descripGrp>
      <termSec><term>层次</term></termSec></langSec>
    <langSec xml:lang="de"><termSec><term>Schicht</term></termSec></langSec>
  </conceptEntry></body></text></tbx>
"""


def test_a_file_of_another_tool_in_the_other_style() -> None:
    rows, left_out = read_tbx(FOREIGN, PATH)
    ((term,), problems) = located(PATH, rows)
    assert not problems
    assert term.where == "terms.tbx:5: term 'layer'"
    assert term.entry == Entry(
        id="layer",
        english="layer",
        abbreviation="LYR",
        aliases=("coat",),
        chinese="层次",
        category="general",
        definition_en="A sheet of material.",
        definition_zh="一层。",
        source="me",
    )
    assert left_out == {
        "transacGrp": 1,
        "note": 1,
        "partOfSpeech": 1,
        "term that is supersededTerm-admn-sts": 1,
        "langSec de": 1,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<TBX dialect="TBX-Min"/>', "terms.tbx:1: the document is <TBX>, not <tbx>"),
        ("<tbx>\n<text></tbx>", "terms.tbx:2: broken XML"),
        (
            '<!DOCTYPE tbx [<!ENTITY a "b">]>\n<tbx>&a;</tbx>',
            "terms.tbx:1: XML with a document type",
        ),
        ("<tbx>&a;</tbx>", "terms.tbx:1: broken XML"),
        ("", "terms.tbx:1: broken XML"),
    ],
)
def test_other_documents_are_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_tbx(text, PATH)
    assert str(caught.value).startswith(message)


def test_nothing_to_write() -> None:
    with pytest.raises(ValueError, match="at least one term"):
        to_tbx([])
