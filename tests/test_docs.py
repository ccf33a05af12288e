"""What the docs promise is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studykit.export.handout.context import Section, SheetContext
from studykit.export.handout.exercises import ExercisePart, Gap, Task
from studykit.export.handout.qr import Code
from studykit.export.page import contexts
from studykit.store import Store

DOCS = Path(__file__).parent.parent / "docs"


def test_every_table_and_column_is_documented(tmp_path: Path) -> None:
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.*) \|$", (DOCS / "schema.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    with Store(tmp_path / "study.db") as store:
        tables = [t for t in store.db.tables if not t.name.startswith(("_", "sentences_fts_", "sqlite_"))]
        assert {table.name for table in tables} == set(rows)
        for table in tables:
            if table.name != "sentences_fts":
                assert {column.name for column in table.columns} <= set(
                    re.findall(r"`(\w+)`", rows[table.name])
                )


@pytest.mark.parametrize(
    ("heading", "context"),
    [
        ("notes", contexts.NotesContext),
        ("part", contexts.PartContext),
        ("paragraph", contexts.ParagraphContext),
        ("run", contexts.Run),
        ("time span", contexts.TimeSpan),
        ("term", contexts.TermContext),
        ("vocabulary item", contexts.VocabularyContext),
        ("met", contexts.MetContext),
        ("claim", contexts.ClaimContext),
        ("assistance", contexts.AssistanceContext),
        ("statement", contexts.StatementContext),
        ("evidence", contexts.EvidenceContext),
        ("question", contexts.QuestionContext),
        ("misreading", contexts.MisreadingContext),
        ("correction", contexts.CorrectionContext),
        ("sheet", SheetContext),
        ("section", Section),
        ("code", Code),
        ("exercise part", ExercisePart),
        ("task", Task),
        ("gap", Gap),
    ],
)
def test_every_template_field_is_documented(heading: str, context: type) -> None:
    page = (DOCS / "templates.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page, flags=re.MULTILINE)
    text = next(part for part in section if part.startswith(f"{heading}\n"))
    assert set(context.__struct_fields__) <= set(re.findall(r"`(\w+)`", text))
