"""TBX of 2008, and documents made to harm whoever reads them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings

from studykit.errors import FormatError
from studykit.glossary import Entry
from studykit.glossary.exchange.tables import located
from studykit.glossary.exchange.tbx import TBX_2008
from studykit.glossary.exchange.tbx_reader import read_tbx
from studykit.glossary.exchange.tbx_writer import to_tbx
from tests.glossary.entries import FULL, GLOSSARIES

PATH = Path("terms.tbx")
DOCTYPE = '<!DOCTYPE martif PUBLIC "ISO 12200:1999A//DTD MARTIF core (DXFcdV04)//EN" "TBXcdv04.dtd">'


def back(text: str) -> list[Entry]:
    rows, left_out = read_tbx(text, PATH)
    terms, problems = located(PATH, rows)
    assert not problems
    assert not left_out
    return [term.entry for term in terms]


@settings(max_examples=50)
@given(GLOSSARIES)
def test_what_is_written_is_read(entries: list[Entry]) -> None:
    assert back(to_tbx(entries, TBX_2008)) == entries


def test_a_concept_has_only_right_terms() -> None:
    root = ET.fromstring(to_tbx([FULL], TBX_2008))
    assert root.tag == "martif"
    (concept,) = root.iter("termEntry")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    terms = {node.get(lang): [term.text for term in node.iter("term")] for node in concept.iter("langSet")}
    assert terms == {
        "en": [FULL.english, FULL.abbreviation, *FULL.aliases],
        "zh-Hans": [FULL.chinese, *FULL.chinese_accepted],
    }
    notes = [note.text for note in concept.findall("note")]
    assert 'studykit misheard: ["three d painting", "三围打印", "tree deep"]' in notes


FOREIGN = f"""<?xml version="1.0"?>
{DOCTYPE}
<martif type="TBX" xml:lang="en"><martifHeader><fileDesc><sourceDesc><p>Paper terms</p></sourceDesc>
</fileDesc></martifHeader><text><body>
<termEntry id="IATE_7"><descrip type="subjectField">Paper</descrip>
  <langSet xml:lang="en-GB"><descripGrp><descrip type="definition">Of pulp.</descrip>
      <admin type="source">A book</admin></descripGrp>
    <ntig><termGrp><term>Paper &amp; Board</term>
      <termNote type="partOfSpeech">noun</termNote></termGrp></ntig>
  </langSet>
  <langSet xml:lang="zh_CN"><descrip type="definition">纸浆制成。</descrip>
    <tig><term>纸和纸板</term></tig></langSet>
  <langSet xml:lang="fr"><tig><term>papier</term></tig></langSet>
</termEntry>
<termEntry id="x"><ref type="crossReference" target="IATE_7">paper</ref>
  <descrip type="definition">Soft.</descrip>
  <langSet xml:lang="en"><tig><term>pulp</term></tig></langSet>
  <langSet xml:lang="zh"><tig><term>纸浆</term></tig></langSet><descrip>软的东西。</descrip>
</termEntry></body></text></martif>"""


def test_other_ways_to_write_it() -> None:
    rows, left_out = read_tbx(FOREIGN, PATH)
    terms, problems = located(PATH, rows)
    assert not problems
    paper, pulp = (term.entry for term in terms)
    assert (paper.id, paper.english, paper.chinese) == ("paper-board", "Paper & Board", "纸和纸板")
    assert (paper.source, paper.definition_en, paper.definition_zh) == ("A book", "Of pulp.", "纸浆制成。")
    assert (pulp.id, pulp.see_also, pulp.source) == ("x", ("paper-board",), "Paper terms")
    assert (pulp.definition_en, pulp.definition_zh) == ("Soft.", "软的东西。")
    assert left_out == {"langSet fr": 1, "partOfSpeech": 1, "subjectField Paper": 1}


@pytest.mark.parametrize("tag", ["xx", "und", ""])
def test_chinese_terms_of_no_language(tag: str) -> None:
    rows, left_out = read_tbx(FOREIGN.replace('"zh_CN"', f'"{tag}"').replace('"fr"', f'"{tag}"'), PATH)
    assert [row.table["chinese"] for row in rows] == ["纸和纸板", "纸浆"]
    assert left_out[f"langSet {tag}"] == 1


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        (f'<!DOCTYPE martif [<!ENTITY a0 "ha">{LAUGHS}]>', "&a9;", "declares something is refused"),
        (
            '<!DOCTYPE martif [<!ENTITY a SYSTEM "FILE">]>',
            "&a;",
            "declares something is refused",
        ),
        (
            '<!DOCTYPE martif SYSTEM "FILE" [<!ENTITY % a SYSTEM "FILE">%a;]>',
            "",
            "declares something is refused",
        ),
        (
            f'<!DOCTYPE martif [<!ATTLIST p a CDATA "{"x" * 10_000}">]>',
            "<p/>" * 10_000,
            "declares something is refused",
        ),
        ('<!DOCTYPE martif SYSTEM "FILE">', "&secret;", "undefined entity &secret;"),
        ("", "&secret;", "broken XML: undefined entity"),
    ],
)
def test_harmful_documents_are_refused(head: str, body: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.dtd"
    file.write_text('<!ENTITY secret "known only here">', encoding="utf-8")
    text = f"{head}<martif><text><body><termEntry>{body}</termEntry></body></text></martif>"
    with pytest.raises(FormatError, match=message):
        read_tbx(text.replace("FILE", file.as_uri()), PATH)


def test_the_file_of_a_document_type_is_never_opened(tmp_path: Path) -> None:
    head = f'<!DOCTYPE martif SYSTEM "{(tmp_path / "gone.dtd").as_uri()}">'
    rows, _ = read_tbx(FOREIGN.replace(DOCTYPE, head), PATH)
    assert [row.table["english"] for row in rows] == ["Paper & Board", "pulp"]
    rows, _ = read_tbx(FOREIGN.replace(DOCTYPE, '<!DOCTYPE martif SYSTEM "http://192.0.2.1/a.dtd">'), PATH)
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<tig>", "</tig>"),
        ("<note><termEntry>", "</termEntry></note>"),
        ("<langSet><term>", "</term></langSet>"),
    ],
)
def test_deep_nesting_is_read_in_one_pass(opening: str, closing: str) -> None:
    depth = 50_000
    text = f"<martif><text><termEntry>{opening * depth}{closing * depth}</termEntry></text></martif>"
    rows, _ = read_tbx(text, PATH)
    assert len(rows) == 1
