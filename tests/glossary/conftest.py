from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studykit.glossary import Entry


@pytest.fixture(scope="module")
def make_entry() -> Callable[..., Entry]:
    """An entry in which only what a test is about need be given."""

    def make(entry_id: str, english: str, **fields: Any) -> Entry:
        rest: dict[str, Any] = {
            "chinese": f"词语{entry_id}",
            "category": "general",
            "definition_en": "A thing.",
            "definition_zh": "一个东西。",
            "source": "test",
        }
        return Entry(id=entry_id, english=english, **(rest | fields))

    return make


@pytest.fixture
def write_terms(tmp_path: Path) -> Callable[..., Path]:
    """Writes a glossary file; each term is a full one, changed by the lines given (``key = value``).

    A line that ends in ``=`` takes the key away.
    """

    def write(name: str, *terms: str) -> Path:
        tables = []
        for i, lines in enumerate(terms):
            keys = {
                "id": f'"{Path(name).stem}-{i}"',
                "english": f'"{Path(name).stem} word {i}"',
                "chinese": f'"{Path(name).stem}词{i}"',
                "category": '"general"',
                "definition_en": '"A thing."',
                "definition_zh": '"一个东西。"',
                "source": '"test"',
            }
            for line in filter(None, lines.splitlines()):
                key, _, value = line.partition("=")
                keys[key.strip()] = value.strip()
            tables.append("\n".join(["[[term]]", *(f"{k} = {v}" for k, v in keys.items() if v)]))
        path = tmp_path / name
        path.write_text("\n\n".join(tables) + "\n", encoding="utf-8")
        return path

    return write
