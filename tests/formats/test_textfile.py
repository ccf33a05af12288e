"""Files, encodings and line endings."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import EmptyInputError, FormatError, StudykitError, UnreadableError
from studykit.formats import decode, read_bytes
from studykit.formats.textfile import LARGEST_BYTES
from studykit.ingest import ingest_file
from studykit.options import IngestOptions

SRT = Path("talk.srt")
CUE = "1\n00:00:01,000 --> 00:00:02,000\n"
SIMPLIFIED = [
    "谢谢",
    "我们开始吧",
    "这个模型很大",
    "什么是词元？",
    "对，就是这样。",
    "检索增强生成",
    "神经网络的权重",
]
TRADITIONAL = [
    "謝謝",
    "我們開始吧",
    "這個模型很大",
    "什麼是詞元？",
    "對，就是這樣。",
    "檢索增強生成",
    "神經網路的權重",
]


@pytest.mark.parametrize("text", SIMPLIFIED)
@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("around", ["{}\n", CUE + "{}\n"], ids=["bare", "cue"])
def test_short_simplified_captions(text: str, codec: str, around: str) -> None:
    whole = around.format(text)
    assert decode(whole.encode(codec), SRT) == whole


@pytest.mark.parametrize("text", TRADITIONAL)
@pytest.mark.parametrize("codec", ["big5", "gb18030", "utf-8", "utf-16-be"])
@pytest.mark.parametrize("around", ["{}\n", CUE + "{}\n"], ids=["bare", "cue"])
def test_short_traditional_captions(text: str, codec: str, around: str) -> None:
    whole = around.format(text)
    assert decode(whole.encode(codec), SRT) == whole


@pytest.mark.parametrize(
    "text", ["déjà vu", "He said “hello” — yes…", "a naïve café", "£5 or 5€?", "Été à la plage"]
)
def test_western_captions(text: str) -> None:
    assert decode((CUE + text).encode("cp1252"), SRT) == CUE + text


def test_line_endings_become_newlines() -> None:
    assert decode(b"a\r\nb\rc\nd", SRT) == "a\nb\nc\nd"
    assert decode("a\r\nb\rc".encode("utf-16"), SRT) == "a\nb\nc"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("第一行。\n第二行。\n".encode() + b"\xff" + "第三行。".encode(), 3),
        ("第一行。\r\n第二".encode() + b"\xe8\xa1\n", 2),
        ("a café\n".encode() + b"na\xefve", 2),
        (b"\xef\xbb\xbfone\ntwo \xff\n", 2),
        ("line\n".encode("utf-16") + b"\x00\xd8", 2),
    ],
)
def test_wrong_bytes_in_an_otherwise_good_file_name_their_line(data: bytes, line: int) -> None:
    with pytest.raises(FormatError, match="byte 0x") as caught:
        decode(data, SRT)
    assert caught.value.line == line


def test_text_that_ends_inside_a_character_is_read_and_told(tmp_path: Path) -> None:
    data = (CUE + "第一行。\n第二行。").encode()[:-1]
    assert decode(data, SRT) == CUE + "第一行。\n第二行"
    assert "complete?" in ingest_file(SRT, data, IngestOptions()).warnings[0]


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        ("talk.pdf", b"%PDF-1.7\n", "pdftotext"),
        ("talk.docx", b"PK\x03\x04\x14\0[Content_Types].xmlPK\x03\x04word/document.xml", r"\.txt"),
        ("talk.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"\.txt"),
        ("talk.rtf", b"{\\rtf1\\ansi Hello}", r"\.txt"),
        ("talk.zip", b"PK\x03\x04\x14\0talk.srt", "Unpack"),
        ("talk.srt", b" \n", "download"),
    ],
)
def test_what_is_not_text_names_the_next_step(tmp_path: Path, name: str, data: bytes, hint: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises((FormatError, EmptyInputError)) as caught:
        decode(read_bytes(path), path)
    assert re.search(hint, caught.value.hint)


def test_a_folder_names_a_file_in_it(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "talk.srt").write_text("x")
    with pytest.raises(UnreadableError) as caught:
        read_bytes(tmp_path)
    hint = f"Name a file in it, such as {tmp_path / 'talk.srt'}; "
    assert caught.value.hint == f"{hint}notes of all its talks: studykit batch {tmp_path}"


@pytest.mark.parametrize(("language", "warned"), [("en", True), ("zh", False), (None, False)])
def test_a_language_that_does_not_fit_the_script_is_told(language: str | None, warned: bool) -> None:
    read = ingest_file(SRT, (CUE + "我们开始吧，谢谢大家。").encode(), IngestOptions(language=language))
    assert read.source.language == (language or "zh")
    assert any("looks Chinese" in warning for warning in read.warnings) is warned


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "a recording"),
        (b"\x00\x00\x00\x18ftypmp42", "a recording"),
        (b"\xff\xfb\x90\x64\x00", "a recording"),
        (b"PK\x03\x04\x14\x00", "an archive"),
        (b"abc\x00def", "NUL byte at offset 3"),
        (random.Random(7).randbytes(5000), "not a text|encoding"),
        (b"one\ntwo \x01\x02\x03\x04\n", r"talk\.srt:2: not a text file: 4 control"),
        ("日本語の字幕です。ありがとう。".encode("euc-jp"), "encoding is unknown"),
    ],
)
def test_what_is_not_text(data: bytes, what: str) -> None:
    with pytest.raises(FormatError, match=what):
        decode(data, SRT)


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_our_error(data: bytes) -> None:
    try:
        text = decode(data, SRT)
    except StudykitError:
        return
    assert text.strip()
    assert "\r" not in text


@given(st.text(min_size=1, max_size=200, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_is_read_as_it_is(text: str) -> None:
    if text.strip() and not text.startswith("\ufeff"):
        # Two Cyrillic letters alone could be one frequent character of GB18030.
        assert decode(f"ok — {text}".encode(), SRT) == f"ok — {text}"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        read_bytes(tmp_path / "absent.srt")
    with pytest.raises(UnreadableError, match="a folder"):
        read_bytes(tmp_path)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_bytes(tmp_path / ("x" * 5000))
    with pytest.raises(UnreadableError):
        read_bytes(Path("nul\0byte"))


def test_a_forbidden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret.srt"
    file.write_text("x")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # the superuser may read everything
    with pytest.raises(UnreadableError, match="no permission"):
        read_bytes(file)


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "huge.srt"
    with file.open("wb") as sparse:
        sparse.truncate(2 * 1024**3)

    def unexpected(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Path, "open", unexpected)
    with pytest.raises(UnreadableError, match=f"larger than {LARGEST_BYTES // 2**20} MiB"):
        read_bytes(file)


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe", b"\xff\xfe \x00\n\x00"]
)
def test_empty_files(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "empty.srt"
    file.write_bytes(data)
    with pytest.raises(EmptyInputError, match=r"empty\.srt"):
        read_bytes(file)


def test_white_space_of_other_scripts_is_empty_too() -> None:
    with pytest.raises(EmptyInputError):
        decode("\u3000\n".encode(), SRT)


def test_english_that_ends_inside_its_only_other_character() -> None:
    whole = (CUE + "Then we measure it.\n").encode()
    assert decode(whole + "模".encode()[:2], SRT) == whole.decode()
    assert decode(whole + "é".encode("cp1252"), SRT).endswith("é")  # whole, in another encoding
    with pytest.raises(FormatError):
        decode("模".encode()[:2], SRT)
