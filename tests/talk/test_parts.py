"""A long talk without chapters is cut into parts that are named in both of its languages."""

from __future__ import annotations

from pathlib import Path

from studykit.export.options import ExportOptions
from studykit.export.page.labels import LABELS
from studykit.export.page.markdown import notes_markdown
from studykit.resources import data_dir
from studykit.store import Store
from studykit.talk import open_talk


def test_parts_have_headings_in_both_languages(tmp_path: Path) -> None:
    examples = data_dir("examples")
    with Store(tmp_path / "study.db") as store:
        talk = open_talk(
            examples / "lecture.en.vtt",
            translation=examples / "lecture.zh.txt",
            store=store,
            options={"segment.part_s": 150},
        )
        notes = talk.bare_notes
        store.save(notes, key="key")
        assert store.load(notes.source.id).parts == notes.parts
    assert len(notes.parts) > 2
    for part in notes.parts:
        assert part.title
        assert part.title.isascii()
        assert part.translation
        assert not part.translation.isascii()
    page = notes_markdown(notes, ExportOptions(labels=LABELS["en"]))
    assert f"{notes.parts[1].title} · {notes.parts[1].translation}" in page
