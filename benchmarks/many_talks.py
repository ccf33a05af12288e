"""How a database of many talks of an hour behaves: size, search, lists, notes of one more talk, the site.

    python benchmarks/many_talks.py [--talks 100,300,1000] [--site 100] [--keep DIR]

The talks are generated: ``--real`` of them (3) are an hour each of the example and the stories of
``benchmarks/data`` in an order of their own, and go through all stages. Their stored notes and results are
the patterns of the others, in which every sentence gets words of its own at the end, so that no two talks say
the same; they are stored as a batch stores what its processes made. So what is measured is the store, not how
fast talks are made; and a word that all patterns say is said in all talks, which is hard on the search.

Prints JSON for each number of talks, times in CPU: seconds that the writer took for each talk, MB by table,
milliseconds of searches (the best of three: a rare word, a frequent one, Chinese of two characters) and of
`studykit talks`, seconds of `studykit notes` for one more talk against the same in an empty database (the
smallest of three each), and of `studykit site`: first, again, and again with one talk more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.growth import SENTENCE_S, shipped_pairs, write_talk
from studykit.fingerprint import digest
from studykit.languages import counted
from studykit.store import Gathered, Store, TalkSource, keep_gathered, search, sizes
from studykit.talk import open_talk
from studykit.talk.notes import Draft, draft_notes, keep_draft
from studykit.types import Notes, Sentence, Texts

STUDYKIT = [sys.executable, "-m", "studykit"]
SYLLABLES = (
    "ba bo de di do fa fe ga ka ke ki la le lo mi na ne no pa pe ra re ri sa so ta te vu xo zi".split()
)
QUERIES = {
    "frequent": "the model",
    "frequent Chinese": "注意力机制",
    "two characters": "权重",
    "two characters, rare": "璎珞",
}


def an_hour(seed: int) -> list[tuple[str, str]]:
    """Pairs of sentences in an order of their own, each with a number, so that talks differ."""
    chance, pairs = random.Random(seed), shipped_pairs()
    count = round(3600 / SENTENCE_S)
    return [
        (f"In part {seed}-{i}, {english}", f"第 {seed}-{i} 部分，{chinese}")
        for i, (english, chinese) in enumerate(chance.choices(pairs, k=count))
    ]


def pattern(folder: Path, seed: int) -> tuple[Draft, Gathered]:
    """Notes of a real talk, computed but not stored."""
    place = folder / f"real {seed}"
    place.mkdir()
    write_talk(place, an_hour(seed))
    Store(place / "study.db").close()
    with Store.gathering(place / "study.db") as store:
        talk = open_talk(place / "talk.en.vtt", translation=place / "talk.zh.txt", store=store)
        draft = draft_notes(talk)
        assert store.gathered
        return draft, store.gathered


class Varied:
    """Talks like a pattern, each with words of its own."""

    def __init__(self, made: tuple[Draft, Gathered], words: list[str]) -> None:
        self._draft, self._gathered = made
        self._words = words

    def talk(self, number: int) -> tuple[Draft, Gathered]:
        """Notes of the talk with this number, and its results and vectors."""
        chance = random.Random(number)
        notes = self._draft.notes
        ids = {source: digest(source, number) for source in (notes.source.id, self._draft.source.digest)}
        source = replace(notes.source, id=ids[notes.source.id], title=f"Lecture {number:04}")
        english = self._said(notes.english, chance, " {}.")
        chinese = self._said(notes.chinese, chance, "（{}）")
        changed: Notes = replace(notes, source=source, english=english, chinese=chinese)
        documents = [replace(doc, sentences=changed.sentences(doc.language)) for doc in self._draft.texts]
        texts = Texts.of(documents)
        origin = TalkSource(digest=ids[self._draft.source.digest], origin=f"/talks/{number}.vtt")
        results = {
            digest(key, number): replace(kept, source_id=ids.get(kept.source_id, str(number)))
            for key, kept in self._gathered.results.items()
        }
        vectors = {source.id: next(iter(self._gathered.vectors.values()))}
        draft = replace(self._draft, notes=changed, texts=texts, source=origin, key=digest(number))
        return draft, Gathered(results=results, vectors=vectors)

    def _said(
        self, sentences: tuple[Sentence, ...], chance: random.Random, ending: str
    ) -> tuple[Sentence, ...]:
        made = []
        for sent in sentences:
            more = ending.format(" ".join(chance.choices(self._words, k=4)))
            made.append(replace(sent, text=sent.text + more, raw=sent.raw + more))
        return tuple(made)


def best_ms(do: Callable[[], object]) -> float:
    """CPU of this process: other work on the machine does not count. All data are in memory by then."""
    took = []
    for _ in range(3):
        begin = time.process_time()
        do()
        took.append(time.process_time() - begin)
    return round(min(took) * 1000, 1)


def run(*arguments: str, cwd: Path) -> tuple[float, float, str]:
    """Wall and CPU seconds of a command, and what it printed."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*STUDYKIT, *arguments], cwd=cwd, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begin, cpu_s, done.stdout


def cpu_of_notes(db: Path, folder: Path, seed: int) -> float:
    """CPU seconds of the notes of a new talk of ten minutes; it is removed again."""
    write_talk(folder, an_hour(seed)[:130])
    arguments = [
        "talk.en.vtt",
        "--translation",
        "talk.zh.txt",
        "--title",
        f"New {seed}",
        "--db",
        str(db),
        "-q",
    ]
    _, cpu_s, _ = run("notes", *arguments, cwd=folder)
    run("talks", "rm", f"New {seed}", "--yes", "--db", str(db), cwd=folder)
    return cpu_s


def measured(db: Path, folder: Path, queries: Mapping[str, str]) -> dict[str, Any]:
    """Everything but the site."""
    found: dict[str, Any] = {}
    with Store(db) as store:
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found["MB"] = {one.table: round(one.bytes / 1e6, 1) for one in sizes(store) if one.bytes > 1e6}
        found["file MB"] = round(db.stat().st_size / 1e6)
        found["search ms"] = {
            name: best_ms(lambda q=query: search(store, q)) for name, query in queries.items()
        }
    found["talks ms"] = round(1000 * min(run("talks", "--db", str(db), cwd=folder)[1] for _ in range(3)))
    with_all = min(cpu_of_notes(db, folder, 9000 + i) for i in range(3))
    alone = []
    for i in range(3):
        empty = folder / f"empty {db.stat().st_size} {i}.db"
        alone.append(cpu_of_notes(empty, folder, 9000 + i))
    found["notes CPU s"] = {"here": round(with_all, 2), "in an empty database": round(min(alone), 2)}
    found["notes ratio"] = round(with_all / min(alone), 3)
    return found


def site_seconds(db: Path, folder: Path, more: tuple[Draft, Gathered]) -> dict[str, Any]:
    """The site three times, and what was written in the third, after one talk was added."""
    found: dict[str, Any] = {}
    for what in ("first", "again", "one talk more"):
        if what == "one talk more":
            with Store(db) as store, store.transaction():
                keep_gathered(store, more[1])
                keep_draft(store, more[0])
        _, cpu_s, shown = run("site", "--db", str(db), "--json", "-q", cwd=folder)
        told = json.loads(shown)
        found[what] = {"CPU s": round(cpu_s, 1), "written": told["written"], "unchanged": told["unchanged"]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--talks", default="100,300,1000")
    parser.add_argument("--real", type=int, default=3)
    parser.add_argument("--site", type=int, default=100, help="make the site of so many talks; 0: none")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="many-"))
    folder.mkdir(exist_ok=True)
    words = sorted({word for english, _ in shipped_pairs() for word in english.split() if word.isalpha()})
    chance = random.Random(0)
    words += ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(3000)]
    queries = {**QUERIES, "rare": words[-1]}
    patterns = [Varied(pattern(folder, seed), words) for seed in range(asked.real)]
    print(f"patterns: {counted(len(patterns), 'talk')}", file=sys.stderr, flush=True)
    db, stored, found = folder / "study.db", 0, {"load": os.getloadavg()}

    def keep(numbers: range) -> float:
        took_s = 0.0
        with Store(db) as store:
            for number in numbers:
                draft, gathered = patterns[number % len(patterns)].talk(number)
                begin = time.process_time()
                with store.transaction():
                    keep_gathered(store, gathered)
                    keep_draft(store, draft)
                took_s += time.process_time() - begin
        return took_s / max(1, len(numbers))

    for wanted in sorted({int(text) for text in asked.talks.split(",")} | ({asked.site} - {0})):
        found[wanted] = {"writer s a talk": round(keep(range(stored, wanted)), 3)}
        stored = wanted
        found[wanted] |= measured(db, folder, queries)
        if wanted == asked.site:
            found[wanted]["site"] = site_seconds(db, folder, patterns[0].talk(stored))
            stored += 1
        print(wanted, json.dumps(found[wanted]), file=sys.stderr, flush=True)
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
