"""Files written whole or not at all, under names that every system accepts."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from pathlib import Path

__all__ = ["safe_stem", "write_whole"]

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Names of devices on Windows, also before a suffix.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|$)", re.IGNORECASE)
_LONGEST_BYTES = 120


def safe_stem(title: str) -> str:
    """A file name without suffix made from ``title``: keeps Chinese, and cannot point outside a folder.

    Safe on Windows, macOS and Linux; at most 120 bytes of UTF-8; ``talk`` if nothing is left.
    """
    visible = "".join(
        c for c in unicodedata.normalize("NFC", title) if unicodedata.category(c) not in _INVISIBLE
    )
    name = " ".join(_FORBIDDEN.sub(" ", visible).split()).strip(" .")
    name = name.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if _RESERVED.match(name):
        name = f"_{name}"
    return name or "talk"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content``, text as UTF-8 with LF; a reader sees the old file or the new one, never a part.

    Raises ``OSError``; no partial file is left behind.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
