from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from studykit.export.data.tmx import tmx
from studykit.types import Bead
from tests.talks import span

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# TMX 1.4b, the parts that are written here: required attributes, and children in their order.
REQUIRED = {
    "tmx": {"version"},
    "header": {
        "creationtool",
        "creationtoolversion",
        "segtype",
        "o-tmf",
        "adminlang",
        "srclang",
        "datatype",
    },
    "body": set(),
    "tu": set(),
    "prop": {"type"},
    "tuv": {LANG},
    "seg": set(),
    "note": set(),
}
CHILDREN = {"tmx": ["header", "body"], "tuv": ["seg"]}
SEGTYPES = {"block", "paragraph", "sentence", "phrase"}


def check_valid(root: ET.Element) -> None:
    assert root.tag == "tmx"
    for element in root.iter():
        assert set(element.attrib) >= REQUIRED[element.tag], element.tag
        if element.tag in CHILDREN:
            assert [child.tag for child in element] == CHILDREN[element.tag]
        if element.tag == "tu":
            tags = [child.tag for child in element]
            assert tags == sorted(tags, key=["prop", "tuv"].index)
            assert tags.count("tuv") == 2
        if "segtype" in element.attrib:
            assert element.attrib["segtype"] in SEGTYPES


def bead(source: tuple[int, int], target: tuple[int, int]) -> Bead:
    return Bead(source=span(*source), target=span(*target), score=0.75)


def test_a_unit_for_each_bead_with_two_sides() -> None:
    text = tmx(
        [bead((0, 2), (0, 1)), bead((2, 3), (1, 1)), bead((3, 4), (1, 2))],
        ["One.", "Two.", "An advertisement.", "R&D <is> fun."],
        ["一和二。", "研发很有趣。"],
        source_language="en-US",
    )
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n')
    root = ET.fromstring(text)
    check_valid(root)
    segments = [[seg.text for seg in unit.iter("seg")] for unit in root.iter("tu")]
    assert segments == [["One. Two.", "一和二。"], ["R&D <is> fun.", "研发很有趣。"]]
    assert [unit.get("segtype") for unit in root.iter("tu")] == ["block", "sentence"]
    assert {variant.get(LANG) for variant in root.iter("tuv")} == {"en-US", "zh"}
    header = root.find("header")
    assert header is not None
    assert header.get("srclang") == "en-US"
    assert [prop.text for prop in root.iter("prop")] == ["0.7500", "no"] * 2


def test_units_with_characters_in_doubt_are_left_out_and_counted() -> None:
    beads = [bead((0, 1), (0, 1)), bead((1, 2), (1, 3)), bead((2, 3), (3, 3))]
    text = tmx(beads, ["One.", "Two.", "Three."], ["一。", "二", "三。"], unsure={2})
    root = ET.fromstring(text)
    check_valid(root)
    assert [seg.text for seg in root.iter("seg")] == ["One.", "一。"]
    (note,) = root.iter("note")
    assert note.text == "left out: 1, whose translation was damaged and holds restored characters in doubt"
    assert "<note>" not in tmx(beads, ["One.", "Two.", "Three."], ["一。", "二", "三。"])


@given(st.text(), st.text())
def test_any_text_gives_valid_xml(source: str, target: str) -> None:
    root = ET.fromstring(tmx([bead((0, 1), (0, 1))], [source], [target]))
    check_valid(root)
    assert len(list(root.iter("seg"))) == 2
