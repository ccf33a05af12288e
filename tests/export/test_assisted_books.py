"""What a language model wrote, in books of a talk and of a course."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.export import FORMATS, LABELS
from studykit.export.assist.merged import assisted
from studykit.export.course import course_epub, course_html
from tests.assisted import ASSISTED_TALK
from tests.conftest import program
from tests.export.test_outputs import options
from tests.small_site import small_site
from tests.talks import SMALL_TALK

MADE = ASSISTED_TALK.assistance
assert MADE


def _book(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith("xhtml")}


def test_the_book_has_an_overview_and_answers_and_its_links_lead_somewhere() -> None:
    made = FORMATS["epub"].make(ASSISTED_TALK, options("zh"))
    assert isinstance(made, bytes)
    lectures = [assisted(ASSISTED_TALK), SMALL_TALK]
    course = course_epub("C", lectures, labels=LABELS["zh"], level="A1")
    for files, overview, answers in (
        (_book(made), "overview", "answers"),
        (_book(course), "l1", "l1-answers"),
    ):
        assert MADE.summary[1].chinese in files[f"EPUB/{overview}.xhtml"]
        assert MADE.questions[1].answer.english in files[f"EPUB/{answers}.xhtml"]
        for name, text in files.items():
            for link in re.findall(r'href="([^":]*#[^"]+)"', text):
                file, _, target = link.partition("#")
                where = files[f"EPUB/{file}" if file else name]
                assert f'id="{target}"' in where, (name, link)


@pytest.mark.slow
def test_epubcheck_finds_nothing_in_a_course(tmp_path: Path) -> None:
    java, checker = program("java"), program("epubcheck")
    other = replace(ASSISTED_TALK, source=replace(ASSISTED_TALK.source, id="1" * 64, title="Again"))
    lectures = [assisted(ASSISTED_TALK), assisted(other), SMALL_TALK]
    (tmp_path / "course.epub").write_bytes(course_epub("C", lectures, labels=LABELS["en"], level="A1"))
    command = [java, "-jar", checker, "--failonwarnings", str(tmp_path / "course.epub")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_page_of_the_site_shows_it() -> None:
    site = small_site(talk=ASSISTED_TALK)
    html = site[f"talks/{ASSISTED_TALK.source.id[:16]}.html"]
    for text in (MADE.line, *MADE.summary, MADE.claims[0].statement, MADE.questions[0].answer):
        assert text
        assert text.chinese in html
    assert ".evidence" in site["style.css"]
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_printed_course_has_each_lectures_overview() -> None:
    lectures = [assisted(ASSISTED_TALK), replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="1" * 64))]
    html = course_html("C", lectures, options("zh"), level="A1")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {"l1-overview", "l1-answer-1"} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
