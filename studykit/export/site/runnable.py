"""The script with which pages of demos run Python: an interpreter and the demos' programs, in one file.

Pages on disk may not fetch anything, but may load scripts; so all files are in this one, packed as text.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping

from msgspec import Struct

from studykit.export.site.data import Page
from studykit.fingerprint import digest, digest_bytes

__all__ = ["Interpreter", "python_script"]


class Interpreter(Struct, frozen=True, kw_only=True):
    """``files`` of Pyodide by name, and the ``sources`` of the package ``studykit.demos``."""

    files: Mapping[str, bytes]
    sources: Mapping[str, str]
    has_numpy: bool
    """Whether numpy is among the files."""


def python_script(interpreter: Interpreter, worker: str) -> Page:
    """The script, made only when one of the files or ``worker``, the code that runs them, has changed."""
    files, sources = interpreter.files, interpreter.sources
    return Page(
        key=digest({name: digest_bytes(content) for name, content in files.items()}, sources, worker),
        make=lambda: _script(files, sources, worker),
    )


def _script(files: Mapping[str, bytes], sources: Mapping[str, str], worker: str) -> str:
    packed = {name: b64encode(gzip.compress(content, mtime=0)).decode() for name, content in files.items()}
    content = {"worker": worker, "sources": dict(sorted(sources.items())), "files": packed}
    return f"window.studykitPython = {json.dumps(content)};\n"
