"""Templates in compiled form: to parse and compile them takes longer than to render them.

They lie with the wheel, or in the cache. Jinja uses what fits Python's version and the template's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from studykit.files import write_whole
from studykit.fingerprint import code_digest, digest, digest_bytes

__all__ = ["Bytecode"]


class Bytecode(jinja2.BytecodeCache):
    """Reads from the first folder that has a template's code, writes to the last; one file each.

    A file begins with the SHA-256 of the rest, since Jinja unpickles what it is given.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        """By name: the path differs between build and installation."""
        key = digest(name, jinja2.__version__, code_digest("export/page/render"))
        return f"{key[:24]}.template"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Leaves the bucket empty where no folder has code that fits."""
        for folder in self._folders:
            try:
                stated, code = _split((folder / bucket.key).read_bytes())
            except OSError:
                continue
            if stated == digest_bytes(code):
                bucket.bytecode_from_string(code)
            if bucket.code is not None:
                return

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Nothing is kept where the folder cannot be written."""
        code = bucket.bytecode_to_string()
        try:
            self._folders[-1].mkdir(parents=True, exist_ok=True)
            write_whole(self._folders[-1] / bucket.key, digest_bytes(code).encode() + code)
        except OSError:  # a cache that cannot be written
            pass


def _split(data: bytes) -> tuple[str, bytes]:
    return data[:64].decode("ascii", "replace"), data[64:]
