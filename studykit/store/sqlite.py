"""sqlite-utils without numpy.

It imports numpy, if installed, for column types that are not used here; that takes longer than a whole
small command.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Database", "Migrations"]

_modules: dict[str, Any] = sys.modules
_hidden = "numpy" not in _modules
if _hidden:
    _modules["numpy"] = None  # makes the import fail, which sqlite-utils expects
try:
    from sqlite_utils import Database, Migrations
finally:
    if _hidden:
        del _modules["numpy"]
