"""A small XML tree with line numbers that loads and expands nothing; and text that XML can carry.

Entities and default attributes can only be declared in a document type. One with declarations is
refused, and one that names a file is refused or passed over: so no text can expand to gigabytes or
pull in other files. Names are given without their namespace prefix.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from msgspec import Struct, field

from studykit.errors import FormatError
from studykit.faces import late

__all__ = ["BROKEN", "Node", "parse_xml", "xml_text"]

BROKEN = "broken XML"
"""How the problem of what is no XML begins."""

# XML 1.0, section 2.2: no other character is allowed in a document in any form.
_NOT_XML = late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Node(Struct, kw_only=True):
    """An element; ``content`` holds texts and elements in order."""

    tag: str
    attributes: dict[str, str]
    line: int
    content: list[Node | str] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        """The child elements."""
        return [node for node in self.content if isinstance(node, Node)]

    def walk(self) -> Iterator[Node | str]:
        """This element, then all texts and elements below it, in document order."""
        stack: list[Node | str] = [self]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Node):
                stack.extend(reversed(node.content))

    def text(self) -> str:
        """All text below, with a line break for each ``br``."""
        pieces = (node if isinstance(node, str) else "\n" for node in self.walk() if _is_text(node))
        return "".join(pieces)


def _is_text(node: Node | str) -> bool:
    return isinstance(node, str) or node.tag == "br"


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def parse_xml(text: str, path: Path, *, doctype: bool = False) -> Node:
    """The root element; raises ``FormatError`` with the line for broken XML and document types.

    With ``doctype``, a document type that only names a file is passed over; the file is not opened.
    One that declares anything between brackets, and an entity that XML itself does not define, are
    refused all the same.
    """
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    top = Node(tag="", attributes={}, line=1)
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        found = {_local(key): value for key, value in attributes.items()}
        node = Node(tag=_local(name), attributes=found, line=parser.CurrentLineNumber)
        stack[-1].content.append(node)
        stack.append(node)

    def end(_: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].content.append(data)

    def document_type(_name: str, _system: str | None, _public: str | None, declares: int) -> None:
        if declares or not doctype:
            what = (
                "XML with a document type that declares something" if doctype else "XML with a document type"
            )
            raise FormatError(path, f"{what} is refused", line=parser.CurrentLineNumber)

    def undefined(name: str, _: int) -> None:
        raise FormatError(path, f"undefined entity &{name};", line=parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = document_type
    parser.SkippedEntityHandler = undefined  # expat passes over it where a file could define it
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        problem = f"{BROKEN}: {expat.ErrorString(error.code)}"
        raise FormatError(path, problem, line=error.lineno) from error
    return top.children[0]


def xml_text(text: str) -> str:
    """``text`` with a replacement character (U+FFFD) for each that XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)
