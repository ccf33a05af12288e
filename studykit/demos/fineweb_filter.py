"""From the web to training text: five crude filters, one after the other, and most bytes are gone.

Much of a crawled page is not what a model should read: spam, menus and scripts, another language, an
article copied from elsewhere, somebody's private data. Each filter is a rule of a few lines against
one of these. Together they keep the good articles, and little else.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="fineweb_filter",
    title="FineWeb: from crawled pages to training text",
    layer="data and tokens",
    terms=("fineweb", "url-filtering", "text-extraction", "language-filtering", "deduplication"),
    claim="Five simple filters throw away most of the bytes and all of the planted rubbish, and keep the "
    "good articles.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:01:00",
            claim="Common Crawl passes through a URL filter, text extraction, a language filter (over 65 % "
            "English), deduplication and the removal of personal data; 44 TB remain.",
        ),
    ),
    cannot_show="Real rubbish is not planted, and every real filter loses good pages too. FineWeb masks "
    "e-mail and network addresses instead of dropping the page.",
    mechanism=Mechanism(
        keyword="blindly",
        off=True,
        without="Looking: every step drops as many pages as before, but any pages, so good ones go and bad "
        "ones stay.",
    ),
    knobs=(
        Knob(
            name="english",
            low=0,
            high=0.99,
            help="share of English among the telling words above which a page counts as English",
        ),
        Knob(
            name="alike",
            low=0.001,
            high=1,
            help="share of runs of three words in common from which a page counts as a copy",
        ),
    ),
    tries=(
        Try(
            set={"alike": 1},
            then=(
                "Count as a copy only what is the same to the word: nearly all copies get through, for "
                "whoever copied them had added one sentence."
            ),
            shows=lambda was, now: now["left"].get("copied", 0) >= 5 and not was["left"].get("copied", 0),
        ),
        Try(
            set={"alike": 0.1},
            then=(
                "Count as a copy what has a tenth in common: hardly any good article is left, since "
                "people who write about different things still use the same phrases."
            ),
            shows=lambda was, now: now["left"]["good"] < 0.2 * was["left"]["good"],
        ),
        Try(
            set={"english": 0.9},
            then="Ask for 90 % English: good articles are thrown away that merely quote a sign in Spanish.",
            shows=lambda was, now: now["left"]["good"] < 0.9 * was["left"]["good"],
        ),
    ),
    seconds=0.1,
)

BLOCKED = ("cheap-pills.example", "win-now.example")
ENGLISH = set("the of and a in to is was that it for on with as by at from had were this".split())
SPANISH = set("el la de que y en los se del las un por con una su para es al lo como".split())
PRIVATE = r"[\w.]+@[\w.]+\.\w+|\b\d{3}-\d{2}-\d{4}\b|\(\d{3}\) \d{3}-\d{4}"  # e-mail, security number, phone


class Page(NamedTuple):
    url: str
    text: str  # HTML when crawled, plain text after the extraction
    kind: str  # what was planted; no filter looks at it


def extract(html: str) -> str:
    """Leave out scripts and styles, then every block that is mostly links: menus go, sentences stay."""
    blocks = re.split(r"</?(?:p|div)>", re.sub(r"(?s)<(script|style)>.*?</\1>", "", html))
    texts = [(re.sub(r"<.*?>", "", block), re.sub(r"<a .*?</a>", "", block)) for block in blocks]
    return "\n".join(text for text, unlinked in texts if text and len(unlinked) > 0.5 * len(text))


def english_share(text: str) -> float:
    """Of the short words that give English and Spanish away, how many are English."""
    words = re.findall(r"\w+", text.lower())
    english, spanish = sum(word in ENGLISH for word in words), sum(word in SPANISH for word in words)
    return english / ((english + spanish) or 1)


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of three words."""
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def deduplicate(pages: list[Page], alike: float = 0.7) -> list[Page]:
    """Drop a page that has so many runs of words in common with one that was kept (Jaccard index)."""
    kept: dict[Page, set[tuple[str, ...]]] = {}
    for page in pages:
        mine = runs(page.text)
        if all(len(mine & other) < alike * len(mine | other) for other in kept.values()):
            kept[page] = mine
    return list(kept)


Step = Callable[[list[Page]], list[Page]]


def steps(english: float, alike: float) -> dict[str, Step]:
    """The five filters, in order."""
    return {
        "URL filter": lambda pages: [p for p in pages if not p.url.split("/")[2].endswith(BLOCKED)],
        "text extraction": lambda pages: [p._replace(text=extract(p.text)) for p in pages],
        "language filter": lambda pages: [p for p in pages if english_share(p.text) > english],
        "deduplication": lambda pages: deduplicate(pages, alike),
        "private data": lambda pages: [p for p in pages if not re.search(PRIVATE, p.text)],
    }


PLANTED = {"good": 36, "spam": 8, "Spanish": 7, "copied": 7, "private": 6}
NOUNS = (
    "harbour teacher orchard railway violin glacier market bridge novel engine garden lantern school "
    "doctor forest island painter castle winter library sailor mountain bakery theatre river tunnel"
).split()
SENTENCES = (  # with a date, a price and some Spanish, on which careless filters stumble
    "The N was built in 1921-05-14 by a N for $4,995.|That N is older than the N of our N.|"
    "In this N a N was lost, and with it the N.|It had been the N who saw that N first.|"
    'From the N to the N they walk on a N.|A sign said "por el camino" to the N.'
).split("|")
NOMBRES = "puerto maestro tren mercado puente jardín barco pueblo camino reloj bosque teatro".split()
FRASES = "El N de la plaza es para el N.|Con un N se va por el N.|Lo que dice su N como el N.".split("|")
CONTACTS = ("Write to jane.roe@mail.example.", "Call (555) 013-4567.", "Her number is 078-05-1120.")


def write(chance: random.Random, patterns: list[str], nouns: list[str]) -> str:
    """Ten sentences, with a noun drawn for every N."""
    drawn = " ".join(chance.choice(patterns) for _ in range(10))
    return re.sub(r"\bN\b", lambda _: chance.choice(nouns), drawn)


def crawl(chance: random.Random) -> list[Page]:
    """Good articles first, then what else lies about on the web."""
    pages: list[Page] = []
    for kind in (kind for kind, count in PLANTED.items() for _ in range(count)):
        text = write(chance, FRASES, NOMBRES) if kind == "Spanish" else write(chance, SENTENCES, NOUNS)
        if kind == "copied":
            original = chance.choice(pages[: PLANTED["good"]])
            text = f"{extract(original.text)} Found elsewhere and printed again."
        elif kind == "private":
            text += f" {chance.choice(CONTACTS)}"
        host = f"www.{chance.choice(BLOCKED)}" if kind == "spam" else f"site{len(pages)}.example"
        menu = " ".join(f'<a href="/{noun}">{noun}</a>' for noun in chance.sample(NOUNS, 12))
        html = f"<style>p {{ margin: 0 }}</style><div>{menu}</div><p>{text}</p><script>visit()</script>"
        pages.append(Page(f"https://{host}/{chance.choice(NOUNS)}", html, kind))
    return pages


def run(seed: int = 0, *, blindly: bool = False, english: float = 0.65, alike: float = 0.7) -> Numbers:
    """Crawl and filter; ``blindly`` drops as many pages at every step, but any pages."""
    chance = random.Random(seed)
    pages = crawl(chance)
    rows: list[list[str | int]] = [["crawled", len(pages), sum(len(p.text.encode()) for p in pages), "-"]]
    for name, step in steps(english, alike).items():
        kept = step(pages)
        if blindly and len(kept) < len(pages):
            kept = chance.sample(pages, len(kept))
        gone = Counter(page.kind for page in pages) - Counter(page.kind for page in kept)
        dropped = ", ".join(f"{count} {kind}" for kind, count in gone.items()) or "menus, scripts and markup"
        pages = kept
        rows.append([name, len(pages), sum(len(p.text.encode()) for p in pages), dropped])
    blocks = max(page.text.count("\n") + 1 for page in pages)
    return {
        "rows": rows,
        "left": Counter(page.kind for page in pages),
        "blocks": blocks,
        "example": pages[0].text[:48],
    }


def check(numbers: Numbers) -> None:
    sizes = [size for _, _, size, _ in numbers["rows"]]
    expect(all(b < a for a, b in pairwise(sizes)), "every step removes bytes")
    expect(sizes[-1] < 0.5 * sizes[0], "most bytes are gone in the end")
    expect(numbers["blocks"] == 1, "of every page only its sentences are left, no menu")
    expect(set(numbers["left"]) == {"good"}, "nothing that was planted gets through")
    expect(numbers["left"]["good"] >= 0.95 * PLANTED["good"], "of the good articles 95 % are kept")


def lines(numbers: Numbers) -> list[str]:
    rows, good = numbers["rows"], numbers["left"].get("good", 0)
    return [
        f"{'':<17}pages    bytes   dropped",
        *(f"{name:<17}{pages:>5}{size:>9,}   {dropped}" for name, pages, size, dropped in rows),
        f"Good articles kept: {good} of {PLANTED['good']}. Bad pages among them: {rows[-1][1] - good}.",
        f"{rows[-1][2] / rows[0][2]:.0%} of the bytes remain. They read: {numbers['example']} …",
        "No step is clever. What such rules let through is all that a model ever learns from.",
    ]
