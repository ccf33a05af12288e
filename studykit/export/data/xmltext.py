"""Text that XML can carry."""

from __future__ import annotations

import re

__all__ = ["xml_text"]

# XML 1.0, section 2.2: other characters cannot stand in a document in any form.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` with a replacement character (U+FFFD) for each that XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)
