"""MinHash: copies among a billion pages, found without comparing any two of them.

Cut a page into runs of three words, give every run a random number, and keep the smallest. Two pages keep
the same number just as often as they have their runs in common: the smallest of both together is as
likely to be any run as any other. Do that with 112 ways of numbering, and a page of any length is 112
numbers. Cut these into bands, and only pages that agree in a whole band need to be compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="minhash_dedup",
    title="MinHash: near copies without comparing pages",
    layer="data and tokens",
    terms=("minhash", "deduplication"),
    claim="A hundred numbers a page tell how much two pages overlap to a few hundredths, and find the near "
    "copies while comparing less than 1 % of all pairs.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:01:00",
            claim="Deduplication is one of the steps between the crawl and the 44 TB of FineWeb.",
        ),
    ),
    cannot_show="Here only copies are alike. On the web pages overlap in all degrees, groups of copies hang "
    "together in chains, and whether dropping all but one helps a model has to be tried.",
    mechanism=Mechanism(
        keyword="smallest",
        off=False,
        without="The smallest: each page keeps the number of any of its runs, so that pages with the same "
        "runs keep different ones.",
    ),
    knobs=(
        Knob(name="hashes", low=8, high=256, help="numbers that are kept of each page"),
        Knob(name="rows", low=1, high=32, help="numbers in a band; those left over are not used"),
    ),
    tries=(
        Try(
            set={"rows": 1},
            then="Bands of one number: now nearly all pairs are compared, though no more copies are found. "
            "One notice at the foot of every page is enough for that.",
            shows=lambda as_it_is, turned: (
                turned["compared"] > 0.9 * turned["pairs"] > 100 * as_it_is["compared"]
                and turned["dropped"][-1] == as_it_is["dropped"][-1]
            ),
        ),
        Try(
            set={"rows": 16},
            then="Bands of 16: among the pages with an overlap of .7 to .85 most copies now slip through. "
            "The width of the band sets what counts as a copy.",
            shows=lambda as_it_is, turned: (
                turned["dropped"][1] < 0.5 * turned["copies"][1] < as_it_is["dropped"][1]
            ),
        ),
        Try(
            set={"hashes": 8},
            then="Keep eight numbers instead of 112: the overlap is told about four times as badly, not 14 "
            "times. The error falls with the root of the effort.",
            shows=lambda as_it_is, turned: 2 < turned["error"] / as_it_is["error"] < 6,
        ),
    ),
    equation=r"P(\min h(A) = \min h(B)) = \frac{|A \cap B|}{|A \cup B|}",
    letters="A, B: the runs of three words of two pages; h: a random number for each run.",
    seconds=0.3,
)

PAGES, COPIES, LENGTH, WORDS = 400, 60, 120, 3000
MOST_CHANGED = 0.12  # of the words of a copy
NOTICE = np.arange(12)  # the words at the foot of every page
PRIME = 2**31 - 1
GROUPS = ((0.5, 0.7), (0.7, 0.85), (0.85, 1.01))  # of copies, by their overlap with the original

Ints = NDArray[np.int64]


def runs(page: Ints) -> Ints:
    """A number for each run of three words, (runs,), the same wherever the run stands."""
    return np.unique(((page[:-2] * WORDS + page[1:-1]) * WORDS + page[2:]) % PRIME)


def overlap(a: Ints, b: Ints) -> float:
    """The Jaccard index: what both have, of what either has."""
    both = len(np.intersect1d(a, b, assume_unique=True))
    return both / (len(a) + len(b) - both)


def signature(page: Ints, by: Ints, chance: np.random.Generator, *, smallest: bool) -> Ints:
    """(hashes,): by each numbering the smallest number of the page's runs, or that of any of them.

    ``by``: (2, hashes); run x has the number (a x + b) mod p.
    """
    numbered = (by[0][:, None] * page + by[1][:, None]) % PRIME  # (hashes, runs)
    if smallest:
        return np.asarray(numbered.min(1))
    return np.asarray(numbered[np.arange(len(numbered)), chance.integers(len(page), size=len(numbered))])


def candidates(signatures: Ints, rows: int) -> set[tuple[int, int]]:
    """Pairs of pages that agree in all numbers of at least one band."""
    found = set()
    for start in range(0, signatures.shape[1] - rows + 1, rows):
        shelves: dict[bytes, list[int]] = {}
        for page, numbers in enumerate(signatures[:, start : start + rows]):
            shelf = shelves.setdefault(numbers.tobytes(), [])
            found |= {(other, page) for other in shelf}
            shelf.append(page)
    return found


def chance_to_meet(overlap: float, hashes: int, rows: int) -> float:
    """That two pages with this overlap agree in at least one band."""
    return 1 - (1 - overlap**rows) ** (hashes // rows)


def crawl(chance: np.random.Generator) -> tuple[list[Ints], list[int]]:
    """Pages, the last of them copied from others with some words changed; and from which."""
    pages = [chance.integers(WORDS, size=LENGTH) for _ in range(PAGES - COPIES)]
    originals = chance.permutation(len(pages))[:COPIES].tolist()
    for original, changed in zip(originals, np.linspace(0, MOST_CHANGED, COPIES), strict=True):
        new = chance.random(LENGTH) < changed
        pages.append(np.where(new, chance.integers(WORDS, size=LENGTH), pages[original]))
    return [np.concatenate([page, NOTICE]) for page in pages], originals


def run(seed: int = 0, *, hashes: int = 112, rows: int = 8, smallest: bool = True) -> Numbers:
    """Find 60 planted copies among 400 pages."""
    chance = np.random.default_rng(seed)
    pages, originals = crawl(chance)
    sets = [runs(page) for page in pages]
    by = np.stack([chance.integers(1, PRIME, hashes), chance.integers(0, PRIME, hashes)])
    signatures = np.array([signature(one, by, chance, smallest=smallest) for one in sets])
    compared = candidates(signatures, rows)
    planted = [(original, PAGES - COPIES + i) for i, original in enumerate(originals)]
    exact = [overlap(sets[a], sets[b]) for a, b in planted]
    told = [float((signatures[a] == signatures[b]).mean()) for a, b in planted]
    groups = [[pair for pair, o in zip(planted, exact, strict=True) if lo <= o < hi] for lo, hi in GROUPS]
    shown = [int(np.argmin(np.abs(np.array(exact) - wanted))) for wanted in (0.95, 0.85, 0.75, 0.6)]
    return {
        "hashes": hashes,
        "rows": rows,
        "shown": [[exact[i], told[i], chance_to_meet(exact[i], hashes, rows)] for i in shown],
        "error": float(np.mean(np.abs(np.array(exact) - told))),
        "pairs": PAGES * (PAGES - 1) // 2,
        "compared": len(compared),
        "copies": [len(group) for group in groups],
        "dropped": [len(compared & set(group)) for group in groups],
        "curve": [[x / 50, chance_to_meet(x / 50, hashes, rows)] for x in range(51)],
    }


def check(numbers: Numbers) -> None:
    expect(numbers["error"] < 0.06, "the numbers tell the overlap to a few hundredths")
    expect(numbers["dropped"][-1] >= 0.9 * numbers["copies"][-1], "near copies are found")
    expect(numbers["compared"] < 0.01 * numbers["pairs"], "with less than one pair in a hundred compared")
    expect(numbers["dropped"][0] < 0.6 * numbers["copies"][0], "pages that are less alike are mostly left")


def lines(numbers: Numbers) -> list[str]:
    hashes, rows = numbers["hashes"], numbers["rows"]
    found = zip(GROUPS, numbers["copies"], numbers["dropped"], strict=True)
    return [
        f"{PAGES} pages of {LENGTH} words and the same notice; {COPIES} are copies with up to "
        f"{MOST_CHANGED:.0%} of the words changed.",
        f"Of each page {hashes} numbers are kept, in {hashes // rows} bands of {rows}.",
        "overlap of copy and original    as the numbers tell it    chance that a band agrees",
        *(f"{exact:>14.2f}{told:>30.2f}{meets:>26.0%}" for exact, told, meets in numbers["shown"]),
        f"On average the numbers are {numbers['error']:.2f} off.",
        f"Pairs of pages: {numbers['pairs']:,}. Pairs that agree in a band, and are compared: "
        f"{numbers['compared']:,}.",
        "Copies found, by their overlap with the original:",
        *(
            f"   {low:.2f} to {min(high, 1):.2f} {dropped:>10} of {count}"
            for (low, high), count, dropped in found
        ),
    ]


def plot(numbers: Numbers) -> str:
    return svg.lines(
        f"Bands of {numbers['rows']}, {numbers['hashes']} numbers",
        {"chance that a band agrees": numbers["curve"]},
        x="overlap of two pages",
        y="chance to be compared",
    )
