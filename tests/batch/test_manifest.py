"""Lists of talks in three forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studykit.batch.lists.manifest import read_manifest
from studykit.errors import InputError, TalkListError
from studykit.talk.write.download import write_list

LINK = "https://youtu.be/one"


def manifest(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_fetch_writes_for_a_playlist_is_read(tmp_path: Path) -> None:
    found = TalkListError("https://x.org/list", "All talks", [(LINK, "First"), ("https://youtu.be/two", "")])
    jobs = read_manifest(write_list(found, tmp_path)).jobs
    assert [(job.source, job.name) for job in jobs] == [
        (LINK, "First"),
        ("https://youtu.be/two", "https://youtu.be/two"),
    ]


@pytest.mark.parametrize(("name", "mark"), [("list.csv", ","), ("list.csv", ";"), ("list.tsv", "\t")])
def test_a_table_states_files_and_settings_of_each_talk(tmp_path: Path, name: str, mark: str) -> None:
    rows = [
        [
            "source",
            "translation",
            "chapters",
            "language",
            "title",
            "url",
            "vocabulary.level",
            "translate",
            "course",
        ],
        ["a b.vtt", "zh/a.txt", "a.chapters.txt", "en", "A, b", LINK, "C1", "captions", "Caches"],
        ["youtube.com/watch?v=x", "", "", "", "", "", "", "", ""],
    ]
    text = "\ufeff" + "\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    (tmp_path / "a b.vtt").touch()
    first, second = read_manifest(manifest(tmp_path, name, text)).jobs
    assert first.source == str(tmp_path / "a b.vtt")
    assert (first.translation, first.chapters) == (tmp_path / "zh/a.txt", tmp_path / "a.chapters.txt")
    assert first.settings == {
        "ingest.language": "en",
        "ingest.title": "A, b",
        "ingest.url": LINK,
        "vocabulary.level": "C1",
    }
    assert first.translate == "captions"
    assert first.course == "Caches"
    assert (first.name, first.stem) == ("A, b", "a b")
    assert (second.source, second.stem) == ("https://youtube.com/watch?v=x", None)


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    lines = [
        {"url": LINK, "notes.formats": ["md", "srt"], "title": None},
        {"source": "../t.vtt", "vocabulary.known": "known.csv"},
    ]
    text = "\n\n".join(map(json.dumps, lines)) + "\n"
    first, second = read_manifest(manifest(tmp_path, "list.jsonl", text)).jobs
    assert (first.source, first.settings) == (LINK, {"notes.formats": ("md", "srt")})
    assert second.source == str(tmp_path.parent / "t.vtt")
    assert second.settings == {"vocabulary.known": (tmp_path / "known.csv",)}


def test_a_talk_that_is_listed_twice_is_one(tmp_path: Path) -> None:
    listed = read_manifest(manifest(tmp_path, "l.txt", f"{LINK}\n# again\n{LINK}\n"))
    assert len(listed.jobs) == 1
    assert listed.remarks == (f"{tmp_path / 'l.txt'}:3: {LINK} is in the list already",)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("l.csv", "source,levle\na.vtt,C1\n", ":2: 'levle' cannot be set for one talk"),
        ("l.csv", "source,vocabulary.level\na.vtt,Z9\n", ":2: vocabulary.level = 'Z9'"),
        ("l.csv", f"source\n{LINK},more\n", ":2: has more cells"),
        ("l.csv", "title\nx\n", ":2: names no source"),
        ("l.jsonl", '{"source": "a"}\n[1]\n', ":2: expected a JSON object"),
        ("l.jsonl", '{"source": 7}\n', ":1: names no source"),
        ("l.jsonl", '{"source": "a", "translation": 7}\n', ":1: translation must be"),
        ("l.jsonl", '{"source"\n', ":1: is not a JSON object"),
        ("l.csv", "source,translate.base_url\na.vtt,http://evil.example\n", "cannot be set by a list"),
        ("l.csv", "source,notes.templates\na.vtt,.\n", "cannot be set by a list"),
        ("l.csv", "source,align.encoder\na.vtt,sentence-transformers:./here\n", "cannot be set by a list"),
        ("l.csv", "source,store.db\na.vtt,other.db\n", "'store.db' cannot be set"),
        ("l.csv", "source,translate.api_key\na.vtt,sk\n", "'translate.api_key' cannot be set"),
        ("l.txt", "# nothing\n\n", "lists no talks"),
        ("talk.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n", "is no list of talks"),
        ("l.txt", "ftp://x.org/a.mp4\n", "cannot be downloaded"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(manifest(tmp_path, name, text))
    assert told in str(caught.value)


@given(
    data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    name=st.sampled_from(["l.csv", "l.jsonl", "l.txt"]),
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_list_or_a_message(data: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    try:
        listed = read_manifest(path)
    except InputError:
        return
    sources = [job.source for job in listed.jobs]
    assert len(sources) == len(set(sources)) > 0
