"""Speculative decoding: a small model guesses ahead, the large one checks all guesses at once.

A large model that reads five tokens takes hardly longer than for one, but it writes one at a time.
So a small, fast model drafts a few tokens, and the large one reads them all in one pass. Each is
kept with a chance that depends on what both models think of it; at the first that is not, the large
model puts a token of its own. Done right, the text is drawn from the large model's chances, exactly.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Try, expect

DEMO = Demo(
    name="speculative_decoding",
    title="Speculative decoding: guess ahead, check at once",
    layer="inference",
    terms=("speculative-decoding", "draft-model"),
    claim="With a draft model, text is drawn from exactly the chances of the large model, and a good draft "
    "saves more than half its passes; the more the two agree, the more.",
    said=(),
    cannot_show="A pass over five tokens is not quite as fast as one over a single token, and drafts take "
    "time as well; on a machine that is busy with many requests little or nothing is gained.",
    mechanism=Mechanism(
        keyword="leftover",
        off=False,
        without="Only what is left over: in the place of a refused guess comes a token drawn anew from all "
        "of the large model's chances, so what the draft likes comes too often.",
    ),
    knobs=(
        Knob(name="ahead", low=1, high=16, help="letters drafted for each pass"),
        Knob(name="heat", low=0.5, high=5, help="temperature of both models"),
    ),
    tries=(
        Try(
            set={"ahead": 16},
            then="Guess 16 letters ahead instead of 4: with the draft that looks one letter back, passes are "
            "hardly fewer, since one refused guess throws away all behind it. Only good drafts gain.",
            shows=lambda before, after: (
                after["rows"][1]["passes"] > 0.9 * before["rows"][1]["passes"]
                and after["rows"][2]["passes"] < 0.6 * before["rows"][2]["passes"]
            ),
        ),
        Try(
            set={"ahead": 1},
            then="Guess a single letter: with the draft that looks one letter back, this alone saves more "
            "than half of what four guesses save.",
            shows=lambda before, after: (
                1 - after["rows"][1]["passes"] > 0.5 * (1 - before["rows"][1]["passes"])
                and after["rows"][3]["passes"] > 2 * before["rows"][3]["passes"]
            ),
        ),
        Try(
            set={"heat": 4},
            then="Heat both models until they write gibberish: it takes fewer passes, not more. A guess need "
            "not be easy to make; it is enough that both models are equally unsure.",
            shows=lambda before, after: (
                after["rows"][0]["passes"] < 0.8 * before["rows"][0]["passes"]
                and after["rows"][0]["apart"] < 1e-9
            ),
        ),
    ),
    equation=r"P(\text{keep } x) = \min\Bigl(1, \frac{p(x)}{q(x)}\Bigr), \quad "
    r"\text{else } x \sim \frac{\max(0, p - q)}{\sum \max(0, p - q)}",
    letters="p: chances of the large model; q: those of the draft; x: a drafted word.",
    seconds=0.3,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz "
WORDS = "the cat sat on that mat and then this hat ran into a tent with ten men in it".split()
MEMORY, TOKENS = 3, 2000

Chances = list[float]  # one for each letter


class Model:
    """Has counted which letter follows each run of ``memory`` letters; nothing is quite impossible."""

    def __init__(self, text: str, memory: int, heat: float) -> None:
        self.memory, self.heat = memory, heat
        self.follows = defaultdict[str, Counter[str]](Counter)
        for at in range(memory, len(text)):
            self.follows[text[at - memory : at]][text[at]] += 1
        self.chances = cache(self._chances)

    def _chances(self, ending: str) -> Chances:
        counts = self.follows[ending]
        scores = [(counts[letter] + 0.01) ** (1 / self.heat) for letter in LETTERS]
        return [score / sum(scores) for score in scores]

    def after(self, text: str) -> Chances:
        return self.chances(text[len(text) - self.memory :])


def keep(p: Chances, q: Chances, letter: int) -> float:
    """The chance that a guess is kept: always, if the large model (p) likes it as much as the draft (q)."""
    return min(1.0, p[letter] / q[letter])


def rest(p: Chances, q: Chances) -> Chances:
    """What the draft model gave too little: from this comes the letter after a refusal."""
    return [max(0.0, a - b) for a, b in zip(p, q, strict=True)]


def law(p: Chances, q: Chances, *, leftover: bool) -> Chances:
    """The chances of what comes out of one guess and its check, worked out instead of drawn."""
    kept = [q[i] * keep(p, q, i) for i in range(len(LETTERS))]
    other = rest(p, q) if leftover else p
    share = (1 - sum(kept)) / (sum(other) or 1)
    return [a + share * b for a, b in zip(kept, other, strict=True)]


def draw(chances: Chances, chance: random.Random) -> str:
    return chance.choices(LETTERS, chances)[0]


def one_pass(
    text: str, large: Model, draft: Model, ahead: int, chance: random.Random, *, leftover: bool
) -> tuple[str, int]:
    """What one pass of the large model adds, and how many guesses it kept."""
    guessed = text
    for _ in range(ahead):
        guessed += draw(draft.after(guessed), chance)
    for at in range(len(text), len(guessed)):  # one pass: the chances at all these places come together
        p, q = large.after(guessed[:at]), draft.after(guessed[:at])
        if chance.random() >= keep(p, q, LETTERS.index(guessed[at])):
            own = draw(rest(p, q) if leftover else p, chance)
            return guessed[len(text) : at] + own, at - len(text)
    return guessed[len(text) :] + draw(large.after(guessed), chance), ahead


def write(
    large: Model, draft: Model, start: str, ahead: int, chance: random.Random, *, leftover: bool
) -> dict[str, object]:
    """Write 2,000 letters, and work out how far their chances are from the large model's."""
    text, added, kept = start, list[str](), 0
    while len(text) < TOKENS:
        new, right = one_pass(text, large, draft, ahead, chance, leftover=leftover)
        text, kept = text + new, kept + right
        added.append(new)
    places = {text[at - MEMORY : at] for at in range(MEMORY, len(text))}
    laws = [(large.after(place), draft.after(place)) for place in sorted(places)]
    return {
        "sample": added[:16],
        "passes": len(added) / (len(text) - MEMORY),
        "kept": kept / len(added),
        "apart": max(apart(p, law(p, q, leftover=leftover)) for p, q in laws),
        "draft": max(apart(p, q) for p, q in laws),
    }


def apart(one: Chances, other: Chances) -> float:
    """The chance that has to move to make one of the other."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2


def run(seed: int = 0, *, ahead: int = 4, heat: float = 1.0, leftover: bool = True) -> Numbers:
    """Four draft models: the first knows only how common letters are, the last is the large model."""
    chance = random.Random(seed)
    page = " ".join(chance.choices(WORDS, k=3000))
    large = Model(page, MEMORY, heat)
    rows = [
        write(large, Model(page, memory, heat), page[:MEMORY], ahead, chance, leftover=leftover)
        for memory in range(MEMORY + 1)
    ]
    return {"ahead": ahead, "rows": rows}


def check(numbers: Numbers) -> None:
    rows = numbers["rows"]
    expect(all(row["apart"] < 1e-9 for row in rows), "the chances are exactly the large model's")
    expect(all(row["draft"] > 0.3 for row in rows[:-1]), "which are not the draft's")
    expect(all(b["passes"] < a["passes"] for a, b in pairwise(rows)), "better drafts, fewer passes")
    expect(rows[2]["passes"] < 0.5, "with a good draft half the passes or fewer")


def lines(numbers: Numbers) -> list[str]:
    rows = numbers["rows"]
    end = [
        "A bad draft costs time, never quality: what it likes too much is refused often enough, and what it",
        "likes too little comes after refusals.",
    ]
    if rows[0]["apart"] > 1e-9:
        end = ["After a refusal anything may come here, also what the draft likes anyway: too much of it."]
    return [
        f"The large model looks {MEMORY} letters back. Each pass checks {numbers['ahead']} guesses; "
        f"{TOKENS:,} letters are written.",
        "the draft model      guesses kept    passes for    what is written differs from the",
        "looks back                 a pass   100 letters    large model's chances by up to",
        *(
            f"   {memory} {'letter' if memory == 1 else 'letters':<8}{row['kept']:>20.1f}"
            f" {100 * row['passes']:>13.0f} {row['apart']:>18.2f}"
            for memory, row in enumerate(rows)
        ),
        f"The draft model of 1 letter has chances of its own: they differ by up to {rows[1]['draft']:.2f}.",
        "What it and the large model wrote, pass by pass; the last letter of each is the large model's:",
        f"   {'|'.join(rows[1]['sample'])}|",
        *end,
    ]


def plot(numbers: Numbers) -> str:
    passes = {f"{i} letters back": 100 * row["passes"] for i, row in enumerate(numbers["rows"])}
    return svg.bars("Passes for 100 letters, by draft model", passes)
