"""NVIDIA's libraries that CTranslate2 loads by name on a GPU, and their wheels (extra ``cuda``).

CTranslate2's own wheel lacks cuBLAS. pip puts NVIDIA's wheels where the system's loader does not look, so
libraries are loaded from there first: one that is loaded is found by its name (torch does it so, too).
cuDNN is not needed since CTranslate2 4.7.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

__all__ = ["Library", "missing_libraries"]


class Library(NamedTuple):
    """A library: its usual name, its package, and its files in the order of loading."""

    name: str
    package: str
    files: tuple[str, ...]


_LIBRARIES = (Library("cuBLAS 12", "nvidia.cublas", ("libcublasLt.so.12", "libcublas.so.12")),)


@cache
def missing_libraries(libraries: tuple[Library, ...] = _LIBRARIES) -> tuple[str, ...]:
    """The libraries that can be loaded neither from the system nor from their wheels.

    Loads the others for the whole process. Elsewhere than on Linux nothing is looked for.
    """
    if not sys.platform.startswith("linux"):
        return ()
    return tuple(library.name for library in libraries if not _loads(library))


def _loads(library: Library) -> bool:
    for file in library.files:
        if not any(_opens(name) for name in (file, *(str(folder / file) for folder in _folders(library)))):
            return False
    return True


def _opens(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def _folders(library: Library) -> list[Path]:
    try:
        found = find_spec(library.package)
    except ModuleNotFoundError:  # not even nvidia
        return []
    return [Path(folder) / "lib" for folder in found.submodule_search_locations or ()] if found else []
