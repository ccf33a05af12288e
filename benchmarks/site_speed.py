"""How long `studykit site` takes: at least 1,000 terms, 50 talks of an hour, the talks made up.

    python benchmarks/site_speed.py [--terms 1000] [--talks 50]

Writes a glossary and a database into a temporary folder, then runs the command into an empty folder, again
unchanged, and again after each of some edits. Prints seconds of wall time and of all processes' CPU time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from studykit.fingerprint import digest_texts
from studykit.glossary import CATEGORIES, Glossary, load
from studykit.resources import data_dir
from studykit.store import Store
from studykit.talk.write.shown import with_terms_of
from studykit.types import Alignment, Bead, Notes, NotesParagraph, Part, Sentence, Source, Span

SENTENCES, PER_PARAGRAPH, SENTENCE_S = 700, 8, 5.0
SYLLABLES = (
    "ba be bo da de di do fa fe ga go ka ke ki la le lo ma me mi na ne no pa pe ra re ri sa so ta te".split()
)
OWN = 10
"""Terms of one's own beside those that studykit brings, at least: one of them is changed."""
EDITS = {
    "first": ("", ""),
    "unchanged": ("", ""),
    "a definition changed that no page of a talk shows": ("Made up", "Invented"),
    "a definition changed that half of the talks show": ("编出来的", "新编的"),
    "a term changed that half of the talks say": ('english = "', 'english = "new '),
}
"""What is replaced in the glossary before each run. The site is in Chinese."""
HAN = "数据模型权重训练推理词元网络参数学习样本概率向量缓存量化对齐奖励策略检索文本语言生成注意窗口"


def main() -> None:
    """Make everything, run three times, print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=1000)
    parser.add_argument("--talks", type=int, default=50)
    options = parser.parse_args()
    chance = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shipped = len(load([data_dir("glossaries")]).entries)
        terms = _terms(max(options.terms - shipped, OWN), chance)
        _write_glossary(work, terms)
        glossary = load([data_dir("glossaries"), work / "terms.toml"])
        with Store(work / "study.db") as store:
            for number in range(options.talks):
                notes = _talk(number, glossary, chance)
                store.save(notes, key=str(number))
        print(f"{len(glossary.entries)} terms, {options.talks} talks of {SENTENCES} sentences")
        for what, (old, new) in EDITS.items():
            text = (work / "terms.toml").read_text(encoding="utf-8")
            (work / "terms.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
            start, before = time.perf_counter(), os.times()
            done = subprocess.run(
                [sys.executable, "-m", "studykit", "site", "--json", "-q"],
                cwd=work,
                env={
                    "STUDYKIT_GLOSSARIES": str(work / "terms.toml"),
                    "PATH": "",
                    "PYTHONPATH": ":".join(sys.path),
                },
                capture_output=True,
                text=True,
                check=True,
            )
            made = json.loads(done.stdout)
            taken, after = time.perf_counter() - start, os.times()
            cpu = sum(after[2:4]) - sum(before[2:4])
            size = sum(path.stat().st_size for path in (work / "site").rglob("*"))
            print(
                f"{what}: {taken:.1f} s, {cpu:.1f} s CPU, {made['written']} written,"
                f" {made['unchanged']} unchanged, {size / 1e6:.0f} MB"
            )


def _terms(count: int, chance: random.Random) -> list[tuple[str, str]]:
    made: dict[str, str] = {}
    while len(made) < count:
        english = " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(2))
        made[english] = "".join(chance.choices(HAN, k=4)) + f"{len(made)}号"
    return list(made.items())


def _write_glossary(folder: Path, terms: list[tuple[str, str]]) -> None:
    lines: list[str] = []
    for i, (english, chinese) in enumerate(terms):
        lines += [
            "[[term]]",
            f'id = "made-up-{i}"',
            f'english = "{english}"',
            f'chinese = "{chinese}"',
            f'category = "{CATEGORIES[i % len(CATEGORIES)]}"',
            'definition_en = "Made up: a term that stands for nothing but takes as much room as a real one."',
            'definition_zh = "编出来的术语，只为占和真术语一样大的地方，并没有什么含义。"',
            f'see_also = ["made-up-{(i + 1) % len(terms)}"]',
            'source = "studykit"',
        ]
    (folder / "terms.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _talk(number: int, glossary: Glossary, chance: random.Random) -> Notes:
    english, chinese = [], []
    for i in range(SENTENCES):
        entry = chance.choice(glossary.entries)
        for language, text, out in (
            (
                "en",
                f"Then we looked at how {entry.english} behaves when there is more of it than before.",
                english,
            ),
            ("zh", f"接着我们看了{entry.chinese}多起来以后会怎么样，和以前相比又有什么不同。", chinese),
        ):
            start_s = i * SENTENCE_S if language == "en" else None
            end_s = (i + 1) * SENTENCE_S if language == "en" else None
            out.append(Sentence(index=i, text=text, raw=text, start_s=start_s, end_s=end_s))
    spans = [Span(start=i, end=min(i + PER_PARAGRAPH, SENTENCES)) for i in range(0, SENTENCES, PER_PARAGRAPH)]
    notes = Notes(
        source=Source(
            id=digest_texts("en", [sent.text for sent in english]),
            kind="captions",
            language="en",
            title=f"Talk {number}",
            url=f"https://example.org/talk{number}",
            duration_s=SENTENCES * SENTENCE_S,
        ),
        timing="captions",
        english=tuple(english),
        chinese=tuple(chinese),
        alignment=Alignment(
            source_id="en",
            target_id="zh",
            beads=tuple(
                Bead(source=Span(start=i, end=i + 1), target=Span(start=i, end=i + 1), score=0.9)
                for i in range(SENTENCES)
            ),
            encoder="none",
        ),
        parts=(Part(index=0, title=None, paragraphs=Span(start=0, end=len(spans))),),
        paragraphs=tuple(
            NotesParagraph(
                index=i,
                english=span,
                chinese=span,
                start_s=span.start * SENTENCE_S,
                end_s=span.end * SENTENCE_S,
                score=0.9,
            )
            for i, span in enumerate(spans)
        ),
    )
    return with_terms_of(notes, glossary)


if __name__ == "__main__":
    main()
