"""The XML of a file of captions (TTML, YouTube's timed text), also if it is cut off or one caption is no XML.

XML that is broken in one place cannot be read at all, by the rules. Here each caption, a ``<p>`` or a
``<text>``, is tried by itself: a bare ``&`` is escaped, HTML's names of characters become characters, and
one that is still broken is left out.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from studykit.errors import FormatError
from studykit.faces import late
from studykit.formats.captions.damage import Damage
from studykit.safexml import BROKEN, Node, parse_xml

__all__ = ["mended_tree"]

_AROUND = "tt|timedtext|transcript|head|body|div"
_CAPTION = late(
    rf"<((?:\w+:)?(?:p|text))(?=[\s>/])(?:(?!<(?:\w+:)?(?:p|text)[\s>/]|</?(?:\w+:)?(?:{_AROUND})\b).)*",
    re.DOTALL,
)
_AMPERSAND = re.compile(r"&(?:(#?\w{1,32};))?")
_TAG = late(rf"<(/?)((?:\w+:)?(?:{_AROUND}))\b[^<>]*?(/?)>")
_KEPT = late(f"{_CAPTION.pattern}|{_TAG.pattern}", re.DOTALL)
_OF_XML = ("amp;", "lt;", "gt;", "quot;", "apos;")


def mended_tree(text: str, path: Path, damage: Damage) -> tuple[Node, int | None]:
    """The root element, and the line in which the file ends early; ``damage`` gets what was done.

    Raises ``FormatError`` if it cannot be read even so, and for what ``parse_xml`` refuses.
    """
    try:
        return parse_xml(text, path), None
    except FormatError as error:
        if not error.problem.startswith(BROKEN):
            raise
        mended = _CAPTION.sub(lambda match: _sound(match, path, damage), _whole_tags(text))
        for build in (_closed, _skeleton):
            tree, cut = build(mended)
            try:
                return parse_xml(tree, path), cut
            except FormatError:
                continue
        raise


def _sound(match: re.Match[str], path: Path, damage: Damage) -> str:
    """A caption as it is, with bare ``&`` escaped, closed, or only its line breaks."""
    piece = match[0]
    line = match.string.count("\n", 0, match.start()) + 1
    escaped = _AMPERSAND.sub(_escaped, piece)
    whole, end, rest = escaped.partition(f"</{match[1]}>")
    for candidate in (piece, escaped, whole + end, f"{_whole_tags(escaped)}</{match[1]}>"):
        if not _is_xml(candidate, path):
            continue
        if candidate == whole + end != escaped:  # what follows belongs to another, whose beginning is broken
            _skip(rest, line + candidate.count("\n"), damage)
            return candidate + "\n" * rest.count("\n")
        if candidate != piece:
            damage.repaired.append(line)
        return candidate
    _skip(piece, line, damage)
    return "\n" * piece.count("\n")


def _skip(piece: str, line: int, damage: Damage) -> None:
    """Put on record what is left out, if there is text in it."""
    stripped = piece.lstrip()
    line += piece.count("\n", 0, len(piece) - len(stripped))
    if re.sub(r"<[^<>]*>", "", stripped).strip():
        damage.skipped.append((line, " ".join(stripped.split())))


def _escaped(match: re.Match[str]) -> str:
    """A reference that XML knows as it is, one of HTML as its character, any other ``&`` escaped."""
    name = match[1] or ""
    if name in _OF_XML or name.startswith("#"):
        return match[0]
    char = html.unescape(match[0]) if name else match[0]
    return html.escape(char) if char != match[0] else f"&amp;{name}"


def _is_xml(piece: str, path: Path) -> bool:
    try:
        parse_xml(piece, path)
    except FormatError:
        return False
    return True


def _closed(text: str) -> tuple[str, int | None]:
    """``text`` with the tags closed that a file cut off leaves open, and the line of the cut."""
    open_tags: list[str] = []
    for closes, name, empty in _TAG.findall(text):
        if closes and open_tags and open_tags[-1] == name:
            open_tags.pop()
        elif not closes and not empty:
            open_tags.append(name)
    if not open_tags:
        return text, None
    return text + "".join(f"</{name}>" for name in reversed(open_tags)), text.count("\n") + 1


def _skeleton(text: str) -> tuple[str, int | None]:
    """The captions and the tags around them, which are closed in order, and the line of a cut; no more."""
    made: list[str] = []
    open_tags: list[str] = []
    at = 0
    for match in _KEPT.finditer(text):
        made.append("\n" * text.count("\n", at, match.start()))
        at = match.end()
        caption, closes, name, empty = match.groups()
        if caption or not closes:
            made.append(match[0])
        if name and not closes and not empty:
            open_tags.append(name)
        while closes and name in open_tags:
            last = open_tags.pop()
            made.append(f"</{last}>")
            closes = "" if last == name else closes
    made += [f"</{name}>" for name in reversed(open_tags)]
    return "".join(made), text.count("\n") + 1 if open_tags else None


def _whole_tags(text: str) -> str:
    """``text`` without a tag at its end that is not whole."""
    cut = text.rfind("<")
    return text[:cut] if cut >= 0 and ">" not in text[cut:] else text
