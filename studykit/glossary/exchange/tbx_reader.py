"""Reads TBX of ISO 30042:2019 in either style, as far as it fits a glossary of ours.

In the style DCA a data category is an attribute (``<descrip type="definition">``), in DCT the
element's name (``<basic:definition>``); both are read by the same name. Whatever has no place in an
entry is counted, never dropped without a word.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from studykit.errors import FormatError
from studykit.glossary.exchange.tables import Row
from studykit.glossary.exchange.tbx import DEPRECATED, EXTRA, MISHEARD, PREFERRED
from studykit.languages import is_chinese, primary
from studykit.safexml import Node, parse_xml

__all__ = ["read_tbx"]

# That of XML 1.0, section 2.3; other spaces are characters like any other.
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_GROUPS = {"descripGrp", "adminGrp", "termNoteGrp"}
_ABBREVIATIONS = {"abbreviation", "acronym"}
_RIGHT = {"preferredTerm-admn-sts", "admittedTerm-admn-sts", None}
_EXTRAS = {"keep_english", "demo", "reference", "claims", "ambiguous", "company", "not_in"}
_IN_JSON = {"claims", "ambiguous", "company", "not_in"}


def read_tbx(text: str, path: Path) -> tuple[list[Row], Counter[str]]:
    """The terms, and how often something was left out, by its name.

    Raises ``FormatError`` with the line for broken XML, XML with a document type, and other XML.
    """
    root = parse_xml(text, path)
    if root.tag != "tbx":
        hint = "Only TBX of ISO 30042:2019 is read; it begins with <tbx>."
        raise FormatError(path, f"the document is <{root.tag}>, not <tbx>", line=root.line, hint=hint)
    left_out: Counter[str] = Counter()
    concepts = [node for node in root.walk() if isinstance(node, Node) and node.tag == "conceptEntry"]
    return [_concept(concept, left_out) for concept in concepts], left_out


def _concept(concept: Node, left_out: Counter[str]) -> Row:
    table: dict[str, Any] = {"id": concept.attributes.get("id", "").removeprefix("_")}
    languages: dict[str, list[Node]] = {"en": [], "zh": []}
    for node in _flat(concept):
        kind = _kind(node)
        if kind == "subjectField":
            table["category"] = _text(node)
        elif kind == "crossReference":
            table.setdefault("see_also", []).append(node.attributes.get("target", "").removeprefix("_"))
        elif kind == "externalCrossReference":
            table["reference"] = _text(node)
        elif kind == "langSec":
            tag = node.attributes.get("lang", "")
            name = "zh" if is_chinese(tag) else primary(tag)
            if name in languages:
                languages[name].append(node)
            else:
                left_out[f"langSec {tag}"] += 1
        elif not (kind == "note" and _extra(table, _text(node))):
            left_out[kind] += 1
    heard: list[tuple[int, str]] = []
    for name, sections in languages.items():
        terms = _Terms()
        for section in sections:
            _language(table, name, section, terms, left_out)
        terms.fill(table, name)
        heard += terms.misheard
    if heard:
        table["misheard"] = [text for _, text in sorted(heard, key=lambda item: item[0])]
    return Row({key: value for key, value in table.items() if value}, concept.line)


def _extra(table: dict[str, Any], note: str) -> bool:
    """Whether ``note`` holds a field of ours, which then stands in ``table``."""
    key, colon, value = note.removeprefix(EXTRA).partition(": ")
    if not (note.startswith(EXTRA) and colon and key in _EXTRAS):
        return False
    if key == "keep_english":
        table[key] = True if value == "true" else value
    elif key in _IN_JSON:
        try:
            table[key] = json.loads(value)
        except ValueError:
            table[key] = value  # which no rule accepts, so that it is told
    else:
        table[key] = value
    return True


class _Terms:
    """The terms of one language, sorted by what they are."""

    def __init__(self) -> None:
        self.preferred: list[str] = []
        self.abbreviations: list[str] = []
        self.others: list[str] = []
        self.misheard: list[tuple[int, str]] = []

    def fill(self, table: dict[str, Any], language: str) -> None:
        """Put them into an entry's fields; the first is the head where none is preferred."""
        names = ("english", "aliases") if language == "en" else ("chinese", "chinese_accepted")
        if language != "en":
            self.others += self.abbreviations
        elif self.abbreviations and (self.preferred or self.others):
            table["abbreviation"] = self.abbreviations[0]
            self.others += self.abbreviations[1:]
        else:
            self.others = self.abbreviations or self.others
        forms = [*self.preferred, *self.others]
        if forms:
            table[names[0]], table[names[1]] = forms[0], forms[1:]


def _language(table: dict[str, Any], name: str, section: Node, terms: _Terms, left_out: Counter[str]) -> None:
    for node in _flat(section):
        kind = _kind(node)
        key = {"definition": f"definition_{name}", "source": "source", "note": f"note_{name}"}.get(kind)
        if kind == "termSec":
            _term(terms, node, left_out)
        elif key is None or table.get(key, _text(node)) != _text(node):
            left_out[kind] += 1
        else:
            table[key] = _text(node)


def _term(terms: _Terms, section: Node, left_out: Counter[str]) -> None:
    text, status, kind_of_term, place = "", None, None, None
    for node in _flat(section):
        kind, content = _kind(node), _text(node)
        if kind == "term":
            text = content
        elif kind == "administrativeStatus":
            status = content
        elif kind == "termType":
            kind_of_term = content
        elif kind == "note" and content.startswith(MISHEARD) and content.removeprefix(MISHEARD).isdecimal():
            place = int(content.removeprefix(MISHEARD))
        else:
            left_out[kind] += 1
    if status == DEPRECATED and place is not None:
        terms.misheard.append((place, text))
    elif status not in _RIGHT:
        left_out[f"term that is {status}"] += 1
    elif kind_of_term in _ABBREVIATIONS:
        terms.abbreviations.append(text)
    else:
        (terms.preferred if status == PREFERRED else terms.others).append(text)


def _flat(node: Node) -> list[Node]:
    """The elements directly below, those in groups among them."""
    return [
        inner for child in node.children for inner in (child.children if child.tag in _GROUPS else [child])
    ]


def _kind(node: Node) -> str:
    return node.attributes.get("type", node.tag)


def _text(node: Node) -> str:
    """The text below in one line, without the white space of indentation."""
    text = "".join(piece for piece in node.walk() if isinstance(piece, str))
    return _WHITE_SPACE.sub(" ", text).strip(" ")
