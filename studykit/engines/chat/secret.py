"""Takes a key out of text that a service sent, however it is written there."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

__all__ = ["redactor"]

_SHOWN = "[API key]"
_SHORTEST = 4
"""Shorter keys are placeholders such as "x"."""
_BASE64_GROUP = 3


def redactor(key: str | None, *, shortest: int = _SHORTEST) -> Callable[[str], str]:
    """A function that replaces ``key``: plain, with escapes of JSON, URLs or HTML, or in base64.

    Keys with fewer than ``shortest`` characters are left alone.
    """
    if not key or len(key) < shortest:
        return lambda text: text
    forms = ["".join(_char(char) for char in key), *_in_base64(key)]
    found = re.compile("|".join(forms))
    return lambda text: found.sub(_SHOWN, text)


def _char(char: str) -> str:
    """A pattern for one character of a key."""
    number = ord(char)
    octets = "".join(f"%{octet:02x}" for octet in char.encode())
    forms = [
        rf"\\{{0,4}}{re.escape(char)}",
        rf"(?i:\\{{1,4}}u{number:04x})",
        rf"(?i:\\{{1,4}}x{number:02x})",
        rf"(?i:{octets})",
        rf"(?i:{octets.replace('%', '%25')})",
        f"&#0{{0,5}}{number};",
        rf"(?i:&#x0{{0,5}}{number:x};)",
    ]
    return f"(?:{'|'.join(forms)})"


def _in_base64(key: str) -> list[str]:
    """Patterns for a key inside longer text in base64: one for each place in a group of three bytes."""
    octets = key.encode()
    forms = []
    for before in range(_BASE64_GROUP):
        whole = (len(octets) + before) // _BASE64_GROUP * 4  # what follows changes the last group
        coded = base64.b64encode(b"\0" * before + octets).decode()[4 if before else 0 : whole]
        if len(coded) >= 2 * _SHORTEST:
            forms.append(
                "".join("[+-]" if char == "+" else "[/_]" if char == "/" else char for char in coded)
            )
    return forms
