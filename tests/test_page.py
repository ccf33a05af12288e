"""The HTML notes in a real browser, on paper and before a validator."""

from __future__ import annotations

import html
import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from studykit.cli.main import main
from studykit.resources import data_dir
from tests.conftest import program

ROOT = Path(__file__).parent.parent
EXAMPLES = data_dir("examples")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's notes, translated (``lecture.notes.html``) and English only (``en/``)."""
    folder = tmp_path_factory.mktemp("notes")
    talk, chapters = str(EXAMPLES / "lecture.en.vtt"), str(EXAMPLES / "lecture.chapters.txt")
    translation = ["--translation", str(EXAMPLES / "lecture.zh.txt")]
    for out, extra in (
        (folder, [*translation, "--url", "https://youtu.be/abc"]),
        (folder / "en", ["--labels", "en"]),
    ):
        with pytest.raises(SystemExit) as caught:
            main(
                ["notes", talk, "--chapters", chapters, "--out", str(out), "--db", f"{out}.db", "-q", *extra]
            )
        assert not caught.value.code
    return folder


def chromium(page: Path, *options: str) -> str:
    """Open a page as a reader without network would; what Chromium prints."""
    profile = page.parent / "profile"
    command = [
        *(program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *(
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
        ),
        *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", *options, page.as_uri()),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_headings_go_down_a_level_at_a_time(folder: Path) -> None:
    """Also in a talk without chapters, whose claims stand right below its title."""
    for page in folder.rglob("lecture.notes.html"):
        levels = [1, *map(int, re.findall(r"<h([1-6])", page.read_text(encoding="utf-8")))]
        assert all(after <= before + 1 for before, after in pairwise(levels)), page
    for page in folder.rglob("lecture.notes.md"):
        marks = re.findall(r"^(#+) ", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert all(len(after) <= len(before) + 1 for before, after in pairwise(marks)), page


@pytest.mark.parametrize("name", ["lecture.notes.html", "en/lecture.notes.html"])
def test_the_page_is_valid_html(folder: Path, name: str) -> None:
    jar = program("vnu.jar", ROOT / "build/node/node_modules/vnu-jar/build/dist/vnu.jar")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", str(folder / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["messages"] == []


def test_the_page_needs_no_other_file_and_no_network(folder: Path) -> None:
    page = (folder / "lecture.notes.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe|object)\b|\bsrc=|@import|url\(", page)


def test_every_link_within_the_page_leads_somewhere(folder: Path) -> None:
    page = (folder / "lecture.notes.html").read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_it_opens_from_disk_and_shows_its_text(folder: Path) -> None:
    shown = chromium(folder / "lecture.notes.html", "--dump-dom")
    assert "你要做的几乎每个" in shown
    assert re.search(r'href="https://youtu\.be/abc\?t=[1-9]\d*s"', shown)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out_at_any_width(folder: Path, width: int) -> None:
    page = html.escape((folder / "lecture.notes.html").read_text(encoding="utf-8"), quote=True)
    frame = folder / f"frame{width}.html"
    measure = "document.title=f.contentDocument.documentElement.scrollWidth+' '+f.contentWindow.innerWidth"
    frame.write_text(
        f'<!DOCTYPE html><title>none</title><iframe id="f" width="{width}" height="900" srcdoc="{page}"'
        f' onload="{measure}"></iframe>',
        encoding="utf-8",
    )
    title = re.search(r"<title>(\d+) (\d+)</title>", chromium(frame, "--dump-dom"))
    assert title
    assert int(title[1]) <= int(title[2])


def test_on_paper_paragraphs_stay_whole_and_chinese_is_there(folder: Path) -> None:
    pdf = folder / "notes.pdf"
    chromium(folder / "lecture.notes.html", f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    assert (
        "A4" in subprocess.run([program("pdfinfo"), pdf], capture_output=True, text=True, check=True).stdout
    )
    printed = subprocess.run(
        [program("pdftotext"), "-raw", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = [letters(page) for page in printed.split("\f")[:-1]]
    assert len(pages) > 3
    for i, page in enumerate(pages, 1):
        assert f"{i}/{len(pages)}" in page
    notes = json.loads(_export(folder))
    for para in notes["paragraphs"]:
        texts = [letters(sent["text"]) for sent in (*para["english"], *para["chinese"])]
        whole = [page for page in pages if texts[0] in page and texts[-1] in page]
        assert whole, f"paragraph {para['index'] + 1} is torn or incomplete"


def letters(text: str) -> str:
    """Text without white space and hyphens, since lines may break anywhere."""
    return re.sub(r"[\s\u2010-]+", "", text)


def _export(folder: Path) -> str:
    path = folder / "notes.json"
    with pytest.raises(SystemExit):
        main(
            [
                "export",
                "language model",
                "--format",
                "json",
                "-o",
                str(path),
                "--db",
                f"{folder}.db",
                "-q",
            ]
        )
    return path.read_text(encoding="utf-8")
