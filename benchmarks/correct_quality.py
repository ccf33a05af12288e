"""How many known mis-hearings are put right, and what else is changed.

    python benchmarks/correct_quality.py --errors ERRORS.csv TEXT [TEXT …]
    python benchmarks/correct_quality.py --clean examples/lecture.en.vtt

ERRORS.csv has the columns ``wrong`` and ``right``; variants are separated by `` / ``. A row counts when
one of its variants stands in a text, and is put right when each of those variants is corrected somewhere
to a form of ``right`` (or its Chinese, by the glossary); ``partly`` when one is. ``known``: rows whose
``right`` is a term or a name that studykit knows; the others are ordinary words, numbers, people.
``--sound-only`` leaves out everything that the glossary lists as mis-heard. A change that touches no
variant can only be judged by eye: ``--show`` prints them. ``--clean``: texts in which nothing is wrong.
Prints JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from studykit.correct import find
from studykit.correct.lexicon import Lexicon
from studykit.correct.sound import squashed
from studykit.formats import read_bytes
from studykit.glossary import Glossary, load
from studykit.ingest import ingest_file
from studykit.options import IngestOptions
from studykit.resources import data_dir
from studykit.segment import segment
from studykit.types import Correction, Sentence


def bounded(variant: str) -> re.Pattern[str]:
    """The variant as a whole word, with any white space in it."""
    body = r"\s+".join(map(re.escape, variant.split()))
    left = r"(?<![A-Za-z0-9])" if variant[0].isascii() else ""
    right = r"(?![A-Za-z0-9])" if variant[-1].isascii() else ""
    return re.compile(left + body + right)


def meanings(right: str, glossary: Glossary) -> set[str]:
    """A right form, squashed, and the English forms of the term that it is."""
    entry = glossary.look_up(right)
    return {squashed(form) for form in (right, *(entry.english_forms if entry else ()))} - {""}


def alternatives(right: str) -> list[str]:
    """The forms that a cell of ``right`` names: "OLMo (OLMo 2)", "RLVR / inference scaling"."""
    return [*re.split(r"\s*[/,;()（）:]\s*|\s+和\s+", right), right]


def is_right(correction: Correction, right: str, glossary: Glossary) -> bool:
    wanted = squashed(right)
    return any(form in wanted or wanted in form for form in meanings(correction.right, glossary))


def touches(correction: Correction, variant: str) -> bool:
    a, b = squashed(correction.wrong), squashed(variant)
    return bool(a and b) and (a in b or b in a)


def read(path: Path, glossary: Glossary) -> tuple[str, Sequence[Sentence], tuple[Correction, ...], float]:
    doc = segment(ingest_file(path, read_bytes(path), IngestOptions()).transcript)
    start = time.perf_counter()
    made, _ = find(doc.sentences, doc.language, glossary)
    return " ".join(sent.raw for sent in doc.sentences), doc.sentences, made, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="*", metavar="TEXT")
    parser.add_argument("--errors", type=Path, metavar="CSV")
    parser.add_argument("--clean", type=Path, nargs="+", default=[], metavar="TEXT")
    parser.add_argument("--sound-only", action="store_true")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    glossary = load([data_dir("glossaries")])
    if args.sound_only:
        glossary = Glossary(replace(entry, misheard=()) for entry in glossary.entries)
    read_texts = [read(path, glossary) for path in args.texts]
    text = "\n".join(found[0] for found in read_texts)
    made = [correction for found in read_texts for correction in found[2]]
    scores: dict[str, object] = {
        "seconds": round(sum(found[3] for found in read_texts), 2),
        "changes": len(made),
    }
    if args.errors:
        scores |= against(args.errors, text, made, glossary, show=args.show)
    for path in args.clean:
        scores[path.name] = [f"{c.wrong} -> {c.right}" for c in read(path, glossary)[2]]
    print(json.dumps(scores, indent=1, ensure_ascii=False))


def against(
    errors: Path, text: str, made: Sequence[Correction], glossary: Glossary, *, show: bool
) -> dict[str, object]:
    rows = full = part = known = known_hit = 0
    forms = {squashed(target.text) for target in Lexicon(glossary).targets}
    forms |= {squashed(form) for entry in glossary.entries for form in entry.chinese_forms}
    missed: list[str] = []
    listed: set[int] = set()
    wrong: set[int] = set()
    with errors.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            variants = [v.strip() for v in row["wrong"].split(" / ") if bounded(v.strip()).search(text)]
            if not variants:
                continue
            rows += 1
            hits = 0
            for variant in variants:
                touching = [i for i, c in enumerate(made) if touches(c, variant)]
                good = [i for i in touching if is_right(made[i], row["right"], glossary)]
                exact = [i for i in touching if squashed(made[i].wrong) == squashed(variant)]
                listed.update(good, exact)
                wrong.update(set(exact) - set(good))
                hits += bool(good)
            if any(squashed(right) in forms for right in alternatives(row["right"])):
                known += 1
                known_hit += hits > 0
            full += hits == len(variants)
            part += 0 < hits < len(variants)
            if hits < len(variants):
                missed.append(f"{' / '.join(variants)} -> {row['right']} ({hits} of {len(variants)})")
    scores: dict[str, object] = {
        "rows found": rows,
        "put right": full,
        "partly": part,
        "recall": round((full + part) / max(1, rows), 3),
        "recall, all variants": round(full / max(1, rows), 3),
        "known": known,
        "recall of known": round(known_hit / max(1, known), 3),
        "listed changes": len(listed),
        "of these wrong": sorted({f"{made[i].wrong} -> {made[i].right}" for i in wrong}),
    }
    if show:
        others = Counter((c.wrong, c.right, c.rule) for i, c in enumerate(made) if i not in listed)
        scores["missed"] = missed
        scores["others"] = [f"{a} -> {b} ({rule}) x{n}" for (a, b, rule), n in others.most_common()]
    return scores


if __name__ == "__main__":
    main()
