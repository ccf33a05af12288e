"""sqlite-utils without numpy.

It loads numpy, where it is installed, for column types that are not used here; that takes longer than
all that a small command does.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Database", "Migrations"]

_modules: dict[str, Any] = sys.modules
_hidden = "numpy" not in _modules
if _hidden:
    _modules["numpy"] = None  # importing it fails, which sqlite-utils provides for
try:
    from sqlite_utils import Database, Migrations
finally:
    if _hidden:
        del _modules["numpy"]
