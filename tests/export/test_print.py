"""Handouts on paper, printed by Chromium: pages, pairs kept whole, bookmarks, tags, fonts."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from studykit.cli.main import main
from studykit.engines.programs import chromium
from studykit.errors import EngineError, MissingProgramError
from studykit.export import FORMATS, LABELS, ExportOptions, HandoutOptions, notes_context
from studykit.export.handout import notes_html
from studykit.export.handout.context import wanted
from studykit.export.handout.exercises import exercises
from studykit.export.handout.page import linked_pages
from studykit.export.page.contexts import PartContext
from studykit.resources import data_dir
from studykit.store import Store
from studykit.types import VARIANTS, Notes
from tests.conftest import program
from tests.talks import SMALL_TALK

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = data_dir("examples")
A4, LETTER = (595, 842), (612, 792)
FULL = HandoutOptions(paper="letter", pinyin=True, ipa=True, notes_margin=True)


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Notes:
    """The example's notes, with everything that a run finds in it."""
    program("chromium")
    folder = tmp_path_factory.mktemp("talk")
    talk, chapters = str(EXAMPLES / "lecture.en.vtt"), str(EXAMPLES / "lecture.chapters.txt")
    translation = ["--translation", str(EXAMPLES / "lecture.zh.txt"), "--chapters", chapters]
    url = ["--url", "https://youtu.be/abc", "--format", "json", "--out", str(folder)]
    with pytest.raises(SystemExit) as caught:
        main(["notes", talk, *translation, *url, "--db", str(folder / "study.db"), "-q"])
    assert not caught.value.code
    with Store.existing(folder / "study.db") as store:
        return store.load(store.talks()[0].id)


class Printed:
    """A PDF, read in several ways."""

    def __init__(self, notes: Notes, options: HandoutOptions, folder: Path) -> None:
        made = FORMATS["pdf"].make(notes, ExportOptions(labels=LABELS["en"], handout=options))
        assert isinstance(made, bytes)
        self.data = made
        self.path = folder / "sheet.pdf"
        self.path.write_bytes(made)
        self.reader = PdfReader(io.BytesIO(made))
        self.size = tuple(round(side) for side in self.reader.pages[0].mediabox[2:])
        text = self._ask("pdftotext", "-raw", str(self.path), "-")
        self.pages = [letters(page) for page in text.split("\f")[:-1]]

    def _ask(self, name: str, *arguments: str) -> str:
        command = [program(name), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def info(self, name: str) -> str:
        return self._ask(name, str(self.path))

    def bookmarks(self) -> list[str]:
        def flat(entries: list) -> list[str]:  # type: ignore[type-arg]
            return [
                title
                for entry in entries
                for title in (flat(entry) if isinstance(entry, list) else [letters(entry.title)])
            ]

        return flat(self.reader.outline)


def letters(text: str) -> str:
    """Text without white space and hyphens, since lines may break anywhere."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def texts(part: PartContext) -> list[tuple[str, str]]:
    return [
        tuple(letters("".join(run.text for run in runs)) for runs in (para.english, para.chinese))
        for para in part.paragraphs
    ]  # type: ignore[misc]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("options", [HandoutOptions(), HandoutOptions(variant="side-by-side"), FULL])
def test_notes_on_paper(notes: Notes, options: HandoutOptions, tmp_path: Path) -> None:
    printed = Printed(notes, options, tmp_path)
    assert printed.size == (LETTER if options.paper == "letter" else A4)
    context = notes_context(notes, LABELS["en"])
    for i, page in enumerate(printed.pages, 1):
        assert f"{i}/{len(printed.pages)}" in page
    for part in context.parts:
        for english, chinese in texts(part):
            # A page of ruby has the reading between the words, so there the English must do.
            pair = [english] if options.pinyin else [english, chinese]
            assert [page for page in printed.pages if all(text in page for text in pair)], pair
    titles = [letters(f"Part {part.number} {part.title}") for part in context.parts]
    marks = printed.bookmarks()
    assert [mark for mark in marks if mark in titles] == titles
    on_page = linked_pages(printed.data)
    cover = printed.pages[0]
    for part in context.parts:
        number = on_page[f"part-{part.number}"]
        assert part.title
        assert part.time
        assert letters(part.title) in printed.pages[number - 1]
        assert f"{letters(part.title + part.time.label)}{number}" in cover
    assert re.search(r"Tagged:\s+yes", printed.info("pdfinfo"))
    fonts = printed.info("pdffonts").splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes (?:yes|no) +yes +\d+ +\d+$", font) for font in fonts), "a font is missing"
    said = {c for sent in notes.chinese for c in sent.text if c >= "\u4e00"}
    assert said <= set("".join(printed.pages))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("variant", ["cloze", "dictation", "translate"])
def test_answers_stand_on_other_pages_than_questions(notes: Notes, variant: str, tmp_path: Path) -> None:
    options = HandoutOptions(variant=variant, level="B1")  # type: ignore[arg-type]
    printed = Printed(notes, options, tmp_path)
    first = next(i for i, page in enumerate(printed.pages) if page.count("Answers") > 1)
    questions, answers = "".join(printed.pages[:first]), "".join(printed.pages[first:])
    parts = exercises(wanted(notes, options), [None] * len(notes.parts), options)
    for part in parts:
        for gap in part.gaps:
            assert f"({gap.number})" in questions
            assert f"{gap.number}.{letters(gap.answer)}" in answers
        for task in part.tasks:
            assert letters(task.answer) in answers
            if len(task.answer) > 40:
                assert letters(task.answer) not in questions
    assert "(1)" not in answers or variant != "cloze"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [HandoutOptions(variant="english"), HandoutOptions(variant="chinese", large=True)]
)
def test_plain_texts_on_paper(notes: Notes, options: HandoutOptions, tmp_path: Path) -> None:
    printed = Printed(notes, options, tmp_path)
    assert len(printed.pages) > 3
    column = 0 if options.variant == "english" else 1
    for part in notes_context(notes, LABELS["en"]).parts:
        for pair in texts(part):
            assert [page for page in printed.pages if pair[column] in page]


@pytest.mark.browser
def test_every_sheet_is_valid_html(tmp_path: Path) -> None:
    jar = program("vnu.jar", ROOT / "build/node/node_modules/vnu-jar/build/dist/vnu.jar")
    paths = []
    for variant in VARIANTS:
        options = HandoutOptions(variant=variant, pinyin=True, ipa=True, notes_margin=True)
        html = notes_html(SMALL_TALK, ExportOptions(labels=LABELS["zh"], handout=options))
        paths.append(tmp_path / f"{variant}.html")
        paths[-1].write_text(html, encoding="utf-8")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["messages"] == []


def test_without_a_browser_the_way_to_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.shutil, "which", lambda name: None)
    monkeypatch.setattr(chromium, "_PLACES", ())
    with pytest.raises(MissingProgramError, match="--format html"):
        chromium.print_pdf("<p>")


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell")
@pytest.mark.parametrize("does", ["exit 3", "echo half > page.pdf; echo no display >&2", ":"])
def test_a_browser_that_prints_nothing_whole_is_an_error(
    does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "chromium"
    browser.write_text(
        "#!/bin/sh\n"
        'for a; do case $a in --print-to-pdf=*) cd "$(dirname "${a#*=}")";; esac; done\n'
        f"{does}\n",
    )
    browser.chmod(0o755)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: str(browser))
    with pytest.raises(EngineError, match="printed nothing"):
        chromium.print_pdf("<p>")
