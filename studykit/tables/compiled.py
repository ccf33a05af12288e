"""Tables that are compiled from the language data at hand, once.

The wheel ships tables that its build has compiled (hatch_build.py). Where no file fits the data and the code,
the table is compiled into the cache, whole or not at all; two processes that do so at once write the same.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from studykit.files import write_whole
from studykit.fingerprint import code_digest, digest, digest_file
from studykit.resources import cache_dir, compiled_dirs
from studykit.tables.table import Table, packed

__all__ = ["Compiled"]


class Compiled(Struct, frozen=True, dict=True):
    """A table by name, and how to make it.

    ``entries`` makes its content of the files that ``sources`` names; ``code`` are the modules, by path
    inside studykit, whose change makes it another table.
    """

    name: str
    entries: Callable[[], Mapping[str, bytes]]
    sources: Callable[[], Iterable[Path]]
    code: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Differs whenever the content could."""
        sources = [[path.name, digest_file(path)] for path in self.sources()]
        key = digest(sources, code_digest("tables/table", "tables/compiled", *self.code), sys.byteorder)
        return f"{self.name}-{key[:16]}.table"

    @cached_property
    def table(self) -> Table:
        """From the wheel or the cache; else compiled, and kept if the cache can be written."""
        name = self.file_name
        for folder in (*compiled_dirs(), cache_dir() / "tables"):
            if found := _opened(folder / name):
                return found
        folder, data = cache_dir() / "tables", self.packed()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, data)
            for old in folder.glob(f"{self.name}-*.table"):
                if old.name != name:
                    old.unlink(missing_ok=True)
        except OSError:  # a cache that cannot be written
            return Table(data)
        return _opened(folder / name) or Table(data)

    def packed(self) -> bytes:
        """The table's bytes, compiled."""
        return packed(self.entries().items())


def _opened(path: Path) -> Table | None:
    """The table in a file; None if there is none, or what is there cannot be one."""
    try:
        with path.open("rb") as file:
            return Table(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None
