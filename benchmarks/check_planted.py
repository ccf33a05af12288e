"""Errors planted in translations: how many are found, and what is found where there is none.

    python benchmarks/check_planted.py EN ZH [EN ZH …] [--rounds 3] [--seed 1] [--half tune|test] [--show]
    python benchmarks/check_planted.py --folder CAPTIONS --half test

CAPTIONS holds ``NAME.en.srt`` and ``NAME.zh.srt``; ``--half`` takes every second of these. In each round one
error stands in every third paragraph, at most: a negation lost or added, another term of the glossary,
another number, another power of ten, another name, another unit of time, a sentence left out, a sentence
slipped over the end of its paragraph (both texts' paragraphs are then given). Texts are aligned anew after
planting. An error is found when its paragraph has a finding that the clean text does not have there.
``CLEAN`` and ``MISSED`` lines are printed with ``--show``. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studykit import engines
from studykit.align import align
from studykit.annotate import find_terms
from studykit.check import check, slipped
from studykit.check.counts.chinese import find_chinese_numbers
from studykit.compose import compose
from studykit.glossary import Glossary, load
from studykit.options import Options
from studykit.resources import data_dir
from studykit.talk import open_talk
from studykit.types import Annotations, Document, Finding, Notes, Paragraph, Span

SHORT = 5
EVERY = 3
"""Of so many paragraphs one gets an error."""
DENIALS = (
    *(("不能", "能"), ("无法", "能"), ("没有", "有"), ("不会", "会"), ("不是", "是"), ("不需要", "需要")),
    *(("不要", "要"), ("不想", "想"), ("不知道", "知道"), ("不可", "可"), ("并不", ""), ("还没", "已经")),
)
ENGLISH_DENIAL = re.compile(r"\b(?:not|never|cannot|without|no)\b|n['’]t\b", re.IGNORECASE)
NAMES = ("Facebook", "Netflix", "Oracle", "Samsung", "Berkeley", "Wikipedia", "Keras", "Spotify")
PLACES = ("巴黎", "伦敦", "东京", "旧金山", "哈萨克斯坦", "剑桥大学", "墨西哥", "柏林")
TIMES = (
    *(("每天", "每周"), ("每周", "每年"), ("小时", "分钟"), ("分钟", "小时"), ("个月", "周")),
    *(("几天", "几年"), ("星期", "月"), ("年前", "天前"), ("几年", "几天"), ("秒", "小时")),
)
LATIN = re.compile(r"(?<![A-Za-z_.])[A-Z][A-Za-z]{2,}(?: [A-Z][A-Za-z]+)*(?![A-Za-z_(.])")
Edit = Callable[[str, str, random.Random], str | None]


class Memory:
    """An encoder that remembers."""

    def __init__(self, name: str) -> None:
        self._encoder = engines.encoder(name)
        self.name = self._encoder.name
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class Bench:
    """What checking needs."""

    glossary: Glossary
    encoder: Memory
    options: Options

    def notes(self, english: Document, chinese: Document, like: Notes) -> Notes:
        alignment = align(english, chinese, encoder=self.encoder, options=self.options.align)
        terms = find_terms({"en": english.sentences, "zh": chinese.sentences}, self.glossary)
        notes = compose(
            source=like.source,
            timing=like.timing,
            lead=english,
            other=chinese,
            alignment=alignment,
            annotations=Annotations(terms=terms),
            glossary=self.glossary,
        )
        return replace(notes, findings=check(notes, self.glossary))


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted, and lines to read."""

    counts: Counter[str]
    shown: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="*", type=Path, metavar="EN ZH")
    parser.add_argument("--folder", type=Path, metavar="CAPTIONS")
    parser.add_argument("--half", choices=["tune", "test"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    pairs = list(zip(args.texts[::2], args.texts[1::2], strict=True))
    if args.folder:
        found = [
            (path, path.with_name(path.name.replace(".en.", ".zh.")))
            for path in sorted(args.folder.glob("*.en.srt"))
            if ".zh-en." not in path.name
        ]
        pairs += found[args.half == "tune" :: 2] if args.half else found
    bench = Bench(load([data_dir("glossaries")]), Memory("usem"), Options())
    tally = Tally(Counter(), [])
    for number, pair in enumerate(pairs):
        run(pair, bench, random.Random(args.seed + number), args.rounds, tally)
    counts = tally.counts
    kinds = sorted({key.split(": ")[1] for key in counts if key.startswith("planted")})
    report = {
        "paragraphs": counts["paragraphs"],
        "findings on clean text": counts["clean"],
        "per 20 paragraphs": round(20 * counts["clean"] / max(1, counts["paragraphs"]), 2),
        **{
            kind: f"{counts[f'found: {kind}']}/{counts[f'planted: {kind}']}"
            f" = {counts[f'found: {kind}'] / counts[f'planted: {kind}']:.2f}"
            for kind in kinds
        },
    }
    print(json.dumps(report, indent=1))
    if args.show:
        print("\n".join(tally.shown))


def run(pair: tuple[Path, Path], bench: Bench, rng: random.Random, rounds: int, tally: Tally) -> None:
    (en, zh), counts, shown = pair, tally.counts, tally.shown
    talk = open_talk(en, translation=zh, glossary=bench.glossary)
    english, chinese = talk.texts.lead, talk.texts.other
    assert chinese
    clean = bench.notes(english, chinese, talk.bare_notes)
    counts["paragraphs"] += len(clean.paragraphs)
    counts["clean"] += len(clean.findings)
    shown += [f"CLEAN {_line(finding)}" for finding in clean.findings]
    before = Counter(_key(finding) for finding in clean.findings)
    for _ in range(rounds):
        planted = list(plants(clean, bench.glossary, rng))
        texts: dict[int, str] = {at: text for at, text, _, _ in planted}
        notes = bench.notes(english, _edited(chinese, texts), clean)
        new = Counter(_key(finding) for finding in notes.findings) - before
        hit = {
            sentence
            for finding in notes.findings
            if new[_key(finding)]
            for sentence in _english(finding, notes)
        }
        for at, text, kind, said in planted:
            counts[f"planted: {kind}"] += 1
            found = not hit.isdisjoint(said)
            counts[f"found: {kind}"] += found
            if not found:
                shown.append(f"MISSED {kind}: {clean.chinese[at].text} → {text} | {_text(clean, said)}")
    slips(clean, rng, counts, shown)


def plants(
    notes: Notes, glossary: Glossary, rng: random.Random
) -> Iterator[tuple[int, str, str, tuple[int, ...]]]:
    """Chinese sentences with what becomes of them, the kind of error, and the English they translate."""
    assert notes.alignment
    edits = list(_edits(notes, glossary).items())
    for para in notes.paragraphs[rng.randrange(EVERY) :: EVERY]:
        beads = [
            b
            for b in notes.alignment.beads
            if len(b.source) and len(b.target) and b.source.start in para.english
        ]
        rng.shuffle(beads)
        made = None
        rng.shuffle(edits)
        for kind, edit in edits:
            for bead in beads:
                english = _text(notes, tuple(bead.source))
                for at in bead.target:
                    changed = edit(english, notes.chinese[at].text, rng)
                    if changed is not None and changed != notes.chinese[at].text:
                        made = (at, changed, kind, tuple(bead.source))
                        break
                if made:
                    break
            if made:
                break
        if made:
            yield made


def _edits(notes: Notes, glossary: Glossary) -> dict[str, Edit]:
    entries = [entry for entry in glossary.entries if not entry.chinese.isascii() and len(entry.chinese) > 1]
    said = [term.entry_id for term in notes.terms]

    def term(english: str, chinese: str, rng: random.Random) -> str | None:
        for entry_id in rng.sample(said, len(said)):
            entry = glossary.get(entry_id)
            if entry is None or not any(form.lower() in english.lower() for form in entry.english_forms):
                continue
            for form in sorted(entry.chinese_forms, key=len, reverse=True):
                if form in chinese and not form.isascii():
                    others = [e for e in entries if e.category == entry.category and e.id not in said]
                    return chinese.replace(form, rng.choice(others or entries).chinese)
        return None

    def omission(english: str, _: str, rng: random.Random) -> str | None:
        return "" if len(english.split()) >= 8 and rng.random() < 0.3 else None

    return {
        "term": term,
        "omission": omission,
        "negation lost": _deny,
        "negation added": _affirm,
        "number": _renumber,
        "magnitude": _scale,
        "name": _rename,
        "time": _retime,
    }


def _deny(english: str, chinese: str, rng: random.Random) -> str | None:
    if not ENGLISH_DENIAL.search(english) or english.rstrip().endswith("?"):
        return None
    found = [(a, b) for a, b in DENIALS if a in chinese]
    return chinese.replace(*rng.choice(found), 1) if found else None


def _affirm(english: str, chinese: str, rng: random.Random) -> str | None:
    if ENGLISH_DENIAL.search(english) or any(a in chinese for a in "不没无非未别") or "？" in chinese:
        return None
    match = re.search(r"(?<![不可才只功性机万智])(?:可以|能够|需要|会(?!议|话))", chinese)
    if match and rng.random() < 0.3:
        return chinese[: match.start()] + "不" + chinese[match.start() :]
    return None


def _renumber(english: str, chinese: str, rng: random.Random) -> str | None:
    numbers = [n for n in find_chinese_numbers(chinese) if not n.loose and re.search(r"\d", english)]
    for number in rng.sample(numbers, len(numbers)):
        digits = [i for i, char in enumerate(number.text) if char in "0123456789二三四五六七八九"]
        if not digits:
            continue
        at = digits[0]
        group = "123456789" if number.text[at].isascii() else "二三四五六七八九"
        new = rng.choice([char for char in group if char != number.text[at]])
        start = chinese.index(number.text, number.span.start)
        return chinese[: start + at] + new + chinese[start + at + 1 :]
    return None


def _scale(english: str, chinese: str, _: random.Random) -> str | None:
    if not re.search(r"\d|hundred|thousand|million|billion|trillion", english):
        return None
    swaps = (("百万", "万"), ("亿", "万"), ("千", "百"), ("万", "亿"), ("百", "千"))
    for number in find_chinese_numbers(chinese):
        if number.unit == "ratio":
            continue
        for a, b in swaps:
            if a in number.text:
                start = chinese.index(number.text, number.span.start)
                return chinese[:start] + chinese[start:].replace(a, b, 1)
        if re.fullmatch(r"[1-9][\d,]{1,}", number.text) and number.unit is None:
            start = chinese.index(number.text, number.span.start)
            more = f"{10 * int(number.text.replace(',', '')):,}"
            return chinese[:start] + more + chinese[start + len(number.text) :]
    return None


def _rename(english: str, chinese: str, rng: random.Random) -> str | None:
    names = [m for m in LATIN.finditer(chinese) if m[0] in english]
    if names:
        match = rng.choice(names)
        return chinese[: match.start()] + rng.choice(NAMES) + chinese[match.end() :]
    for place in (
        "纽约",
        "蒙特利尔",
        "斯坦福大学",
        "斯坦福",
        "加拿大",
        "巴黎",
        "法国",
        "印度",
        "美国",
        "塔吉克斯坦",
        "孟买",
        "加州",
    ):
        if place in chinese:
            return chinese.replace(place, rng.choice([other for other in PLACES if other != place]))
    return None


def _retime(english: str, chinese: str, rng: random.Random) -> str | None:
    if not re.search(r"\b(?:second|minute|hour|day|week|month|year)s?\b|daily|weekly", english):
        return None
    found = [(a, b) for a, b in TIMES if a in chinese]
    return chinese.replace(*rng.choice(found), 1) if found else None


def slips(notes: Notes, rng: random.Random, counts: Counter[str], shown: list[str]) -> None:
    """The last Chinese sentence of a paragraph, given to the next one."""
    assert notes.alignment
    whole = [p for p in notes.paragraphs if len(p.english) and len(p.chinese) > 1]
    paras = list(notes.paragraphs)
    for para in rng.sample(whole, min(3, len(whole))):
        if para.index + 1 >= len(paras):
            continue
        moved = [p.chinese for p in paras]
        here, there = moved[para.index], moved[para.index + 1]
        if len(notes.chinese[here.end - 1].text) < SHORT:
            continue
        moved[para.index] = Span(start=here.start, end=here.end - 1)
        moved[para.index + 1] = Span(start=here.end - 1, end=there.end)
        found = slipped(notes.alignment, [p.english for p in paras], moved)
        counts["planted: slip"] += 1
        right = [s.paragraph for s in found] == [para.index]
        counts["found: slip"] += right
        if not right:
            shown.append(f"MISSED slip: {notes.chinese[here.end - 1].text} {found}")
    counts["clean"] += len(slipped(notes.alignment, [p.english for p in paras], [p.chinese for p in paras]))


def _edited(doc: Document, texts: dict[int, str]) -> Document:
    """The document with some sentences changed; an empty text takes a sentence away."""
    kept = [sent for sent in doc.sentences if texts.get(sent.index) != ""]
    sentences = tuple(
        replace(sent, index=i, text=texts.get(sent.index, sent.text), raw=texts.get(sent.index, sent.raw))
        for i, sent in enumerate(kept)
    )
    whole = Paragraph(index=0, sentences=Span(start=0, end=len(sentences)))
    return replace(doc, id=doc.id[::-1], sentences=sentences, paragraphs=(whole,))


def _english(finding: Finding, notes: Notes) -> Sequence[int]:
    return notes.paragraphs[finding.paragraph].english


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.kind, finding.message, finding.english


def _text(notes: Notes, at: Sequence[int]) -> str:
    return " ".join(notes.english[i].text for i in at)


def _line(finding: Finding) -> str:
    return f"{finding.kind} {finding.severity} {finding.message} | {finding.english} | {finding.chinese}"


if __name__ == "__main__":
    main()
