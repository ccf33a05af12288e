"""All tables that come with studykit: what the wheel's build compiles, so that no first run has to."""

from __future__ import annotations

from pathlib import Path

from studykit.annotate.vocabulary.expressions import TABLE as EXPRESSIONS
from studykit.correct.lexicon import TABLE as MISHEARD
from studykit.engines.encoders.usem_pieces import TABLE as PIECES
from studykit.files import write_whole
from studykit.glossary.load import TABLE as GLOSSARIES
from studykit.lexicon import dictionary, levels, names, pinyin, pronunciation, supplement
from studykit.tables.frequencies import LISTS

__all__ = ["TABLES", "compile_into"]

TABLES = (
    *LISTS.values(),
    *dictionary.TABLES,
    *(module.TABLE for module in (levels, names, pinyin, pronunciation, supplement)),
    EXPRESSIONS,
    GLOSSARIES,
    MISHEARD,
    PIECES,
)


def compile_into(folder: Path) -> None:
    """Write all tables into a folder, and delete others that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {table.file_name: table for table in TABLES}
    for old in folder.glob("*.table"):
        if old.name not in wanted:
            old.unlink(missing_ok=True)  # another process does so, too
    for name, table in wanted.items():
        if not (folder / name).is_file():
            write_whole(folder / name, table.packed())
