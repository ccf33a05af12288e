"""Reads TBX of ISO 30042, of 2019 in either style and of 2008, as far as it fits a glossary of ours.

In the style DCA a data category is an attribute (``<descrip type="definition">``), in DCT the
element's name (``<basic:definition>``); both are read by the same name. TBX of 2008 is like DCA.
Whatever has no place in an entry is counted, never dropped without a word.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from studykit.errors import FormatError
from studykit.glossary.entry import CATEGORIES
from studykit.glossary.exchange.tables import Row
from studykit.glossary.exchange.tbx import DEPRECATED, EXTRA, MISHEARD, PREFERRED, TBX_2008, TBX_2019
from studykit.glossary.forms import fold, has_han
from studykit.glossary.rules import is_id
from studykit.languages import is_chinese, primary
from studykit.safexml import Node, parse_xml

__all__ = ["read_tbx"]

# That of XML 1.0, section 2.3; other spaces are characters like any other.
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_GROUPS = {"descripGrp", "adminGrp", "termNoteGrp", "termGrp"}
_CONCEPTS = {TBX_2019.concept, TBX_2008.concept}
_LANGUAGES = {TBX_2019.language, TBX_2008.language}
_TERMS = {TBX_2019.term, TBX_2008.term, "ntig"}
_NO_LANGUAGE = {"", "und", "xx"}  # xx: translate-toolkit, where it was not told one
_UNLIKE_ID = re.compile("[^a-z0-9]+")
_ABBREVIATIONS = {"abbreviation", "acronym"}
_RIGHT = {"preferredTerm-admn-sts", "admittedTerm-admn-sts", None}
_EXTRAS = {"keep_english", "demo", "reference", "claims", "ambiguous", "company", "not_in", "misheard"}
_IN_JSON = {"claims", "ambiguous", "company", "not_in", "misheard"}


def read_tbx(text: str, path: Path) -> tuple[list[Row], Counter[str]]:
    """The terms, and how often something was left out, by its name.

    Raises ``FormatError`` with the line for broken XML, XML with a document type, and other XML.
    """
    root = parse_xml(text, path, doctype=True)
    if root.tag not in {TBX_2019.root, TBX_2008.root}:
        hint = "TBX begins with <tbx> (ISO 30042:2019) or <martif> (ISO 30042:2008)."
        raise FormatError(path, f"the document is <{root.tag}>, not <tbx>", line=root.line, hint=hint)
    left_out: Counter[str] = Counter()
    origin, concepts = _outline(root)
    rows = [_concept(concept, left_out) for concept in concepts]
    for table, _ in rows:
        _complete(table, origin, left_out)
    _rename(rows)
    return rows, left_out


def _outline(root: Node) -> tuple[str, list[Node]]:
    """The description of the file's source, and the concepts; a concept in a concept is none."""
    origin, concepts, stack = "", [], [root]
    while stack:
        node = stack.pop()
        if node.tag == "sourceDesc":
            origin = origin or _text(node)
        elif node.tag in _CONCEPTS:
            concepts.append(node)
        else:
            stack += reversed(node.children)
    return origin, concepts


def _complete(table: dict[str, Any], origin: str, left_out: Counter[str]) -> None:
    """Fill in what a term base need not say and follows from the rest of it."""
    if "source" not in table and origin:
        table["source"] = origin
    if table.get("category") not in CATEGORIES:
        if "category" in table:
            left_out[f"subjectField {table['category']}"] += 1
        table["category"] = "general"


def _rename(rows: list[Row]) -> None:
    """Give terms without an id, or with one that is not of our form, one from their English."""
    names: dict[str, str] = {}
    for table, _ in rows:
        old = table.pop("id", "")
        new = old if is_id(old) else _UNLIKE_ID.sub("-", fold(table.get("english", old))).strip("-")
        if new:
            table["id"] = new
        if old and new:
            names[old] = new
    for table, _ in rows:
        if "see_also" in table:
            table["see_also"] = [names.get(other, other) for other in table["see_also"]]


def _concept(concept: Node, left_out: Counter[str]) -> Row:
    table: dict[str, Any] = {"id": concept.attributes.get("id", "").removeprefix("_")}
    languages: dict[str, list[Node]] = {"en": [], "zh": []}
    for node in _flat(concept):
        if node.tag in _LANGUAGES:
            tag = node.attributes.get("lang", "")
            chinese = has_han(_text(node)) if tag in _NO_LANGUAGE else is_chinese(tag)
            name = "zh" if chinese else primary(tag)
            if name in languages:
                languages[name].append(node)
            else:
                left_out[f"{node.tag} {tag}"] += 1
        else:
            _of_concept(table, node, left_out)
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


def _of_concept(table: dict[str, Any], node: Node, left_out: Counter[str]) -> None:
    kind = _kind(node)
    if kind == "subjectField":
        table["category"] = _text(node)
    elif kind == "crossReference":
        table.setdefault("see_also", []).append(node.attributes.get("target", "").removeprefix("_"))
    elif kind == "externalCrossReference":
        table["reference"] = _text(node)
    elif kind == "definition":  # of no language in particular, so that its script decides
        language = "zh" if has_han(_text(node)) else "en"
        _set_once(table, f"definition_{language}", node, left_out)
    elif kind == "source":
        _set_once(table, "source", node, left_out)
    elif not (kind == "note" and _extra(table, _text(node))):
        left_out[kind] += 1


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
        if node.tag in _TERMS:
            _term(terms, node, left_out)
        elif key is None:
            left_out[kind] += 1
        else:
            _set_once(table, key, node, left_out)


def _set_once(table: dict[str, Any], key: str, node: Node, left_out: Counter[str]) -> None:
    text = _text(node)
    if table.setdefault(key, text) != text:
        left_out[_kind(node)] += 1


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
    """The data category; translate-toolkit writes definitions without saying so."""
    return node.attributes.get("type", "definition" if node.tag == "descrip" else node.tag)


def _text(node: Node) -> str:
    """The text below in one line, without the white space of indentation."""
    text = "".join(piece for piece in node.walk() if isinstance(piece, str))
    return _WHITE_SPACE.sub(" ", text).strip(" ")
