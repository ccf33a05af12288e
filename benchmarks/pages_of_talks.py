"""Pages of real talks before a validator, axe-core, a Markdown reader and an eye for the wrong language.

    python -m benchmarks.pages_of_talks --out FOLDER TALK[=TRANSLATION] …

Notes of each talk are made anew and written in both languages of labels: HTML to be looked at by vnu and, in
Chromium, by axe-core; Markdown in its three styles to be read again by markdown-it-py, which must find no
asterisk that nobody escaped and no heading that skips a level. Then words that are not the talk's: what a
page declares as Chinese must hold no three English words in a row, what it declares as English no Chinese.
Needs Chromium, Java, and vnu and axe-core in build/node (``.ci/run``). Prints JSON: what is wrong, by talk.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.store import Store
from studykit.talk import make_notes, open_talk
from studykit.types import Notes
from tests.conftest import program
from tests.export.test_markdown import levels, printed_marks, skipped
from tests.test_site_browser import NODE, violations

STYLES = ("md", "md-numbered", "md-captions")
SPOKEN = """
const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, text = node.data.replace(/\\s+/g, " ").trim();
  const near = node.parentElement.closest("[lang]");
  if (!text || node.parentElement.closest("script, style, code, kbd")) continue;
  const wrong = near.lang.startsWith("zh") ? /\\b[a-z]{2,}(?: [a-z]{2,}){2,}/gi : /[\\u4e00-\\u9fff]+/g;
  for (const [said] of text.matchAll(wrong)) found.push([near.lang, said, text]);
}
return found;
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("talks", nargs="+", metavar="TALK[=TRANSLATION]")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    args = parser.parse_args()
    os.environ["STUDYKIT_REQUIRE_PROGRAMS"] = "1"
    args.out.mkdir(parents=True, exist_ok=True)
    wrong: dict[str, list[str]] = {}
    pages: dict[Path, str] = {}
    for given in args.talks:
        name = Path(given.split("=")[0]).name
        notes = made(given, args.out)
        wrong[name] = []
        for labels in ("zh", "en"):
            options = ExportOptions(labels=LABELS[labels])
            wrong[name] += [f"{labels} {told}" for told in marks_of(notes, options)]
            page = args.out / f"{notes.source.id[:12]}.{labels}.html"
            page.write_text(cast("str", FORMATS["html"].make(notes, options)), encoding="utf-8")
            pages[page] = name
    for page, told in validated(list(pages)):
        wrong[pages[page]].append(f"{page.suffixes[0][1:]} vnu: {told}")
    browser = chrome(args.out)
    for page, name in pages.items():
        browser.get(page.as_uri())
        wrong[name] += [
            f"{page.suffixes[0][1:]} axe: {rule} {nodes[:2]}" for rule, nodes in violations(browser)
        ]
        own = words_of(args.out, page)
        for lang, said, text in cast("list[list[str]]", browser.execute_script(SPOKEN)):
            if squashed(said) not in own:
                wrong[name].append(f"{labels} said in {lang}: {text[:160]}")
    browser.quit()
    clean = sum(not told for told in wrong.values())
    print(json.dumps({"talks": len(wrong), "clean": clean, "wrong": wrong}, ensure_ascii=False, indent=1))


def made(given: str, folder: Path) -> Notes:
    """The talk's notes, kept in a database of the folder."""
    talk, _, translation = given.partition("=")
    with Store(folder / "study.db") as store:
        notes = make_notes(
            open_talk(talk, translation=Path(translation) if translation else None, store=store)
        ).notes
    own = squashed(" ".join(own_text(notes)))
    (folder / f"{notes.source.id[:12]}.own").write_text(own, encoding="utf-8")
    return notes


def own_text(notes: Notes) -> list[str]:
    """What the talk, its explanations and its glossary say, in whatever language they say it."""
    sentences = (*notes.english, *notes.chinese)
    said = [text for sent in sentences for text in (sent.text, sent.raw)]
    said += [title or "" for part in notes.parts for title in (part.title, part.translation)]
    said += [notes.source.title, *(claim.statement_zh or "" for claim in notes.claims)]
    said += [text for item in (*notes.terms, *notes.vocabulary) for text in glossed(item)]
    return said


def glossed(item: Any) -> Iterator[str]:
    yield from (gloss.text for gloss in item.glosses)
    yield getattr(item, "note", None) or ""


def squashed(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).casefold()


def words_of(folder: Path, page: Path) -> str:
    return (folder / f"{page.name.split('.')[0]}.own").read_text(encoding="utf-8")


def marks_of(notes: Notes, options: ExportOptions) -> Iterator[str]:
    for style in STYLES:
        text = cast("str", FORMATS[style].make(notes, options))
        yield from (f"{style} prints {found[:120]}" for found in printed_marks(text))
        yield from (f"{style} skips from h{a} to h{b}" for a, b in skipped(levels(text)))


def validated(pages: list[Path]) -> Iterator[tuple[Path, str]]:
    jar = program("vnu.jar", NODE / "vnu-jar" / "build" / "dist" / "vnu.jar")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for told in json.loads(done.stderr)["messages"]:
        yield next(page for page in pages if told["url"].endswith(page.name)), told["message"]


def chrome(folder: Path) -> Chrome:
    options = ChromeOptions()
    options.binary_location = program("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={folder / 'profile'}")
    return Chrome(options=options, service=ChromeService(program("chromedriver")))


if __name__ == "__main__":
    main()
