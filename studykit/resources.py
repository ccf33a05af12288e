"""Finds the data shipped with studykit (templates, glossaries, lexicon, weights, the example) and its cache.

A wheel carries the data in ``studykit/_data/``; in a checkout it lies next to the package.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

__all__ = ["cache_dir", "data_dir"]


@cache
def data_dir(name: str) -> Path:
    """The folder ``name`` (``templates``, ``glossaries``, ``lexicon``, ``weights``, ``examples``).

    Raises ``FileNotFoundError`` when the installation is incomplete.
    """
    package = Path(__file__).parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"studykit's own {name}/ is missing; reinstall studykit")


def cache_dir() -> Path:
    """The folder for models and unfinished transcripts, shared by all databases of one user.

    ``STUDYKIT_CACHE``, or else ``studykit`` in the system's cache folder. It may be deleted.
    """
    if stated := os.environ.get("STUDYKIT_CACHE"):
        return Path(stated).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(base).expanduser() / "studykit"
