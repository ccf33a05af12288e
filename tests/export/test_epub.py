"""The book: valid, whole, the same bytes each time, and nothing from outside is markup."""

from __future__ import annotations

import io
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.types import Notes
from tests.assisted import ASSISTED_TALK
from tests.conftest import program
from tests.export.test_outputs import HOSTILE, hostile_talk
from tests.talks import SMALL_TALK

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

LONG = f"{HOSTILE} \u202eright to left\u202c 🙂 \x0b\ufffe " + "标题很长" * 70


def made(talk: Notes, labels: str = "zh") -> bytes:
    book = FORMATS["epub"].make(talk, ExportOptions(labels=LABELS[labels]))
    assert isinstance(book, bytes)
    return book


def pages(book: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(book)) as content:
        names = [name for name in content.namelist() if name.endswith((".xhtml", ".opf", ".svg"))]
        return {name.removeprefix("EPUB/"): ET.fromstring(content.read(name)) for name in names}


def test_the_book_begins_as_readers_expect_and_is_reproducible() -> None:
    book = made(SMALL_TALK)
    with zipfile.ZipFile(io.BytesIO(book)) as content:
        first = content.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert content.read(first) == b"application/epub+zip"
    assert book == made(SMALL_TALK)


def test_explanations_are_footnotes_and_languages_are_marked() -> None:
    part = pages(made(SMALL_TALK))["part-1.xhtml"]
    (reference,) = [link for link in part.iter(f"{XHTML}a") if link.get(EPUB_TYPE) == "noteref"]
    (note,) = [aside for aside in part.iter(f"{XHTML}aside") if aside.get(EPUB_TYPE) == "footnote"]
    assert reference.get("href") == f"#{note.get('id')}"
    assert "留给后续词元用的键和值。" in "".join(note.itertext())
    english, chinese = [p for p in part.iter(f"{XHTML}p") if p.get("class") in {"english", "chinese"}]
    assert english.get(XML_LANG) == english.get("lang") == "en"
    assert chinese.get(XML_LANG) == chinese.get("lang") == "zh-Hans"
    assert "".join(english.itertext()).startswith("So why does a KV cache1 matter?")


def test_every_text_and_every_part_is_there() -> None:
    found = pages(made(SMALL_TALK))
    for page in found.values():
        for link in page.iter(f"{XHTML}a"):
            if link.get(EPUB_TYPE) == "noteref":
                link.text = ""
    text = "".join("".join(page.itertext()) for page in found.values())
    for sent in (*SMALL_TALK.english, *SMALL_TALK.chinese):
        assert sent.text in text
    links = [link.get("href") for link in found["nav.xhtml"].iter(f"{XHTML}a")]
    assert {"part-1.xhtml", "part-2.xhtml", "words.xhtml"} <= set(links)


def test_hostile_text_stays_text() -> None:
    talk = hostile_talk()
    for labels in LABELS:
        found = pages(made(replace(talk, source=replace(talk.source, title=LONG)), labels))
        for page in found.values():
            assert not list(page.iter(f"{XHTML}script"))
            assert not [link for link in page.iter(f"{XHTML}a") if "javascript" in link.get("href", "")]
        assert HOSTILE in "".join(found["part-1.xhtml"].itertext())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["small", "assisted", "hostile", "english only", "bare"])
def test_epubcheck_finds_nothing(kind: str, tmp_path: Path) -> None:
    java, checker = program("java"), program("epubcheck")
    talk = {
        "small": SMALL_TALK,
        "assisted": ASSISTED_TALK,
        "hostile": replace(hostile_talk(), source=replace(hostile_talk().source, title=LONG, channel=LONG)),
        "english only": replace(
            SMALL_TALK,
            chinese=(),
            alignment=None,
            paragraphs=tuple(
                replace(p, chinese=replace(p.chinese, start=0, end=0)) for p in SMALL_TALK.paragraphs
            ),
            terms=tuple(replace(term, occurrences=term.occurrences[:1]) for term in SMALL_TALK.terms),
        ),
        "bare": replace(
            SMALL_TALK,
            terms=(),
            vocabulary=(),
            claims=(),
            paragraphs=tuple(
                replace(p, introduces=(), start_s=None, end_s=None) for p in SMALL_TALK.paragraphs
            ),
        ),
    }[kind]
    path = tmp_path / "talk.epub"
    path.write_bytes(made(talk))
    # Debian's program is the archive itself.
    done = subprocess.run(
        [java, "-jar", checker, "--failonwarnings", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
