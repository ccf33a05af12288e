"""Writes a glossary as TBX-Basic; see ``studykit.glossary.exchange.tbx``."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from studykit import __version__
from studykit.glossary.entry import Entry
from studykit.glossary.exchange.tables import to_table
from studykit.glossary.exchange.tbx import ADMITTED, DEPRECATED, EXTRA, MISHEARD, NAMESPACE, PREFERRED
from studykit.glossary.forms import has_han

__all__ = ["to_tbx"]

_XML_LANG = "xml:lang"
_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5}(?:v\d+)?)")
_URL = re.compile(r"https?://[!-~]+")


def to_tbx(entries: Sequence[Entry]) -> str:
    """The document. ``see_also`` leads nowhere in it unless ``entries`` holds those terms too.

    Raises ``ValueError`` without entries, since TBX wants at least one.
    """
    if not entries:
        raise ValueError("TBX needs at least one term")
    attributes = {"type": "TBX-Basic", "style": "dca", _XML_LANG: "en", "xmlns": NAMESPACE}
    root = ET.Element("tbx", attributes)
    description = ET.SubElement(ET.SubElement(ET.SubElement(root, "tbxHeader"), "fileDesc"), "sourceDesc")
    ET.SubElement(description, "p").text = f"Written by studykit {__version__}"
    body = ET.SubElement(ET.SubElement(root, "text"), "body")
    names = {entry.id: entry.english for entry in entries}
    for entry in entries:
        _concept(body, entry, names)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _concept(body: ET.Element, entry: Entry, names: dict[str, str]) -> None:
    concept = ET.SubElement(body, "conceptEntry", id=_xml_id(entry.id))
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
    for key, value in extras:
        ET.SubElement(concept, "note").text = f"{EXTRA}{key}: {value}"
    misheard = [(place, heard) for place, heard in enumerate(entry.misheard, start=1)]
    english = _language(concept, "en", entry.definition_en, entry.source, entry.note_en)
    _term(english, entry.english, PREFERRED)
    if entry.abbreviation:
        _term(english, entry.abbreviation, ADMITTED, term_type="abbreviation")
    _terms(english, entry.aliases)
    _misheard(english, [(place, heard) for place, heard in misheard if not has_han(heard)])
    chinese = _language(concept, "zh", entry.definition_zh, entry.source, entry.note_zh)
    _term(chinese, entry.chinese, PREFERRED)
    _terms(chinese, entry.chinese_accepted)
    _misheard(chinese, [(place, heard) for place, heard in misheard if has_han(heard)])


def _language(concept: ET.Element, tag: str, definition: str, source: str, note: str | None) -> ET.Element:
    section = ET.SubElement(concept, "langSec", {_XML_LANG: tag})
    group = ET.SubElement(section, "descripGrp")
    ET.SubElement(group, "descrip", type="definition").text = definition
    ET.SubElement(group, "admin", type="source").text = source
    if note:
        ET.SubElement(section, "note").text = note
    return section


def _terms(section: ET.Element, texts: Iterable[str]) -> None:
    for text in texts:
        _term(section, text, ADMITTED)


def _misheard(section: ET.Element, numbered: Iterable[tuple[int, str]]) -> None:
    for place, text in numbered:
        term = _term(section, text, DEPRECATED)
        ET.SubElement(term, "note").text = f"{MISHEARD}{place}"


def _term(section: ET.Element, text: str, status: str, *, term_type: str | None = None) -> ET.Element:
    term = ET.SubElement(section, "termSec")
    ET.SubElement(term, "term").text = text
    ET.SubElement(term, "termNote", type="administrativeStatus").text = status
    if term_type:
        ET.SubElement(term, "termNote", type="termType").text = term_type
    return term


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
