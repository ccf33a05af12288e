"""A course's book: whole, valid, every link leads somewhere."""

from __future__ import annotations

import io
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from studykit.export import LABELS, ExportOptions, HandoutOptions
from studykit.export.course import course_epub, course_html
from studykit.export.handout.page import linked_pages, print_with_pages
from studykit.types import Notes
from tests.conftest import program
from tests.export.test_course import Links
from tests.export.test_epub import LONG, XHTML, pages
from tests.export.test_outputs import hostile_talk
from tests.small_course import LECTURES
from tests.talks import SMALL_TALK

NO_PAGES: Mapping[str, int] = MappingProxyType({})


def made(*lectures: Notes, labels: str = "zh", name: str = "A <course> & more") -> bytes:
    return course_epub(name, lectures, labels=LABELS[labels], level="B1")


def text(page: ET.Element) -> str:
    return "".join(page.itertext())


def test_lectures_are_chapters_of_one_table_of_contents() -> None:
    found = pages(made(*LECTURES))
    contents = [link.get("href") for link in found["nav.xhtml"].iter(f"{XHTML}a")]
    assert contents[:6] == [
        "l1.xhtml", "l1-part-1.xhtml", "l1-part-2.xhtml", "l2.xhtml", "l2-part-1.xhtml", "l2-part-2.xhtml",
    ]  # fmt: skip
    assert contents[9:11] == ["glossary.xhtml", "words.xhtml"]
    spine = [item.get("idref") for item in found["package.opf"].iter() if item.tag.endswith("itemref")]
    assert spine == ["cover", "nav", *(f"{link}".removesuffix(".xhtml") for link in contents[:11])]


def test_what_was_met_is_a_note_that_leads_back() -> None:
    found = pages(made(*LECTURES))
    definition = "留给后续词元用的键和值。"
    assert definition in text(found["l1-part-1.xhtml"])
    assert definition not in text(found["l2-part-1.xhtml"])
    assert definition in text(found["glossary.xhtml"])
    back = [link for link in found["l3-part-2.xhtml"].iter(f"{XHTML}a") if link.text == "第 1 讲 01:10 见过"]
    assert [link.get("href") for link in back] == ["l1-part-2.xhtml#p2"]
    assert "两码事" in text(found["l3-part-2.xhtml"])


def test_the_glossary_and_the_words_say_where_first() -> None:
    found = pages(made(*LECTURES))
    assert "首次出现：第 1 讲 01:00 · 各讲次数：第 1 讲 ×1，第 2 讲 ×1，第 3 讲 ×1" in text(
        found["glossary.xhtml"]
    )
    rows = [text(row) for row in found["words.xhtml"].iter(f"{XHTML}tr")]
    assert rows[1:] == ["a different storyB2另一回事第 1 讲 01:10"]


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_every_link_leads_somewhere(labels: str) -> None:
    found = pages(made(*LECTURES, labels=labels))
    ids = {name: {element.get("id") for element in page.iter()} for name, page in found.items()}
    for name, page in found.items():
        for link in page.iter(f"{XHTML}a"):
            target, _, fragment = (link.get("href") or "").partition("#")
            if not target.startswith("http"):
                assert not fragment or fragment in ids[target or name], (name, link.get("href"))
                assert (target or name) in found


def test_the_book_is_the_same_each_time_and_stays_the_same_book() -> None:
    assert made(*LECTURES) == made(*LECTURES)
    longer, shorter = (text(pages(made(*lectures))["package.opf"]) for lectures in (LECTURES, LECTURES[:1]))
    assert longer.split()[0] == shorter.split()[0]
    assert longer.split()[0].startswith("urn:uuid:")


def printed(*lectures: Notes, labels: str = "zh", pages: Mapping[str, int] = NO_PAGES) -> str:
    options = ExportOptions(labels=LABELS[labels])
    return course_html("A <course> & more", lectures, options, level="B1", pages=pages)


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_every_link_of_the_printed_book_leads_somewhere_and_ids_are_unique(labels: str) -> None:
    page = Links(printed(*LECTURES, labels=labels))
    assert len(page.ids) == len(set(page.ids))
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)
    assert {"lecture-1", "lecture-3", "l1-p2", "glossary", "words", "term-kv-cache"} <= inside


def test_the_printed_book_has_one_glossary_and_hostile_text_stays_text() -> None:
    text = printed(*LECTURES, replace(hostile_talk(), source=replace(hostile_talk().source, id="d" * 64)))
    assert text.count('id="words"') == 1
    assert "<script" not in text
    assert 'href="javascript' not in text
    assert "A &lt;course&gt; &amp; more" in text


def test_the_paper_is_as_asked_for() -> None:
    options = ExportOptions(labels=LABELS["en"], handout=HandoutOptions(paper="letter"))
    assert "size: letter" in course_html("Models", LECTURES, options, level="B1")
    assert "size: A4" in printed(*LECTURES)


@pytest.mark.slow
def test_page_numbers_of_the_contents_are_right() -> None:
    program("chromium")

    def html(pages: Mapping[str, int]) -> str:
        return printed(*LECTURES, pages=pages)

    data = print_with_pages(html)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    where = linked_pages(data)
    assert [where[f"lecture-{number}"] for number in (1, 2, 3)] == [2, 3, 4]
    assert "KV cache" in pages[where["glossary"] - 1]
    assert "A <course> & more" in pages[0]
    for id_ in ("lecture-3", "glossary", "words"):
        assert str(where[id_]) in pages[0]
    outline = [entry.title for entry in PdfReader(io.BytesIO(data)).outline if not isinstance(entry, list)]
    assert len(outline) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["small", "hostile", "bare"])
@pytest.mark.parametrize("labels", ["zh", "en"])
def test_epubcheck_finds_nothing(kind: str, labels: str, tmp_path: Path) -> None:
    java, checker = program("java"), program("epubcheck")
    hostile = replace(hostile_talk(), source=replace(hostile_talk().source, id="d" * 64, title=LONG))
    bare = replace(
        SMALL_TALK,
        terms=(),
        vocabulary=(),
        claims=(),
        parts=(
            replace(
                SMALL_TALK.parts[0], title=None, paragraphs=replace(SMALL_TALK.parts[0].paragraphs, end=2)
            ),
        ),
        paragraphs=tuple(replace(p, introduces=(), start_s=None, end_s=None) for p in SMALL_TALK.paragraphs),
    )
    lectures = {"small": LECTURES, "hostile": (*LECTURES, hostile), "bare": (bare,)}[kind]
    path = tmp_path / "course.epub"
    path.write_bytes(made(*lectures, labels=labels, name=LONG if kind == "hostile" else "A <course> & more"))
    done = subprocess.run(
        [java, "-jar", checker, "--failonwarnings", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
