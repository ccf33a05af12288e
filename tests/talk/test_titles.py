"""A talk whose file name tells nothing is headed with what it says, marked as ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.export.options import ExportOptions
from studykit.export.page.labels import LABELS
from studykit.export.page.markdown import notes_markdown
from studykit.ingest.names import tells_nothing
from studykit.resources import data_dir
from studykit.store import Store
from studykit.talk import open_talk


@pytest.mark.parametrize(
    "name",
    [
        *(
            "1234",
            "captions",
            "talk",
            "Untitled 2",
            "dQw4w9WgXcQ",
            "41a7ea7b219023a7",
            "audio_final (1)",
            "字幕",
            "003_22cef76e94749830.first-half",
        ),
        *("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "REC 2024-05-01", "s2"),
    ],
)
def test_names_that_tell_nothing(name: str) -> None:
    assert tells_nothing(name)


@pytest.mark.parametrize(
    "name", ["How caches work", "kv-cache", "lecture-on-tokens", "transformers", "attention2", "缓存", "RAG"]
)
def test_names_that_tell_something(name: str) -> None:
    assert not tells_nothing(name)


def test_such_a_talk_has_a_title_of_ours(tmp_path: Path) -> None:
    examples = data_dir("examples")
    file = tmp_path / "1234.en.vtt"
    stated = (examples / "lecture.en.vtt").read_text(encoding="utf-8")
    file.write_text(stated.replace(stated.partition("\n")[0], "WEBVTT", 1), encoding="utf-8")
    with Store(tmp_path / "study.db") as store:
        talk = open_talk(file, translation=examples / "lecture.zh.txt", store=store)
        notes = talk.bare_notes
        store.save(notes, key="key")
        assert store.load(notes.source.id).source == notes.source
        assert store.find("1234") == notes.source.id
    made = notes.source.made_title
    assert made
    assert notes.source.title == "1234"
    page = notes_markdown(notes, ExportOptions(labels=LABELS["en"]))
    assert page.startswith(f"# {made} · {notes.source.made_translation}\n\n> Title made by studykit")
    assert open_talk(file, options={"ingest.title": "7"}).bare_notes.source.shown_title == "7"
