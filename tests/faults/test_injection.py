"""Hostile text in every field that comes from outside, in every output: it stays text."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.formats import parse
from studykit.store import Store, search
from studykit.types import Assistance, Backed, Bilingual, Notes, Quote, Span
from tests.assisted import ASSISTED_TALK
from tests.talks import SMALL_TALK

pytestmark = pytest.mark.faults

PAYLOADS = (
    '"><img src=x onerror=alert(1)><script>alert(1)</script>',
    "</title></style></textarea></script><script>alert(1)</script>",
    "' onmouseover='alert(1)' x='",
    '=HYPERLINK("http://evil.example")',
    "＝cmd|' /C calc'!A0",
    "[x](javascript:alert(1)) ![y](http://evil.example/a.png) <http://evil.example>",
    "'); DROP TABLE talks; --",
    "{{ 7*7 }} {% for x in y %} {{c1::cloze}} [sound:x.mp3] \\(x\\) [$]x[/$]",
    "]]> <!DOCTYPE a [<!ENTITY b 'c'>]> &b; &#0; --> ",
    "\u202eevil\u2069 \u2028\u2029 {\\fs200}{\\p1} 00:00:01,000 --> 00:00:02,000",
)


def _hostile(payload: str) -> Notes:
    """The talk with ``payload`` in, or after, every text that a file, a glossary or a site may bring."""
    talk = SMALL_TALK
    source = replace(
        talk.source,
        title=payload,
        url=f"javascript:{payload}",
        channel=payload,
        published=payload,
        chapters=tuple(replace(chapter, title=payload) for chapter in talk.source.chapters),
    )
    return replace(
        talk,
        source=source,
        english=tuple(
            replace(sent, text=f"{sent.text} {payload}", raw=f"{sent.raw} {payload}", speaker=payload)
            for sent in talk.english
        ),
        chinese=tuple(replace(sent, text=f"{sent.text}{payload}", speaker=payload) for sent in talk.chinese),
        parts=tuple(replace(part, title=payload) for part in talk.parts),
        paragraphs=tuple(replace(para, speaker=payload) for para in talk.paragraphs),
        terms=tuple(
            replace(
                term,
                chinese=payload,
                abbreviation=payload,
                glosses=tuple(replace(gloss, text=payload) for gloss in term.glosses),
            )
            for term in talk.terms
        ),
        vocabulary=tuple(
            replace(
                item, note=payload, ipa=payload, glosses=tuple(replace(g, text=payload) for g in item.glosses)
            )
            for item in talk.vocabulary
        ),
        claims=tuple(replace(claim, statement=payload, statement_zh=payload) for claim in talk.claims),
        findings=tuple(
            replace(found, english=payload, chinese=payload, message=payload, message_zh=payload)
            for found in talk.findings
        ),
    )


def _written(payload: str) -> Notes:
    """The same talk, with ``payload`` in every text that a language model wrote, and whole sentences as its
    quotes."""
    talk, made = _hostile(payload), ASSISTED_TALK.assistance
    assert made

    def said(one: Backed) -> Backed:
        whole = [(quote.sentence, talk.english[quote.sentence].raw) for quote in one.evidence]
        quotes = [Quote(sentence=i, span=Span(start=0, end=len(raw)), quote=raw) for i, raw in whole]
        return Backed(english=payload, chinese=payload, evidence=tuple(quotes))

    both = Bilingual(english=payload, chinese=payload)
    return replace(
        talk,
        vocabulary=(*talk.vocabulary, *ASSISTED_TALK.vocabulary[1:]),
        source=replace(talk.source, made_title=payload, made_translation=payload),
        assistance=Assistance(
            model=payload,
            written_on=payload,
            title=both,
            line=said(made.line) if made.line else None,
            summary=tuple(map(said, made.summary)),
            parts=tuple(
                replace(part, heading=both, summary=tuple(map(said, part.summary))) for part in made.parts
            ),
            claims=tuple(
                replace(claim, statement=said(claim.statement), points=tuple(map(said, claim.points)))
                for claim in made.claims
            ),
            items=(
                *(replace(item, gloss=payload, note=payload) for item in made.items),
                replace(made.items[1], head=payload, gloss=payload, note=payload),
            ),
            vetoes=tuple(replace(veto, why=payload) for veto in made.vetoes),
            misread=tuple(replace(one, head=payload, literal=payload, meant=payload) for one in made.misread),
            questions=tuple(replace(one, question=both, answer=said(one.answer)) for one in made.questions),
            dropped=tuple(replace(one, reason=payload) for one in made.dropped),
        ),
    )


class _Page(HTMLParser):
    """The tags of a page, and what in it would run or load something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.bad: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or (
                name in {"href", "src", "action"}
                and not address.startswith(("#", "data:", "http", "text/", "../"))
                and not re.fullmatch(r"[\w./#-]+", address)
            ):
                self.bad.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action"} and "evil.example" in address:
                self.bad.append(f"{tag} {name}={value}")


Talk = Callable[[str], Notes]


@pytest.fixture(params=[_hostile, _written], ids=["talk", "model"])
def talk(request: pytest.FixtureRequest) -> Talk:
    """Who is hostile: whoever made the talk, or the language model that wrote about it too."""
    chosen: Talk = request.param
    return chosen


def _made(talk: Talk, payload: str, format: str) -> bytes | str:
    return FORMATS[format].make(talk(payload), ExportOptions(labels=LABELS["zh"]))


def _pages(talk: Talk, format: str, payload: str) -> list[str]:
    if format == "html":
        made = _made(talk, payload, format)
        assert isinstance(made, str)
        return [made]
    book = _made(talk, payload, format)
    assert isinstance(book, bytes)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        texts = [archive.read(name) for name in archive.namelist() if name.endswith(("html", ".opf", ".ncx"))]
    for text in texts:
        ET.fromstring(text)  # well-formed
    return [text.decode("utf-8") for text in texts]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("format", ["html", "epub"])
def test_pages_run_and_load_nothing(talk: Talk, payload: str, format: str) -> None:
    harmless = [_Page(page) for page in _pages(talk, format, "harmless")]
    hostile = [_Page(page) for page in _pages(talk, format, payload)]
    for mine, theirs in zip(harmless, hostile, strict=True):
        assert theirs.bad == []
        for tag in ("script", "img", "iframe", "object", "style", "link", "title"):
            assert theirs.tags.count(tag) == mine.tags.count(tag), tag


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("format", ["md", "md-numbered", "md-captions"])
def test_markdown_has_no_tags_links_or_pictures_of_theirs(talk: Talk, payload: str, format: str) -> None:
    made = _made(talk, payload, format)
    assert isinstance(made, str)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(made)
    inner = [child for token in tokens for child in [token, *(token.children or ())]]
    assert not [token for token in inner if token.type in {"html_inline", "html_block", "image"}]
    links = [str(token.attrGet("href")) for token in inner if token.type == "link_open"]
    assert not [link for link in links if "evil" in link or link.startswith("javascript")]


def _rows(text: bytes | str, delimiter: str) -> list[list[str]]:
    assert isinstance(text, str)
    body = "\n".join(line for line in text.removeprefix("\ufeff").splitlines() if not line.startswith("#"))
    return list(csv.reader(io.StringIO(body), delimiter=delimiter))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("anki-tsv", "\t")])
def test_no_cell_of_a_table_is_a_formula_or_breaks_out(
    talk: Talk, payload: str, format: str, delimiter: str
) -> None:
    rows = _rows(_made(talk, payload, format), delimiter)
    harmless = _rows(_made(talk, "harmless", format), delimiter)
    assert [len(row) for row in rows] == [len(row) for row in harmless]
    if format == "csv":  # Anki does not compute
        assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_translation_memory_is_well_formed(payload: str) -> None:
    made = _made(_hostile, payload, "tmx")
    root = ET.fromstring(made if isinstance(made, bytes) else made.encode())
    plain = _made(_hostile, "harmless", "tmx")
    benign = ET.fromstring(plain if isinstance(plain, bytes) else plain.encode())
    assert [node.tag for node in root.iter()] == [node.tag for node in benign.iter()]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("format", ["srt", "vtt", "ass"])
def test_subtitles_have_no_cues_of_theirs(payload: str, format: str) -> None:
    made, plain = _made(_hostile, payload, format), _made(_hostile, "harmless", format)
    assert isinstance(made, str)
    assert isinstance(plain, str)
    starts = [
        {segment.start_s for segment in parse(text, Path(f"talk.{format}")).segments}
        for text in (made, plain)
    ]
    assert all(start is not None and start >= 59 for start in starts[0]), "no cue at one second"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_database_keeps_it_as_text(talk: Talk, payload: str, tmp_path: Path) -> None:
    notes = talk(payload)
    with Store(tmp_path / "study.db") as store:
        store.save(notes, key="k")
        assert store.load(notes.source.id) == notes
        search(store, payload)
        assert store.find(payload) == notes.source.id
        assert store.talks()[0].title == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_deck_holds_it_as_text(talk: Talk, payload: str, tmp_path: Path) -> None:
    pytest.importorskip("genanki")
    made = _made(talk, payload, "apkg")
    assert isinstance(made, bytes)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        name = next(name for name in package.namelist() if name.startswith("collection.anki2"))
        (tmp_path / "c.db").write_bytes(package.read(name))
    database = sqlite3.connect(tmp_path / "c.db")
    fields = " ".join(row[0] for row in database.execute("SELECT flds FROM notes"))
    database.close()
    page = _Page(fields)
    assert page.bad == []
    assert set(page.tags) <= {"b", "br", "div", "span", "ruby", "rt"}
    assert "[sound:x.mp3]" not in fields
    assert "\\(x\\)" not in fields
