"""Stable digests, used as the keys of cached results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

__all__ = ["code_digest", "digest", "digest_bytes", "digest_file", "digest_texts"]


def digest_bytes(data: bytes) -> str:
    """SHA-256 of ``data``, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 of a file of any size; raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(*values: object) -> str:
    """SHA-256 of ``values`` written as canonical JSON; raises ``TypeError`` for other types."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest_bytes(text.encode("utf-8", "surrogatepass"))


def digest_texts(language: str, texts: Iterable[str]) -> str:
    """The digest of a list of sentences; it changes if a sentence boundary moves."""
    return digest(language, list(texts))


@cache
def code_digest(*modules: str) -> str:
    """SHA-256 of the source of modules or packages, given by path inside studykit.

    Used in cache keys, so that results of code that has since changed are never reused, whether or
    not anyone remembered to raise a version number.
    """
    root = Path(__file__).parent
    sources: dict[str, str] = {}
    for module in modules:
        path = root / module
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        for file in files:
            sources[file.relative_to(root).as_posix()] = digest_bytes(file.read_bytes())
    return digest(sources)
