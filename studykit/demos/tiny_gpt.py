"""A whole GPT, small enough to read, learns to put six letters in order.

Letters become vectors. In every block, attention lets each letter gather from those before it, then
a small network (MLP) works on each by itself; both add to its vector, which in the end gives a score
to each possible next letter. Training nudges all numbers so that the right letter scores higher.
Every layer below returns its output and ``back``, the way for its gradient.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="tiny_gpt",
    title="A whole GPT learns to sort",
    layer="objective and architecture",
    terms=("transformer", "causal-attention"),
    claim="Attention and MLP blocks, trained only to predict the next letter, sort letters they never saw.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:20:11",
            claim="Tokens pass attention and MLP blocks on their way to probabilities: 85,000 parameters.",
        ),
    ),
    cannot_show="Real models have many heads of attention, up to a hundred blocks, vectors of thousands.",
    mechanism=Mechanism(
        keyword="attention",
        off=False,
        without="Attention: every letter sees itself alone.",
    ),
    knobs=(
        Knob(name="shown", low=1, high=500, help="lines that it is trained on, of 729 that there are"),
        Knob(name="blocks", low=1, high=4, help="blocks of attention and MLP"),
    ),
    tries=(
        Try(
            set={"shown": 10},
            then=(
                "Show it 10 lines only: the loss falls to nearly nothing as before, but of lines never "
                "seen most come out wrong. It has learned those 10 by heart."
            ),
            shows=lambda was, now: (
                now["history"][-1][1] < 0.05 and now["history"][-1][-1] < 0.6 < was["history"][-1][-1] - 0.2
            ),
        ),
        Try(
            set={"shown": 100},
            then=(
                "Show it 100 lines of the 729: it sorts nearly all others as well, only less surely. At "
                "some point between 10 and 100, sorting is easier to learn than the lines."
            ),
            shows=lambda was, now: now["history"][-1][-1] > 0.8 and now["unseen"] > 1.5 * was["unseen"],
        ),
        Try(
            set={"blocks": 1},
            then=(
                "Take away one of the two blocks: half as many numbers sort nearly as well. This task "
                "needs one look around and a little thought, not more."
            ),
            shows=lambda was, now: (
                now["network"][1] < 0.55 * was["network"][1] and now["history"][-1][-1] > 0.85
            ),
        ),
    ),
    seconds=0.8,
)

LETTERS, COUNT, LENGTH = np.array(list("ABC")), 6, 11  # six read, five written: none follows the sixth
STEPS, BATCH, RATE = 400, 32, 0.3

Array = NDArray[np.float64]
Back = Callable[[Array], Array]


def softmax(scores: Array) -> Array:
    exp = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(exp / exp.sum(-1, keepdims=True))


def norm(x: Array) -> tuple[Array, Back]:
    """Every vector brought to mean 0 and variance 1, so that no layer's numbers run away."""
    scale = 1 / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    y = (x - x.mean(-1, keepdims=True)) * scale
    return y, lambda dy: scale * (dy - dy.mean(-1, keepdims=True) - y * (dy * y).mean(-1, keepdims=True))


class GPT:
    def __init__(self, chance: np.random.Generator, visible: Array, width: int = 16, blocks: int = 2) -> None:
        shapes = {"letter": (len(LETTERS), width), "place": (LENGTH, width), "score": (width, len(LETTERS))}
        for i in range(blocks):
            shapes |= {f"{name}{i}": (width, width) for name in ("query", "key", "value", "mix")}
            shapes |= {f"up{i}": (width, 4 * width), f"down{i}": (4 * width, width)}
        self.weights = {name: chance.normal(0, 0.1, shape) for name, shape in shapes.items()}
        self.blocks, self.hidden = blocks, np.where(visible, 0, -np.inf)  # (length, length)

    def linear(self, x: Array, name: str) -> tuple[Array, Back]:
        def back(dy: Array) -> Array:
            self.grads[name] += x.reshape(-1, x.shape[-1]).T @ dy.reshape(-1, dy.shape[-1])
            return np.asarray(dy @ self.weights[name].T)

        return x @ self.weights[name], back

    def attention(self, x: Array, i: int) -> tuple[Array, Back]:
        """Each letter asks (query), can be found (key), hands over (value): (batch, length, width)."""
        (q, q_back), (k, k_back), (v, v_back) = (self.linear(x, f"{n}{i}") for n in ("query", "key", "value"))
        size, length = np.sqrt(x.shape[-1]), x.shape[1]
        looks = softmax(q @ k.swapaxes(1, 2) / size + self.hidden[:length, :length])  # (batch, asks, found)
        y, mix_back = self.linear(looks @ v, f"mix{i}")

        def back(dy: Array) -> Array:
            d_mixed = mix_back(dy)
            d_looks = d_mixed @ v.swapaxes(1, 2)
            d_scores = looks * (d_looks - (d_looks * looks).sum(-1, keepdims=True)) / size
            d_k, d_v = d_scores.swapaxes(1, 2) @ q, looks.swapaxes(1, 2) @ d_mixed
            return q_back(d_scores @ k) + k_back(d_k) + v_back(d_v)

        return y, back

    def mlp(self, x: Array, i: int) -> tuple[Array, Back]:
        up, up_back = self.linear(x, f"up{i}")
        y, down_back = self.linear(np.maximum(up, 0), f"down{i}")
        return y, lambda dy: up_back(down_back(dy) * (up > 0))

    def forward(self, tokens: NDArray[np.int64]) -> tuple[Array, Callable[[Array], None]]:
        """Tokens (batch, length) to scores of the letter after each: (batch, length, letters)."""
        x, letter_back = self.linear(np.eye(len(LETTERS))[tokens], "letter")
        x = x + self.weights["place"][: tokens.shape[1]]
        backs: list[tuple[Back, Back]] = []
        for i in range(self.blocks):
            for layer in (self.attention, self.mlp):
                normed, norm_back = norm(x)
                added, layer_back = layer(normed, i)
                x = x + added
                backs.append((norm_back, layer_back))
        scores, score_back = self.linear(x, "score")

        def back(dy: Array) -> None:
            dx = score_back(dy)
            for norm_back, layer_back in reversed(backs):
                dx = dx + norm_back(layer_back(dx))  # both ways: past the layer, and through it
            letter_back(dx)
            self.grads["place"][: tokens.shape[1]] += dx.sum(0)

        return scores, back

    def loss(self, tokens: NDArray[np.int64]) -> float:
        """Mean -log(probability of the right letter) over what is to be written; sets ``grads``."""
        self.grads = {name: np.zeros_like(weight) for name, weight in self.weights.items()}
        scores, back = self.forward(tokens[:, :-1])
        right, found = np.eye(len(LETTERS))[tokens[:, 1:]], softmax(scores)
        written = np.arange(LENGTH) >= COUNT - 1  # the letters read are random: nothing to learn there
        back((found - right) * written[:, None] / (len(tokens) * COUNT))
        return float(-np.log((found * right).sum(-1)[:, written]).mean())

    def write(self, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        """Read ``tokens`` (batch, count), write the likeliest next letter, read that too, and so on."""
        for _ in range(COUNT):
            tokens = np.concatenate([tokens, self.forward(tokens)[0][:, -1:].argmax(-1)], 1)
        return tokens[:, COUNT:]


def run(seed: int = 0, *, attention: bool = True, shown: int = 500, blocks: int = 2) -> Numbers:
    """Train on ``shown`` of the 729 possible lines; without ``attention``, each letter sees only itself."""
    chance = np.random.default_rng(seed)
    every = chance.permutation(np.indices((len(LETTERS),) * COUNT).reshape(COUNT, -1).T)  # (729, 6)
    every = np.concatenate([every, np.sort(every, 1)], 1)  # read, then written: (729, 12)
    seen, (asked, answers), history = every[:shown], np.split(every[500:], 2, axis=1), []
    model = GPT(chance, np.tri(LENGTH) if attention else np.eye(LENGTH), blocks=blocks)
    for step in range(STEPS + 1):
        loss = model.loss(seen[chance.integers(len(seen), size=BATCH)])
        if step in (0, 10, 30, 100, STEPS):
            wrote = model.write(asked)
            history.append([step, loss, "".join(LETTERS[wrote[0]]), float((wrote == answers).all(1).mean())])
        for name, grad in model.grads.items():
            model.weights[name] -= RATE * (1 - step / STEPS) * grad  # downhill, in ever shorter steps
    alone, followed = (model.forward(every[500:, :length])[0] for length in (COUNT, LENGTH))
    return {
        "network": [blocks, sum(weight.size for weight in model.weights.values())],
        "examples": [shown, *("".join(LETTERS[line]) for line in (*np.split(seen[-1], 2), asked[0]))],
        "history": history,
        "unseen": float(
            -np.log((softmax(followed) * np.eye(3)[every[500:, 1:]]).sum(-1)[:, COUNT - 1 :]).mean()
        ),
        "moved": float(np.abs(followed[:, :COUNT] - alone).max()),
    }


def check(numbers: Numbers) -> None:
    expect(numbers["history"][-1][-1] > 0.9, "letters that training never showed come out sorted")
    expect(numbers["unseen"] < 0.013, "and it is sure of them, for which attention alone is not enough")
    expect(numbers["moved"] < 1e-9, "letters that follow change no score before them")


def lines(numbers: Numbers) -> list[str]:
    blocks, size = numbers["network"]
    return [
        "The one task: predict the next letter, in {} lines such as {} {}.".format(*numbers["examples"]),
        f"The network: {blocks} blocks of attention and MLP, {size:,} numbers, random at first.",
        f"   step   loss   reads {numbers['examples'][-1]}, writes   sorted, of 229 lines never seen",
        *("{:>7} {:>6.2f} {:>22} {:>12.0%}".format(*row) for row in numbers["history"]),
        "Loss 1.1 (ln 3) is a blind guess among three letters. No line of the program says how to sort.",
        f"Letters that follow move the scores before them by {numbers['moved']:.0f}: a GPT only looks back,",
        "so every place of a line can be learned from at once, and none can copy its answer.",
    ]
