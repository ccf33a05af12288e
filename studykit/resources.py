"""Finds the files that come with studykit: templates, glossaries, the example talk.

A wheel carries them as ``studykit/_data/``; in a checkout they stand beside the package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["data_dir"]


@cache
def data_dir(name: str) -> Path:
    """The folder ``name`` (``templates``, ``glossaries``, ``examples``).

    Raises ``FileNotFoundError`` when the installation is incomplete.
    """
    package = Path(__file__).parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"studykit's own {name}/ is missing; install studykit again")
