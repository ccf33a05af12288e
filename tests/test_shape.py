"""The size of what a reader has to hold in mind: files, functions, rooms."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "studykit"
FILES = sorted(PACKAGE.rglob("*.py"))

MOST_LINES_OF_A_FILE = 350
MOST_LINES_OF_A_FUNCTION = 60
MOST_FILES_OF_A_ROOM = 12

ONE_IDEA_A_FILE = {PACKAGE / "demos"}
"""Rooms that are collections: each file stands for itself, and nobody reads them together."""


def name(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def test_no_file_is_long() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in FILES}
    long = [f"{name(path)}: {count} lines" for path, count in lines.items() if count > MOST_LINES_OF_A_FILE]
    assert not long, "\n".join(long)


def test_no_function_is_long() -> None:
    """From ``def`` to its last line; decorators are not counted."""
    long = [
        f"{name(path)}:{node.lineno}: {node.name} has {count} lines"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (count := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_no_room_is_crowded() -> None:
    """Files that lie flat in a folder, ``__init__.py`` counted."""
    rooms = Counter(path.parent for path in FILES)
    crowded = [
        f"{name(folder)}/: {count} files"
        for folder, count in rooms.items()
        if count > MOST_FILES_OF_A_ROOM and folder not in ONE_IDEA_A_FILE
    ]
    assert not crowded, "\n".join(crowded)
