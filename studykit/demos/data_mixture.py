"""Data mixtures: try many mixes on small models, fit a curve through their results, pick the best.

How much code, how much encyclopedia, how much chat should a large model read? Trying that on the large
model costs too much. So train many tiny ones on random mixes, note how each does on the questions that
matter, and fit a regression from the mix to the result. Its lowest point is the mix to use. Other
questions, other mix.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="data_mixture",
    title="Data mixtures: small models find the mix for a large one",
    layer="data and tokens",
    terms=("data-mixture",),
    claim="A regression over forty small models finds a mix with which a larger model does better than with "
    "equal parts, close to the best there is; another test asks for another mix.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 42 % in",
            claim="Take small samples of sources such as GitHub, Stack Exchange, Reddit and Wikipedia, train "
            "small models on each mix, and a linear regression gives the best mix; other evaluations "
            "change it a lot.",
        ),
    ),
    cannot_show="Here a model is a table of word shares, whose best mix is the same at all sizes; for real "
    "ones that is a hope to be checked.",
    mechanism=Mechanism(
        keyword="noted",
        off=False,
        without="The notes: which mix gave which result is mixed up before the best mix is worked out.",
    ),
    knobs=(
        Knob(name="models", low=3, high=1000, help="small models, each trained on a mix of its own"),
        Knob(name="small", low=10, high=100000, help="words that each small model reads"),
    ),
    tries=(
        Try(
            set={"models": 5},
            then=(
                "Train 5 small models instead of 40: the mixes that they find are hardly worse. Near the "
                "best mix the loss is flat, so a rough guess will do."
            ),
            shows=lambda was, now: (
                now["models"] < was["models"]
                and all(
                    test["found"][1] < test["made like the test"][1] + 0.06 for test in now["tests"].values()
                )
            ),
        ),
        Try(
            set={"models": 3},
            then=(
                "Train 3: now one of the two mixes is worse than equal parts. Three results cannot settle "
                "a regression with four unknowns."
            ),
            shows=lambda was, now: (
                any(test["found"][1] > test["equal parts"][1] + 0.02 for test in now["tests"].values())
                and all(test["found"][1] < test["equal parts"][1] for test in was["tests"].values())
            ),
        ),
        Try(
            set={"small": 100, "models": 1000},
            then=(
                "Train 1,000 models on 100 words each: the mix for coding is nothing but code, and far "
                "worse than equal parts. What is best for a model that reads so little is not best for a "
                "large one, and numbers do not help."
            ),
            shows=lambda was, now: (
                now["tests"][CODING]["found"][1] > now["tests"][CODING]["equal parts"][1] + 0.15
                and was["tests"][CODING]["found"][1] < was["tests"][CODING]["equal parts"][1]
            ),
        ),
    ),
    seconds=0.1,
)

Floats = npt.NDArray[np.float64]

SOURCES = ("code", "encyclopedia", "chat")
WORDS, MODELS, SMALL, LARGE = 300, 40, 3000, 100_000  # words known, small models, words that each size reads
TESTS = {"a coding test": (0.7, 0.2, 0.1), "a test of general knowledge": (0.1, 0.6, 0.3)}
CODING: str
GENERAL: str
CODING, GENERAL = TESTS

STEPS = np.linspace(0, 1, 21)
GRID = np.array(
    [[a, b, abs(1 - a - b)] for a in STEPS for b in STEPS if a + b <= 1 + 1e-9]
)  # mixes to choose from


def sources(chance: np.random.Generator) -> Floats:
    """What share each word has in each source: (sources, words)."""
    return np.asarray(chance.dirichlet(np.full(WORDS, 0.3), len(SOURCES)))


def train(mix: Floats, source: Floats, length: int, chance: np.random.Generator) -> Floats:
    """A model: word shares, (words,), counted in ``length`` words drawn by the mix from the sources."""
    read = chance.multinomial(length, mix @ source) + 0.5  # no word is impossible
    return np.asarray(read / read.sum())


def loss(model: Floats, wanted: Floats) -> float:
    """Mean surprise at the words of a test, in nats."""
    return float(-(wanted * np.log(model)).sum())


def terms(mixes: Floats) -> Floats:
    """What the regression sees of (mixes, sources): logarithms, for a source's first words bring most."""
    return np.column_stack([np.ones(len(mixes)), np.log(mixes + 0.05)])


def best(mixes: Floats, losses: Floats) -> Floats:
    """Linear regression of the small models' results; the mix where it is lowest, (sources,)."""
    fit, *_ = np.linalg.lstsq(terms(mixes), losses, rcond=None)
    return np.asarray(GRID[(terms(GRID) @ fit).argmin()])


def run(seed: int = 0, *, noted: bool = True, models: int = MODELS, small: int = SMALL) -> Numbers:
    """Forty small models on random mixes, two tests, and a larger model on the mixes found."""
    chance = np.random.default_rng(seed)
    source = sources(chance)
    mixes = chance.dirichlet(np.ones(len(SOURCES)), models)  # (models, 3)
    trained = [train(mix, source, small, chance) for mix in mixes]
    tests = {}
    for name, made_of in TESTS.items():
        wanted = np.array(made_of) @ source
        losses = np.array([loss(model, wanted) for model in trained])
        found = best(mixes, losses if noted else chance.permutation(losses))
        tried = {"equal parts": np.full(3, 1 / 3), "found": found, "made like the test": np.array(made_of)}
        tests[name] = {
            way: [mix.tolist(), loss(train(mix, source, LARGE, chance), wanted)] for way, mix in tried.items()
        }
    return {"tests": tests, "models": models, "small": small}


def check(numbers: Numbers) -> None:
    for test in numbers["tests"].values():
        (_, equal), (found, with_found), (ideal, least) = test.values()
        expect(with_found - least < 0.3 * (equal - least), "most of what equal parts lose is won back")
        expect(max(abs(a - b) for a, b in zip(found, ideal, strict=True)) < 0.15, "near the ideal mix")
    one, other = (test["found"][0] for test in numbers["tests"].values())
    expect(max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.3, "another test, another mix")


def lines(numbers: Numbers) -> list[str]:
    models, small = numbers["models"], numbers["small"]
    shown = [
        f"Three sources. {models} small models read {small:,} words each in random mixes and take two tests.",
        f"A regression through their results names a mix; a model that reads {LARGE:,} words tries it.",
        f"{'':<30}" + "".join(f"{name:>14}" for name in SOURCES) + f"{'loss':>9}",
    ]
    for name, test in numbers["tests"].items():
        shown.append(name)
        for way, (mix, surprise) in test.items():
            shown.append(f"   {way:<27}" + "".join(f"{share:>14.0%}" for share in mix) + f"{surprise:>9.2f}")
    return [
        *shown,
        "The regression was never told what the tests are made of. Another test, another mix.",
        "(Linear in the shares themselves, a regression would always put all into one source.)",
    ]


def plot(numbers: Numbers) -> str:
    found = [test["found"][0] for test in numbers["tests"].values()]
    return svg.grid(
        "The mix that each test asks for", found, row_names=["coding", "general"], column_names=SOURCES
    )
