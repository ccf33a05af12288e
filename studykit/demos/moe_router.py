"""Mixture of experts: many small networks, of which a router picks one for each token.

The model knows as much as all experts together, but a token pays for one expert and the router. The
catch: an expert that is ahead gets more tokens, so it learns more, so it gets more tokens still, and
the others never start. A penalty on uneven use keeps the router from collapsing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="moe_router",
    title="Mixture of experts, and the router that collapses",
    layer="objective and architecture",
    terms=("mixture-of-experts", "dense-model", "expert-router"),
    claim="Four experts with a balanced router learn what one dense network of an expert's size cannot; "
    "without balancing the router leaves experts unused.",
    equation=r"y = g_e(x) \, E_e(x), \qquad e = \operatorname{argmax}_i g_i(x), \qquad g(x) = "
    r"\operatorname{softmax}(x W)",
    letters="x: a token; W: the router; g: how much each expert is wanted; e: the one that is picked; "
    "E: the experts.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 24 % in",
            claim="A router picks a few of 256 experts for each token, so more knowledge goes in than is "
            "used at once; it is harder to train and can collapse.",
        ),
    ),
    cannot_show="Topics are marked plainly here, so each expert ends up with one; real experts divide the "
    "tokens less neatly, in dozens of layers, and often two or eight work on a token.",
    mechanism=Mechanism(
        keyword="balance",
        off=0,
        without="Balancing: nothing keeps the router from sending all to the same few experts.",
    ),
    knobs=(
        Knob(name="balance", low=0, high=10, help="how much an uneven load of the experts counts as loss"),
        Knob(name="experts", low=2, high=8, help="experts among which the router chooses"),
        Knob(name="router_rate", low=0, high=0.5, help="size of the router's steps"),
    ),
    tries=(
        Try(
            set={"balance": 10},
            then=(
                "Balance 10 times as hard: experts can stay idle again. The router now cares for even use "
                "alone, and not for who knows the topic."
            ),
            shows=lambda was, now: [*now.values()][2]["error"] > 0.2 > [*was.values()][2]["error"] + 0.1,
        ),
        Try(
            set={"router_rate": 0.5},
            then=(
                "Let the router learn 10 times as fast: balanced or not, it makes up its mind before the "
                "experts have learned anything, and some never start."
            ),
            shows=lambda _, now: min([*now.values()][2]["use"]) < 0.02 and [*now.values()][2]["error"] > 0.2,
        ),
        Try(
            set={"experts": 8},
            then=(
                "Give it 8 experts for the four topics: it does worse than with 4. Topics are split up "
                "among experts, each of which learns from fewer tokens."
            ),
            shows=lambda was, now: [*now.values()][2]["error"] > [*was.values()][2]["error"] + 0.04,
        ),
    ),
    seconds=0.6,
)

TOPICS, CONTENT = ("maths", "Spanish", "code", "poetry"), 8
INPUT = 1 + len(TOPICS) + CONTENT  # what all tokens have in common, a mark of the topic, the content
STEPS, BATCH, RATE, ROUTER_RATE, BALANCE = 700, 128, 0.1, 0.05, 1.0

Array = NDArray[np.float64]


@dataclass
class Mixture:
    router: Array  # (input, experts)
    experts: Array  # (experts, input, content)

    def route(self, x: Array) -> tuple[Array, NDArray[np.int64]]:
        """How much each token wants each expert (tokens, experts), and the one it gets (tokens,)."""
        wants = np.exp(x @ self.router)
        wants = wants / wants.sum(-1, keepdims=True)
        return wants, wants.argmax(-1)

    def __call__(self, x: Array) -> Array:
        """Only the chosen expert works: its output, as loud as it was wanted (tokens, content)."""
        wants, chosen = self.route(x)
        return np.asarray(wants.max(-1, keepdims=True) * np.einsum("ti,tio->to", x, self.experts[chosen]))

    def slopes(self, x: Array, y: Array, balance: float) -> tuple[Array, Array]:
        """Of half the mean squared error, plus ``balance`` x experts x sum(use x want) (arXiv:2101.03961)."""
        wants, chosen = self.route(x)
        picked = np.eye(self.router.shape[1])[chosen]  # (tokens, experts), one 1 in each row
        loud = wants.max(-1, keepdims=True)
        heard = np.einsum("ti,tio->to", x, self.experts[chosen])
        error = (loud * heard - y) / len(x)
        d_experts = np.einsum("te,ti,to->eio", picked, loud * x, error, optimize=True)
        use = picked.mean(0)  # share of the tokens that each expert gets
        d_wants = picked * (error * heard).sum(-1, keepdims=True) + balance * len(use) * use / len(x)
        return x.T @ (wants * (d_wants - (d_wants * wants).sum(-1, keepdims=True))), d_experts


def tokens(chance: np.random.Generator, rules: Array, count: int) -> tuple[NDArray[np.int64], Array, Array]:
    """Topics (tokens,), vectors (tokens, input), and by each topic's rule the outputs (tokens, content)."""
    topic = chance.integers(len(TOPICS), size=count)
    content = chance.normal(size=(count, CONTENT))
    x = np.concatenate([np.full((count, 1), 4.0), 2 * np.eye(len(TOPICS))[topic], content], 1)
    return topic, x, np.einsum("ti,tio->to", content, rules[topic])


def measured(seed: int, experts: int, balance: float, router_rate: float = ROUTER_RATE) -> Numbers:
    chance = np.random.default_rng(seed)
    rules = np.linalg.qr(chance.normal(size=(len(TOPICS), CONTENT, CONTENT)))[0]  # a turn of its own each
    model = Mixture(chance.normal(0, 0.1, (INPUT, experts)), chance.normal(0, 0.1, (experts, INPUT, CONTENT)))
    for _ in range(STEPS):
        _, x, y = tokens(chance, rules, BATCH)
        d_router, d_experts = model.slopes(x, y, balance)
        model.router -= router_rate * d_router
        model.experts -= RATE * d_experts
    topic, x, y = tokens(chance, rules, 2000)
    table = np.zeros((len(TOPICS), experts))
    np.add.at(table, (topic, model.route(x)[1]), 1)
    return {
        "numbers": model.experts.size + (model.router.size if experts > 1 else 0),
        "used": INPUT * CONTENT + (model.router.size if experts > 1 else 0),
        "error": float(((model(x) - y) ** 2).sum() / (y**2).sum()),
        "use": (table.sum(0) / table.sum()).tolist(),
        "table": (table / table.sum(1, keepdims=True)).tolist(),
    }


def run(
    seed: int = 0, *, balance: float = BALANCE, experts: int = 4, router_rate: float = ROUTER_RATE
) -> Numbers:
    return {
        "one dense network": measured(seed, 1, 0),
        f"{experts} experts, no balancing": measured(seed, experts, 0, router_rate),
        f"{experts} experts, balanced": measured(seed, experts, balance, router_rate),
    }


def check(numbers: Numbers) -> None:
    dense, greedy, balanced = numbers.values()
    expect(balanced["error"] < 0.1 * dense["error"], "experts learn what one of them alone cannot")
    expect(min(balanced["use"]) > 0.15, "balanced, every expert gets its share")
    expect(min(greedy["use"]) < 0.02, "without balancing an expert stays idle")
    expect(greedy["error"] > 0.1, "and what it should have learned is missing")


def lines(numbers: Numbers) -> list[str]:
    experts = len([*numbers.values()][2]["use"])
    return [
        "Tokens of four topics; the right output follows a rule of its own in each topic.",
        "                          numbers   used by a token   error   tokens for each expert",
        *(
            f"{name:<24} {now['numbers']:>8} {now['used']:>17} {now['error']:>7.0%}   "
            + "".join(f"{use:>5.0%}" for use in now["use"])
            for name, now in numbers.items()
        ),
        "Balanced, the router sends                expert"
        + "".join(f"{i:>2}   " for i in range(1, experts + 1)).rstrip(),
        *(
            f"{topic:>34}       " + "".join(f"{share:>5.0%}" for share in row)
            for topic, row in zip(TOPICS, [*numbers.values()][2]["table"], strict=True)
        ),
        "Nobody said which expert is for what. A token pays for a third of the numbers.",
        "Without balancing, who is ahead gets more tokens, learns more, gets more: collapse.",
    ]


def plot(numbers: Numbers) -> str:
    _, greedy, balanced = (now["use"] for now in numbers.values())
    use = greedy + balanced
    names = [f"{how}, expert {i + 1}" for how in ("unbalanced", "balanced") for i in range(len(greedy))]
    shares = {name: round(100 * share) for name, share in zip(names, use, strict=True)}
    return svg.bars("Tokens that each expert gets", shares, unit=" %")
