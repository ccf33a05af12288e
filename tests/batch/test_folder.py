"""Which files of a folder are one talk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studykit.batch.lists.folder import find_talks

CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n"
FILM = b"\0\0\0\x20ftypisom" + bytes(60)


def talks(folder: Path, *names: str, but: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    """Source and translation of each talk among files of these names, relative to the folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILM if name.endswith((".mp4", ".m4a")) else CAPTIONS.encode())
    found = find_talks(folder, but=[str(folder.resolve() / name) for name in but])
    return [
        (
            Path(job.source).relative_to(folder).as_posix(),
            job.translation.relative_to(folder).as_posix() if job.translation else None,
        )
        for job in found.jobs
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.en.srt", "a.zh.srt", "a.zh-en.srt"], [("a.en.srt", "a.zh.srt")]),
        (["a.srt", "a.zh-Hans.vtt"], [("a.srt", "a.zh-Hans.vtt")]),
        (["a.en.vtt", "a.zh.txt"], [("a.en.vtt", "a.zh.txt")]),
        (["a.txt", "a.zh.txt"], [("a.txt", "a.zh.txt")]),
        (["a.chi.srt"], [("a.chi.srt", None)]),
        (["a.简英.ass"], [("a.简英.ass", None)]),
        (["a.en.json3", "a.translated.zh-Hans.vtt"], [("a.en.json3", "a.translated.zh-Hans.vtt")]),
        (["a.mp4", "a.en.srt", "a.zh.srt"], [("a.mp4", None)]),
        (["a.mp4", "a.zh.txt"], [("a.mp4", "a.zh.txt")]),
        (["a.m4a", "b.m4a"], [("a.m4a", None), ("b.m4a", None)]),
        (["a.srt", "a.2.srt"], [("a.srt", None), ("a.2.srt", None)]),
        (["2/a.en.srt", "1/a.en.srt", "1/a.zh.srt"], [("1/a.en.srt", "1/a.zh.srt"), ("2/a.en.srt", None)]),
        (["README.txt", "package.json", ".hidden.srt", "a.pdf"], []),
    ],
)
def test_names_tell_what_belongs_together(
    tmp_path: Path, names: list[str], expected: list[tuple[str, str | None]]
) -> None:
    assert sorted(talks(tmp_path, *names)) == sorted(expected)


def test_texts_that_may_be_anything_are_left_out_with_a_remark(tmp_path: Path) -> None:
    assert talks(tmp_path, "README.txt", "a.en.srt") == [("a.en.srt", None)]
    (remark,) = find_talks(tmp_path).remarks
    assert "README.txt" in remark
    assert "NAME.en.txt" in remark


def test_what_studykit_wrote_is_no_talk(tmp_path: Path) -> None:
    assert talks(tmp_path, "a.en.srt", "a.srt", but=("a.srt",)) == [("a.en.srt", None)]


def test_what_fetch_writes_beside_the_captions_belongs_to_the_talk(tmp_path: Path) -> None:
    assert talks(tmp_path, "A talk.en.json3") == [("A talk.en.json3", None)]
    (tmp_path / "A talk.chapters.txt").write_text("0:00 Start\n", encoding="utf-8")
    (tmp_path / "A talk.info.json").write_text(json.dumps({"url": "https://x.org/1"}), encoding="utf-8")
    found = find_talks(tmp_path)
    (job,) = found.jobs
    assert found.remarks == ()
    assert job.chapters == tmp_path / "A talk.chapters.txt"
    assert job.settings == {"ingest.url": "https://x.org/1"}
    for broken in ("[]", "{", '{"url": 7}', '{"url": "javascript:x"}'):
        (tmp_path / "A talk.info.json").write_text(broken, encoding="utf-8")
        assert find_talks(tmp_path).jobs[0].settings == {}
