"""Draw glosses that notes would print, with their sentences, for a reader to judge.

    python -m benchmarks.draw_glosses SEED COUNT TALK... --cache DIR [--blind] [--drawn FILE]

TALK: an English caption or text file; NAME.zh.srt next to NAME.en.srt is its translation unless ``--blind``,
likewise of text.
Terms of the glossary and points of grammar are left out. ``--drawn`` names a file of earlier draws, lines
of `talk<TAB>item...`, whose items are not drawn again. Prints talk, item, gloss, source, sentence and
what the translation says there, one drawn gloss a line.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from benchmarks.items_quality import Bench


def printed(bench: Bench, english: Path, *, blind: bool) -> list[tuple[str, ...]]:
    """What notes would print of a talk: talk, item, gloss, source, sentence, translation."""
    chinese = english.with_name(english.name.replace(".en.", ".zh."))
    translated = chinese != english and chinese.exists()
    found, (en, zh, alignment) = bench.items(
        english, chinese if translated else None, blind=blind or not translated
    )
    made: list[tuple[str, ...]] = []
    for study in found:
        item = study.item
        if study.minor or study.crowded or study.in_glossary or item.kind == "grammar" or not item.glosses:
            continue
        at = next(place for place in item.occurrences if place.language == "en")
        text = en.sentences[at.sentence].text
        shown = f"{text[: at.span.start]}[{text[at.span.start : at.span.end]}]{text[at.span.end :]}"
        said = ""
        if zh and alignment:
            bead = next((b for b in alignment.beads if at.sentence in b.source), None)
            said = "".join(zh.sentences[i].text for i in bead.target) if bead else ""
        gloss = item.glosses[0]
        source = gloss.source + ", a guess" * (gloss.guess and "a guess" not in gloss.source)
        made.append((english.name.split(".")[0], item.head, gloss.text, source, shown, said))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seed", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("talks", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--drawn", type=Path)
    args = parser.parse_args()
    bench = Bench(args.cache)
    before = set()
    if args.drawn:
        lines = args.drawn.read_text(encoding="utf-8").splitlines()
        before = {tuple(line.split("\t")[:2]) for line in lines}
    pool = [
        row
        for talk in args.talks
        for row in printed(bench, talk, blind=args.blind)
        if (row[0], row[1]) not in before
    ]
    for row in random.Random(args.seed).sample(sorted(pool), min(args.count, len(pool))):
        print("\t".join(" ".join(cell.split()) for cell in row))
    bench.close()


if __name__ == "__main__":
    main()
