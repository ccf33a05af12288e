from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.files import safe_stem, write_whole


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        (
            "hallucinations, tool use, knowledge/working memory",
            "hallucinations, tool use, knowledge working memory",
        ),
        ("../../etc/passwd", "etc passwd"),
        ("语言模型：怎么来的？", "语言模型：怎么来的？"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹", "_com¹"),
        ("Aux .mp4", "_Aux .mp4"),
        ("Conduct", "Conduct"),
        ("trailing. . .", "trailing"),
        ("<script>alert('1')</script>", "script alert('1') script"),
        ("{{ 7 * 7 }} 🙂", "{{ 7 7 }} 🙂"),
        ("字" * 300, "字" * 40),
        ("\u202egnp.exe", "gnp.exe"),
        ("???", "talk"),
        ("", "talk"),
    ],
)
def test_stems(title: str, stem: str) -> None:
    assert safe_stem(title) == stem


@given(st.text(max_size=400))
def test_any_title_gives_a_name_that_stays_in_its_folder(title: str) -> None:
    stem = safe_stem(title)
    assert stem
    assert len(stem.encode()) <= 121
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', stem)
    assert stem not in {".", ".."}
    assert not stem.endswith((" ", "."))
    assert Path(stem).name == stem


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    write_whole(path, "first\n")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half of it " * 10_000 + "\ud800")
    assert path.read_bytes() == b"first\n"
    assert os.listdir(tmp_path) == ["notes.md"]  # noqa: PTH208


def test_it_replaces_and_uses_ordinary_permissions(tmp_path: Path) -> None:
    path, plain = tmp_path / "笔记.md", tmp_path / "plain"
    write_whole(path, "a")
    write_whole(path, "b")
    plain.write_text("")
    assert path.read_text() == "b"
    assert path.stat().st_mode == plain.stat().st_mode
