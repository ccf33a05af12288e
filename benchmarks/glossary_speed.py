"""How long it takes to read, match and search a large glossary.

    python benchmarks/glossary_speed.py                 # 10,000 terms, 40,000 words (a talk of 4 hours)
    python benchmarks/glossary_speed.py --terms 1000

The terms are made up of the shipped ones' words and characters, so that they overlap as real ones do;
the talk is made of words, among which every eighth begins a term.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from studykit.glossary import Entry, Glossary, Matcher, Searcher, load
from studykit.glossary.exchange.toml_writer import to_toml
from studykit.glossary.pinyin import readings
from studykit.resources import data_dir

T = TypeVar("T")


def made_up(count: int, draw: random.Random) -> list[Entry]:
    """``count`` entries with two English forms, an abbreviation and two Chinese forms each."""
    shipped = load([data_dir("glossaries")]).entries
    words = sorted({word for entry in shipped for form in entry.english_forms for word in form.split()})
    characters = sorted({char for entry in shipped for char in entry.chinese if "\u4e00" <= char <= "\u9fff"})
    # Numbered words keep the forms apart; abbreviations are base-26 numbers after an X.
    return [
        Entry(
            id=f"term-{i}",
            english=f"{' '.join(draw.sample(words, draw.randint(1, 3)))} t{i}",
            abbreviation="X" + "".join(chr(65 + i // 26**k % 26) for k in range(3)),
            aliases=(f"{' '.join(draw.sample(words, 2))} a{i}",),
            chinese="".join(draw.choices(characters, k=draw.randint(4, 7))) + f"{i}",
            chinese_accepted=("".join(draw.choices(characters, k=4)) + f"{i}号",),
            category="general",
            definition_en="A thing.",
            definition_zh="一个东西。",
            source="made up",
        )
        for i in range(count)
    ]


def timed(what: str, work: Callable[[], T]) -> T:
    """The result of ``work``, with a line that tells the seconds."""
    began = time.perf_counter()
    result = work()
    print(f"{what:<44} {time.perf_counter() - began:8.3f} s")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--terms", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=40_000)
    given = parser.parse_args()
    draw = random.Random(4)
    entries = made_up(given.terms, draw)
    plain = sorted({word for entry in entries[:500] for word in entry.english.split()[:-1]})
    talk: list[str] = []
    while len(talk) < given.words:
        talk += [*draw.choices(plain, k=7), *draw.choice(entries).english.split()]
    text = " ".join(talk[: given.words])
    chinese = "，".join(draw.choice(entries).chinese for _ in range(given.words // 8))

    print(f"{given.terms} terms, {given.words} words, {len(chinese)} Chinese characters")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "terms.toml"
        path.write_text(to_toml(entries), encoding="utf-8")
        glossary = timed("read and check the files", lambda: load([path]))
    for language, said in (("en", text), ("zh", chinese)):
        matcher = timed(f"build the matcher ({language})", lambda: Matcher(glossary, language))  # noqa: B023
        matches = timed(f"match the talk ({language})", lambda: matcher.find(said))  # noqa: B023
        print(f"  {len(matches)} matches")
    search(glossary)


def search(glossary: Glossary) -> None:
    searcher = timed("build the search", lambda: Searcher(glossary))
    timed("first pinyin query (reads all Chinese)", lambda: searcher.find("qqqq"))
    searcher.find("阿阿阿阿阿")
    some = glossary.entries[len(glossary.entries) // 2]
    queries = {
        "exact form": some.english,
        "one letter": "t",
        "two letters, also pinyin": "zh",
        "two Chinese characters": some.chinese[:2],
        "pinyin": "".join(syllable.full for syllable in readings(some.chinese)[0]),
        "typo, English": some.aliases[0].replace("a", "o", 1),
        "typo, Chinese": f"{some.chinese[0]}{some.chinese[2:]}",
        "nothing like it": "xqzwv",
    }
    for what, query in queries.items():
        best_s = min(_seconds(searcher, query) for _ in range(5))
        print(f"{'search: ' + what:<44} {best_s * 1000:8.1f} ms")


def _seconds(searcher: Searcher, query: str) -> float:
    began = time.perf_counter()
    searcher.find(query)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
