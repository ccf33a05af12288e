"""Writes a glossary as TBX-Basic; see ``studykit.glossary.exchange.tbx``."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from msgspec import Struct

from studykit import __version__
from studykit.glossary.entry import Entry
from studykit.glossary.exchange.tables import to_table
from studykit.glossary.exchange.tbx import (
    ADMITTED,
    DEPRECATED,
    EXTRA,
    MISHEARD,
    PREFERRED,
    TBX_2019,
    Edition,
)
from studykit.glossary.forms import has_han

__all__ = ["to_tbx"]

_XML_LANG = "xml:lang"
_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5}(?:v\d+)?)")
_URL = re.compile(r"https?://[!-~]+")


def to_tbx(entries: Sequence[Entry], edition: Edition = TBX_2019) -> str:
    """The document. ``see_also`` leads nowhere in it unless ``entries`` holds those terms too.

    No document type is written in either edition: readers that load it would look for a file.

    Raises ``ValueError`` without entries, since TBX wants at least one.
    """
    if not entries:
        raise ValueError("TBX needs at least one term")
    root = ET.Element(edition.root, {"type": "TBX-Basic", _XML_LANG: "en", **edition.attributes})
    header = ET.SubElement(root, edition.header)
    description = ET.SubElement(ET.SubElement(header, "fileDesc"), "sourceDesc")
    ET.SubElement(description, "p").text = f"Written by studykit {__version__}"
    body = ET.SubElement(ET.SubElement(root, "text"), "body")
    names = {entry.id: entry.english for entry in entries}
    for entry in entries:
        _concept(body, entry, names, edition)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _concept(body: ET.Element, entry: Entry, names: dict[str, str], edition: Edition) -> None:
    concept = ET.SubElement(body, edition.concept, id=_xml_id(entry.id))
    ET.SubElement(concept, "descrip", type="subjectField").text = entry.category
    for other in entry.see_also:
        link = ET.SubElement(concept, "ref", type="crossReference", target=_xml_id(other))
        link.text = names.get(other, other)
    target = _target(entry.reference)
    if target:
        ET.SubElement(concept, "xref", type="externalCrossReference", target=target).text = entry.reference
    table = to_table(entry)
    extras = [("keep_english", "true")] if entry.keep_english else []
    extras += [("demo", entry.demo)] if entry.demo else []
    extras += [("reference", entry.reference)] if entry.reference and not target else []
    for name in ("ambiguous", "company", "not_in"):
        if table.get(name):
            extras.append((name, json.dumps(table[name], ensure_ascii=False)))
    if entry.claims:
        extras.append(("claims", json.dumps(table["claims"], ensure_ascii=False)))
    misheard = list(enumerate(entry.misheard, start=1))
    if misheard and not edition.deprecates:
        extras.append(("misheard", json.dumps(entry.misheard, ensure_ascii=False)))
        misheard = []
    for key, value in extras:
        ET.SubElement(concept, "note").text = f"{EXTRA}{key}: {value}"
    section = ET.SubElement(concept, edition.language, {_XML_LANG: "en"})
    _explain(section, entry.definition_en, entry.source, entry.note_en)
    english = _Terms(section, edition.term)
    english.add(entry.english, PREFERRED)
    if entry.abbreviation:
        english.add(entry.abbreviation, ADMITTED, term_type="abbreviation")
    english.rest(entry.aliases, [(place, heard) for place, heard in misheard if not has_han(heard)])
    section = ET.SubElement(concept, edition.language, {_XML_LANG: edition.chinese})
    _explain(section, entry.definition_zh, entry.source, entry.note_zh)
    chinese = _Terms(section, edition.term)
    chinese.add(entry.chinese, PREFERRED)
    chinese.rest(entry.chinese_accepted, [(place, heard) for place, heard in misheard if has_han(heard)])


def _explain(section: ET.Element, definition: str, source: str, note: str | None) -> None:
    group = ET.SubElement(section, "descripGrp")
    ET.SubElement(group, "descrip", type="definition").text = definition
    ET.SubElement(group, "admin", type="source").text = source
    if note:
        ET.SubElement(section, "note").text = note


class _Terms(Struct, frozen=True):
    """Writes the terms of one language; ``name`` is that of their elements."""

    section: ET.Element
    name: str

    def add(self, text: str, status: str, *, term_type: str | None = None) -> ET.Element:
        term = ET.SubElement(self.section, self.name)
        ET.SubElement(term, "term").text = text
        ET.SubElement(term, "termNote", type="administrativeStatus").text = status
        if term_type:
            ET.SubElement(term, "termNote", type="termType").text = term_type
        return term

    def rest(self, admitted: Iterable[str], misheard: Iterable[tuple[int, str]]) -> None:
        for text in admitted:
            self.add(text, ADMITTED)
        for place, text in misheard:
            ET.SubElement(self.add(text, DEPRECATED), "note").text = f"{MISHEARD}{place}"


def _xml_id(entry_id: str) -> str:
    """An id as XML wants it, which may not begin with a digit."""
    return f"_{entry_id}" if entry_id[0].isdigit() else entry_id


def _target(reference: str | None) -> str | None:
    """The address that a reference stands for, if it is one."""
    if reference is None:
        return None
    arxiv = _ARXIV.fullmatch(reference)
    if arxiv:
        return f"https://arxiv.org/abs/{arxiv[1]}"
    return reference if _URL.fullmatch(reference) else None
