"""Gold sets of alignments, and sets made from them by leaving out, merging, splitting and moving."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from studykit.resources import data_dir

HERE = Path(__file__).parent
Sides = tuple[tuple[int, ...], tuple[int, ...]]
Pair = tuple[list[str], list[str]]
_SETS_OF_A_GENRE = 16


@dataclass(frozen=True)
class GoldSet:
    name: str
    source: list[str]
    target: list[str]
    gold: list[Sides]


def read_set(name: str, source: Path, target: Path, gold: Path) -> GoldSet:
    beads = []
    for number, line in enumerate(gold.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"\[([\d, ]*)\]\s*:\s*\[([\d, ]*)\]", line.strip())
        if not match:
            raise SystemExit(f"{gold}:{number}: not a bead: {line!r}")
        sides = [tuple(int(i) for i in side.split(",") if i.strip()) for side in match.groups()]
        beads.append((sides[0], sides[1]))
    texts = [path.read_text(encoding="utf-8").splitlines() for path in (source, target)]
    return GoldSet(name, texts[0], texts[1], beads)


def read_folder(folder: Path) -> GoldSet:
    return read_set(folder.name, *(folder / f"{x}.txt" for x in ("src", "tgt", "gold")))


def halves(sets: list[GoldSet]) -> tuple[list[GoldSet], list[GoldSet]]:
    """For tuning and for reporting: by turns, or of three and fewer the first and the rest."""
    return (sets[::2], sets[1::2]) if len(sets) > 3 else (sets[:1], sets[1:])


def own(name: str) -> GoldSet:
    """One of the sets in ``data``: lecture, story1 to story6."""
    return read_set(name, *(HERE / "data" / f"{name}.{x}.txt" for x in ("en", "zh", "beads")))


def gold_gaps(gold_set: GoldSet) -> Iterable[tuple[int, list[int]]]:
    """Runs of lonely sentences with their side; between two beads those of the source are one run."""
    waiting: tuple[list[int], list[int]] = [], []
    for source, target in [*gold_set.gold, ((0,), (0,))]:
        if source and target:
            yield from ((side, run) for side, run in enumerate(waiting) if run)
            waiting = [], []
        else:
            waiting[0 if source else 1].extend([*source, *target])


# Sets made from a gold set: the beads as pairs of texts, changed, then numbered again.


def pairs_of(base: GoldSet) -> list[Pair]:
    return [([base.source[i] for i in a], [base.target[j] for j in b]) for a, b in base.gold]


def numbered(name: str, pairs: Sequence[Pair]) -> GoldSet:
    source: list[str] = []
    target: list[str] = []
    gold: list[Sides] = []
    for a, b in pairs:
        rows, columns = range(len(source), len(source) + len(a)), range(len(target), len(target) + len(b))
        if a and b:
            gold.append((tuple(rows), tuple(columns)))
        else:
            gold += [((i,), ()) for i in rows] + [((), (j,)) for j in columns]
        source += a
        target += b
    return GoldSet(name, source, target, gold)


def without(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """``share`` of the beads lose one side or the other."""
    out = []
    for a, b in pairs:
        chance = draw.random()
        out.append(([], b) if chance < share / 2 else (a, []) if chance < share else (a, b))
    return out


def with_insertion(pairs: Sequence[Pair], texts: list[str], draw: random.Random) -> list[Pair]:
    at = draw.randrange(len(pairs))
    return [*pairs[:at], (texts, []), *pairs[at:]]


def merged(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """Neighbouring beads become one, in one sentence on one side: 2-1, 1-2, 3-1 …"""
    out: list[Pair] = []
    for pair in pairs:
        if out and all(pair) and all(out[-1]) and len(out[-1][0] + out[-1][1]) < 5 and draw.random() < share:
            a, b = out[-1][0] + pair[0], out[-1][1] + pair[1]
            out[-1] = ([" ".join(a)], b) if draw.random() < 0.5 else (a, ["".join(b)])
        else:
            out.append(pair)
    return out


def split(pairs: Sequence[Pair], share: float, draw: random.Random, *, several: bool = False) -> list[Pair]:
    """Chinese sentences fall apart at a comma: 1-2, 1-3 …

    With ``several`` also those that render several source sentences, though their pieces may then belong to
    single ones of these: good enough to fit weights on, but not to call an alignment wrong.
    """
    out: list[Pair] = []
    for a, b in pairs:
        clauses = [re.split(r"(?<=[，；：])", text) for text in b]
        if a and b and draw.random() < share and (several or len(a) == 1):
            out.append((a, [part for parts in clauses for part in parts if part]))
        else:
            out.append((a, b))
    return [(a, b) if len(a) + len(b) <= 8 else pair for (a, b), pair in zip(out, pairs, strict=True)]


def shifted(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """The end of a Chinese sentence moves into the next, as translators do: 2-2."""
    out: list[Pair] = []
    for a, b in pairs:
        before = out[-1] if out else ([], [])
        clauses = [part for part in re.split(r"(?<=[，；：])", b[0]) if part] if b else []
        lengths = {len(a), len(b), len(before[0]), len(before[1])}
        if lengths == {1} and len(clauses) > 1 and draw.random() < share:
            cut = draw.randrange(1, len(clauses))
            moved = "".join(clauses[:cut]).rstrip("，；：")
            first = re.sub("[。！？]$", "，", before[1][0]) + moved + "。"
            out[-1] = (before[0] + a, [first, "".join(clauses[cut:])])
        else:
            out.append((a, b))
    return out


def swapped(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """Neighbouring Chinese sentences change places, which makes 2-2 beads."""
    out: list[Pair] = []
    for a, b in pairs:
        if out and len(a) == len(b) == len(out[-1][0]) == len(out[-1][1]) == 1 and draw.random() < share:
            out[-1] = (out[-1][0] + a, b + out[-1][1])
        else:
            out.append((a, b))
    return out


REPLIES = {
    "Yeah.": ("是的，", "对，", "是啊，", "嗯，"),
    "Okay.": ("好的，", "好，", "好了，", "嗯，"),
    "Right.": ("对，", "没错，", "是的，"),
    "All right.": ("好的，", "好，", "那好，"),
    "Sure.": ("当然，", "好的，"),
    "Exactly.": ("没错，", "对，", "是的，"),
    "Yes.": ("是的，", "对，"),
    "Thank you.": ("谢谢，",),
    "No.": ("不，", "没有，"),
    "Um.": ("嗯，",),
    "Okay?": (),
    "Yeah?": (),
    "Right?": (),
    "I see.": (),
}
"""English replies with what may answer them at the head of a Chinese sentence."""


def replied(pairs: Sequence[Pair], share: float, draw: random.Random) -> list[Pair]:
    """A reply stands before ``share`` of the beads: in the bead if the Chinese has it too, else alone."""
    out: list[Pair] = []
    for a, b in pairs:
        if not (a and b and draw.random() < share):
            out.append((a, b))
            continue
        reply = draw.choice(list(REPLIES))
        if not REPLIES[reply] or draw.random() >= 0.6:
            out += [([reply], []), (a, b)]
        elif len(a) + len(b) < 8:
            out.append(([reply, *a], [draw.choice(REPLIES[reply]) + b[0], *b[1:]]))
        else:
            out.append((a, b))
    return out


def with_replies(base: GoldSet, nth: int = 0) -> GoldSet:
    """The same with replies at a rate that varies from text to text; each ``nth`` time others."""
    draw = _chance(f"{base.name}fill", nth)
    pairs = replied(pairs_of(base), draw.uniform(0.08, 0.25), draw)
    return numbered(f"{base.name}: replies", pairs)


def definitions(count: int) -> list[str]:
    """English sentences on the talk's own subject, which makes them hard to tell from it."""
    found = []
    for path in sorted(data_dir("glossaries").glob("*.toml")):
        found += [term["definition_en"] for term in tomllib.loads(path.read_text("utf-8"))["term"]]
    return found[:count]


def made_from(base: GoldSet, advertisement: list[str], repeats: int) -> dict[str, list[GoldSet]]:
    pairs = pairs_of(base)
    makers: dict[str, Callable[[random.Random], list[Pair]]] = {
        **{f"{p} % missing": lambda draw, p=p: without(pairs, p / 100, draw) for p in (10, 20, 30)},
        "200 inserted": lambda draw: with_insertion(pairs, advertisement, draw),
        "200 inserted, 10 % missing": lambda draw: with_insertion(
            without(pairs, 0.1, draw), advertisement, draw
        ),
        "merged": lambda draw: merged(pairs, 0.4, draw),
        "split": lambda draw: split(pairs, 0.4, draw),
        "merged and split": lambda draw: split(merged(pairs, 0.3, draw), 0.3, draw),
        "merged, split, 10 % missing": lambda draw: without(
            split(merged(pairs, 0.3, draw), 0.3, draw), 0.1, draw
        ),
        "ends shifted": lambda draw: shifted(pairs, 0.12, draw),
        "neighbours swapped": lambda draw: swapped(pairs, 0.08, draw),
    }
    return {
        what: [numbered(f"{base.name}: {what}", make(random.Random(seed))) for seed in range(repeats)]
        for what, make in makers.items()
    }


def _changes(
    pairs: Sequence[Pair], others: Sequence[str], *, several: bool
) -> dict[str, Callable[[random.Random], list[Pair]]]:
    """What can be done to a text, at rates that vary; ``several`` as in ``split``."""
    return {
        "few missing": lambda draw: without(pairs, draw.uniform(0.04, 0.15), draw),
        "many missing": lambda draw: without(pairs, draw.uniform(0.15, 0.35), draw),
        "merged": lambda draw: merged(pairs, draw.uniform(0.1, 0.5), draw),
        "split": lambda draw: split(pairs, draw.uniform(0.1, 0.5), draw, several=several),
        "merged, split, missing": lambda draw: without(
            split(merged(pairs, draw.uniform(0.1, 0.4), draw), draw.uniform(0.1, 0.4), draw, several=several),
            draw.uniform(0, 0.2),
            draw,
        ),
        "ends shifted": lambda draw: shifted(pairs, draw.uniform(0.05, 0.2), draw),
        "swapped": lambda draw: swapped(pairs, draw.uniform(0.05, 0.12), draw),
        "inserted": lambda draw: with_insertion(
            without(pairs, draw.uniform(0, 0.1), draw), draw.sample(others, min(len(others), 30)), draw
        ),
    }


def _chance(name: str, nth: int) -> random.Random:
    return random.Random(f"{name}#{nth}" if nth else name)


def varied(
    base: GoldSet, lines: list[str], number: int, count: int, nth: int = 0
) -> list[tuple[str, GoldSet, GoldSet]]:
    """Sets made from a text at rates that vary, to fit on and to judge by: two where some are split.

    ``number`` of ``count`` texts of a genre; each ``nth`` time others.

    Texts of a genre share the kinds of change among them, so that each genre gets about as many sets.
    """
    pairs, own_lines = pairs_of(base), set(base.source)
    others = [line for line in lines if line not in own_lines]
    makers = [_changes(pairs, others, several=several) for several in (True, False)]
    kinds = list(makers[0])
    share = max(1, round(_SETS_OF_A_GENRE / count)) if number % max(1, count // _SETS_OF_A_GENRE) == 0 else 0
    chosen = [kinds[(number * 3 + k) % len(kinds)] for k in range(min(share, len(kinds)))]
    out = []
    for what in chosen:
        name = f"{base.name}: {what}"
        first, second = (numbered(name, make[what](_chance(name, nth))) for make in makers)
        out.append((what, first, second))
    return out


def without_marks(base: GoldSet) -> GoldSet:
    """The same with no marks in the target."""
    bare = [re.sub("[，。！？：；、]", "", line) or line for line in base.target]
    return GoldSet(f"{base.name} bare", base.source, bare, base.gold)
