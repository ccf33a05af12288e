"""Compiles language data and templates into the wheel; an editable install finds them in build/compiled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTables(BuildHookInterface):  # type: ignore[type-arg,misc]
    """Hatch finds it by its base class; pyproject.toml names the packages whose data it reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and add the folder to what the wheel holds."""
        sys.path.insert(0, self.root)
        from studykit.engines.compiled import compile_into  # noqa: PLC0415
        from studykit.export.page.render import compile_into as compile_templates_into  # noqa: PLC0415

        folder = Path(self.root) / "build" / "compiled"
        compile_into(folder)
        compile_templates_into(folder)
        if version == "standard":
            build_data["force_include"][str(folder)] = "studykit/_data/compiled"
