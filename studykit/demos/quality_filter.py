"""A quality filter: fewer pages, a better model, and what goes out with the rubbish.

Show a classifier some pages that you like and some of the crawl, and let it give every word a weight. Sort
the crawl by it and keep the top. Trained on that, a model does better on text like yours than with all
pages, until so little is kept that there is nothing left to learn from. "Quality" is what resembles your
examples: good pages of another kind are thrown away with the advertisements.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect


def _kept(numbers: Numbers, stays: str, goes: str) -> bool:
    """Of the strictest tenth: whether one kind stays, and the other goes."""
    return bool(numbers["rows"][3][stays] > 0.8 and numbers["rows"][3][goes] < 0.2)


DEMO = Demo(
    name="quality_filter",
    title="A quality filter: fewer pages, a better model",
    layer="data and tokens",
    terms=("quality-classifier", "quality-filtering"),
    claim="A model trained on the tenth of a crawl that a classifier likes best does better on text like its "
    "examples than one trained on all of the crawl, and worse on good text of another kind.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 42 % in",
            claim="A crawl has hundreds of trillions of tokens; classifiers prune it to the best data for "
            "the task that one has in mind.",
        ),
    ),
    cannot_show="Kinds of pages are cleanly apart here and known to us. On the web they are mixed within a "
    "page, and nobody knows what was lost until a test asks for it.",
    mechanism=Mechanism(
        keyword="looks",
        off=False,
        without="The look at the words: pages get scores that are shuffled among them, so that any pages "
        "are kept.",
    ),
    knobs=(
        Knob(name="crawled", low=200, high=6000, help="pages of the crawl"),
        Knob(name="examples", low=1, high=100, help="pages that the classifier is shown as good"),
        Knob(name="wanted", low=0, high=1, help="what the examples are: 0 encyclopedia, 1 recipes"),
    ),
    tries=(
        Try(
            set={"wanted": 1},
            then="Show it recipes as examples: of the same crawl the recipes now stay, and the encyclopedia "
            "goes. Nothing was good or bad in itself.",
            shows=lambda as_it_is, turned: (
                _kept(turned, "recipes", "encyclopedia") and _kept(as_it_is, "encyclopedia", "recipes")
            ),
        ),
        Try(
            set={"examples": 3},
            then="Show it three good pages instead of 50: the filter is nearly as good. A few hundred words "
            "give a kind of text away.",
            shows=lambda as_it_is, turned: (
                turned["examples"] == 3 and turned["rows"][3]["loss"] < as_it_is["rows"][3]["loss"] + 0.2
            ),
        ),
        Try(
            set={"crawled": 600},
            then="With a crawl of 600 pages, not 3,000, it is best to keep twice the share: what a strict "
            "filter leaves is too little. How good is good enough depends on how much there is.",
            shows=lambda as_it_is, turned: turned["best"] > 1.5 * as_it_is["best"],
        ),
    ),
    equation=r"P(\text{good} \mid \text{page}) = \sigma\Big(b + \sum_{w \in \text{page}} \beta_w\Big)",
    letters="w: the words of a page; β: the weight of a word; b: a constant; σ: turns any number into "
    "a chance.",
    seconds=0.6,
)

KINDS = {"encyclopedia": 0.12, "recipes": 0.08, "chat": 0.45, "advertisements": 0.35}  # shares of the crawl
WORDS, NEXT, LENGTH, TEST = 400, 4, 60, 100
KEPT = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def language(chance: np.random.Generator) -> Array:
    """How one kind of text goes on after each word: (words, words). Some words all kinds have in common."""
    own = np.concatenate([np.arange(50), chance.choice(np.arange(50, WORDS), 150, replace=False)])
    follows = np.zeros((WORDS, WORDS))
    for word in range(WORDS):
        follows[word, chance.choice(own, NEXT, replace=False)] += 0.8 / NEXT
        follows[word, own] += 0.2 / len(own)
    return follows


def write(follows: Array, pages: int, chance: np.random.Generator) -> Ints:
    """(pages, words)."""
    text = np.zeros((pages, LENGTH), int)
    sums = follows.cumsum(1).round(9)
    for i in range(1, LENGTH):
        luck = chance.random(pages) * 0.999999
        text[:, i] = (sums[text[:, i - 1]] > luck[:, None]).argmax(1)
    return text


def count(pages: Ints) -> Array:
    """How often each word stands on each page: (pages, words)."""
    counts = np.zeros((len(pages), WORDS))
    np.add.at(counts, (np.arange(len(pages))[:, None], pages), 1.0)
    return counts


def classifier(good: Ints, crawl: Ints) -> tuple[Array, float]:
    """Logistic regression on the words: good pages against pages of the crawl. Weights and offset."""
    x, y = np.concatenate([count(good), count(crawl)]), np.repeat([1.0, 0.0], [len(good), len(crawl)])
    weights, offset = np.zeros(WORDS), 0.0
    share = np.where(y == 1, 0.5 / len(good), 0.5 / len(crawl))  # both sides count alike
    for _ in range(100):
        wrong = share * (y - 1 / (1 + np.exp(-(x @ weights + offset))))
        weights, offset = weights + 0.5 * wrong @ x, offset + 0.5 * float(wrong.sum())
    return weights, offset


def loss(read: Ints, test: Ints) -> float:
    """Bits a word on ``test`` of a model that counts which word follows which in ``read``."""
    pairs, single = np.zeros((WORDS, WORDS)), np.full(WORDS, 0.1)
    np.add.at(pairs, (read[:, :-1].ravel(), read[:, 1:].ravel()), 1.0)
    np.add.at(single, read[:, 1:].ravel(), 1.0)
    pairs += 2 * single / single.sum()
    model = pairs / pairs.sum(1, keepdims=True)
    return float(-np.log2(model[test[:, :-1], test[:, 1:]]).mean())


def run(
    seed: int = 0, *, crawled: int = 3000, examples: int = 50, wanted: int = 0, looks: bool = True
) -> Numbers:
    """Filter a crawl ever more strictly and train a model on what is left."""
    chance = np.random.default_rng(seed)
    languages = [language(chance) for _ in KINDS]
    kinds = np.sort(chance.choice(len(KINDS), crawled, p=list(KINDS.values())))
    crawl = np.concatenate([write(one, int((kinds == k).sum()), chance) for k, one in enumerate(languages)])
    weights, offset = classifier(write(languages[wanted], examples, chance), crawl[:: max(1, crawled // 300)])
    scores = (count(crawl) @ weights + offset).round(6)
    order = np.argsort(-(scores if looks else chance.permutation(scores)), kind="stable")
    tests = [write(languages[k], TEST, chance) for k in (wanted, 1 - wanted)]
    rows = []
    for share in KEPT:
        kept = order[: max(1, round(share * crawled))]
        row = {"share": share, "pages": len(kept)}
        row |= {name: float((kinds[kept] == k).sum() / (kinds == k).sum()) for k, name in enumerate(KINDS)}
        row |= {"loss": loss(crawl[kept], tests[0]), "other": loss(crawl[kept], tests[1])}
        rows.append(row)
    some = chance.permutation(crawled)[: rows[3]["pages"]]
    best = min(rows, key=lambda row: float(row["loss"]))
    return {
        "crawled": crawled,
        "examples": examples,
        "wanted": list(KINDS)[wanted],
        "other": list(KINDS)[1 - wanted],
        "rows": rows,
        "random": loss(crawl[some], tests[0]),
        "best": best["share"],
    }


def check(numbers: Numbers) -> None:
    rows = numbers["rows"]
    everything, tenth, strictest = rows[0], rows[3], rows[-1]
    expect(tenth["loss"] < everything["loss"] - 0.3, "a tenth, chosen, is better than everything")
    expect(tenth["loss"] < numbers["random"] - 1, "and far better than any tenth")
    expect(strictest["loss"] > tenth["loss"] + 0.3, "a hundredth is too little")
    expect(tenth[numbers["wanted"]] > 0.7, "most of what is like the examples is kept")
    expect(tenth[numbers["other"]] < 0.2, "what is not goes, good or not")
    expect(tenth["other"] > everything["other"] + 1, "and the model cannot write it")


def lines(numbers: Numbers) -> list[str]:
    wanted, other = numbers["wanted"], numbers["other"]
    return [
        f"A crawl of {numbers['crawled']:,} pages: "
        + ", ".join(f"{s:.0%} {n}" for n, s in KINDS.items())
        + ".",
        f"A classifier saw {numbers['examples']} pages of {wanted} as good ones, and some of the crawl.",
        f"{'kept':>6}{'pages':>8}   {wanted + ' and ' + other + ' kept':<34}loss (bits a word) on new",
        f"{'':<17}{'':<34}{wanted:>12}{other:>14}",
        *(
            f"{row['share']:>6.0%}{row['pages']:>8,}{row[wanted]:>14.0%}{row[other]:>15.0%}"
            f"{row['loss']:>20.2f}{row['other']:>14.2f}"
            for row in numbers["rows"]
        ),
        f"With as many pages as the row of 10 %, but any pages, the loss is {numbers['random']:.2f}.",
        f"Less is better, down to {numbers['best']:.0%}; then there is too little to learn from.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        f"on {numbers[name]}": [(100 * row["share"], row[column]) for row in numbers["rows"]]
        for name, column in (("wanted", "loss"), ("other", "other"))
    }
    return svg.lines(
        "Loss by how much of the crawl is kept", series, x="% of the crawl kept", y="bits a word"
    )
