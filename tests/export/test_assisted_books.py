"""What a language model wrote, in books of a talk and of a course."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

from studykit.export import FORMATS, LABELS
from studykit.export.assist.merged import assisted
from studykit.export.course import course_epub, course_html
from tests.assisted import ASSISTED_TALK
from tests.export.test_outputs import options
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


def test_a_printed_course_has_each_lectures_overview() -> None:
    lectures = [assisted(ASSISTED_TALK), replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="1" * 64))]
    html = course_html("C", lectures, options("zh"), level="A1")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {"l1-overview", "l1-answer-1"} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
