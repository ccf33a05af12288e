"""Finds the data shipped with studykit (templates, glossaries, lexicon, weights, the example) and its cache.

A wheel carries the data in ``studykit/_data/``; in a checkout it lies next to the package.
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["cache_dir", "compiled_dirs", "config_dir", "data_dir"]


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


def compiled_dirs() -> tuple[Path, Path]:
    """Where tables may lie that were compiled with the wheel, or in a checkout that was installed."""
    package = Path(__file__).parent
    return package / "_data" / "compiled", package.parent / "build" / "compiled"


def cache_dir() -> Path:
    """The folder for models and unfinished transcripts, shared by all databases of one user.

    ``STUDYKIT_CACHE``, or else ``studykit`` in the system's cache folder. It may be deleted.
    """
    if stated := os.environ.get("STUDYKIT_CACHE"):
        return _expanded(stated)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return _expanded(base) / "studykit"


def config_dir() -> Path:
    """The folder for the user's own settings and for what the user trusts: ``studykit`` in the system's."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA", "~/AppData/Roaming")
    elif sys.platform == "darwin":
        base = "~/Library/Application Support"
    else:
        base = os.environ.get("XDG_CONFIG_HOME", "~/.config")
    return _expanded(base) / "studykit"


def _expanded(path: str) -> Path:
    """``path`` with ``~`` as the home folder, or in the temporary folder where there is no home."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a user without a home, as in some containers
        return Path(tempfile.gettempdir()) / f"studykit-{os.getuid()}" / path.removeprefix("~/")
