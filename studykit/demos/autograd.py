"""Backpropagation: one walk backwards tells for every knob which way it should turn.

Every value remembers which values it was made from, and how much each of them moves it. From the loss
we walk back along these memories and multiply (the chain rule), and where several ways lead to the same
value we add them up. What arrives at a parameter is its gradient: how the loss changes when the
parameter is nudged. Turn every parameter a little against it, and the right answer gets more probable.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="autograd",
    title="Autograd: backpropagation in thirty lines",
    layer="objective and architecture",
    terms=("backpropagation", "automatic-differentiation", "gradient", "gradient-descent"),
    claim="One pass backwards finds the same gradients as nudging every parameter by hand, and steps against "
    "them make the right answers probable.",
    equation=r"\frac{\partial L}{\partial x} = \sum_{y} \frac{\partial L}{\partial y} \cdot "
    r"\frac{\partial y}{\partial x}",
    letters="L: the loss; x: a knob, or a number on the way; y: the numbers that are computed from x.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:14:27",
            claim="There is a mathematical way to compute how to adjust every parameter so that the right "
            "token becomes a little more probable: perhaps 4 % instead of 3 %.",
        ),
    ),
    cannot_show="Real libraries do the same with arrays in place of single numbers, on billions of "
    "parameters, and with cleverer steps than plain gradient descent.",
    mechanism=Mechanism(
        keyword="add_up",
        off=False,
        without="Adding up: a value used several times keeps one of its ways to the loss instead of their "
        "sum.",
    ),
    knobs=(
        Knob(name="hidden", low=1, high=16, help="units of the net, each with three knobs in and two out"),
        Knob(name="step_size", low=0.001, high=50, help="how far each knob is turned along its gradient"),
    ),
    tries=(
        Try(
            set={"hidden": 1},
            then=(
                "Leave the net 1 unit: the gradients are as exact as before, and lead nowhere much. No "
                "single unit can tell whether two signs differ, however it is turned."
            ),
            shows=lambda was, now: (
                now["largest_difference"] < 1e-6
                and now["probabilities"][-1] < 0.7 < was["probabilities"][-1] - 0.2
            ),
        ),
        Try(
            set={"step_size": 10},
            then=(
                "Turn the knobs 20 times as far: the first step makes the right answers half as probable. "
                "A gradient tells the way only for small steps."
            ),
            shows=lambda was, now: (
                now["probabilities"][1] < 0.6 * now["probabilities"][0]
                and was["probabilities"][1] > was["probabilities"][0]
            ),
        ),
        Try(
            set={"step_size": 0.001},
            then=(
                "Turn them only 0.001 times the gradient: every step goes the right way, and after a "
                "hundred the right answers have gained hardly anything."
            ),
            shows=lambda was, now: (
                now["probabilities"][0] < now["probabilities"][-1] < now["probabilities"][0] + 0.05
                and was["probabilities"][-1] > 0.9
            ),
        ),
    ),
    seconds=0.1,
)


class Value:
    """A number that remembers how it was made."""

    def __init__(
        self, data: float, made_from: tuple[Value, ...] = (), slopes: tuple[float, ...] = ()
    ) -> None:
        self.data = data
        self.grad = 0.0  # how the loss changes when this value does
        self.made_from = made_from
        self.slopes = slopes  # how this value changes when each of those does

    def __add__(self, other: Value) -> Value:
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value) -> Value:
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, power: float) -> Value:
        return Value(self.data**power, (self,), (power * self.data ** (power - 1),))

    def tanh(self) -> Value:
        squashed = math.tanh(self.data)
        return Value(squashed, (self,), (1 - squashed**2,))

    def exp(self) -> Value:
        return Value(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def backward(self, *, add_up: bool = True) -> None:
        """Set ``grad`` of every value that this one was made from."""
        order: list[Value] = []  # each value after those it was made from
        visited: set[int] = set()

        def visit(value: Value) -> None:
            if id(value) not in visited:
                visited.add(id(value))
                for source in value.made_from:
                    visit(source)
                order.append(value)

        visit(self)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in zip(value.made_from, value.slopes, strict=True):
                source.grad = slope * value.grad + (source.grad if add_up else 0.0)


HIDDEN, STEPS, STEP_SIZE, NUDGE = 8, 100, 0.5, 1e-4
# two signs go in; the right answer is 0 where they are alike, 1 where they differ
EXAMPLES = ((-1.0, -1.0, 0), (-1.0, 1.0, 1), (1.0, -1.0, 1), (1.0, 1.0, 0))


def right_probability(knobs: Sequence[Value], a: float, b: float, right: int) -> Value:
    """What a small net gives to the right one of its two answers."""
    knob = iter(knobs)
    hidden = [
        (next(knob) * Value(a) + next(knob) * Value(b) + next(knob)).tanh()
        for _ in range((len(knobs) - 2) // 5)
    ]
    scores = [sum((next(knob) * unit for unit in hidden), start=next(knob)).exp() for _ in range(2)]
    return scores[right] * (scores[0] + scores[1]) ** -1  # softmax: shares of the whole


def loss(knobs: Sequence[Value]) -> Value:
    """The mean of -log p(right): 0 when the net is sure of every right answer."""
    logs = [right_probability(knobs, *example).log() for example in EXAMPLES]
    return sum(logs, start=Value(0.0)) * Value(-1 / len(EXAMPLES))


def nudged(knobs: Sequence[Value], i: int) -> float:
    """The gradient of one knob without calculus: turn it a little up, a little down, and look."""
    before = knobs[i].data
    knobs[i].data = before + NUDGE
    up = loss(knobs).data
    knobs[i].data = before - NUDGE
    down = loss(knobs).data
    knobs[i].data = before
    return (up - down) / (2 * NUDGE)


def run(seed: int = 0, *, add_up: bool = True, hidden: int = HIDDEN, step_size: float = STEP_SIZE) -> Numbers:
    """Compare both ways to the gradients on a random net, then train it."""
    chance = random.Random(seed)
    knobs = [Value(chance.uniform(-1, 1)) for _ in range(3 * hidden + 2 * (hidden + 1))]
    by_hand = [nudged(knobs, i) for i in range(len(knobs))]
    now, values = loss(knobs), [knob.data for knob in knobs]
    now.backward(add_up=add_up)
    backward = [knob.grad for knob in knobs]
    probabilities = [math.exp(-now.data)]
    for _ in range(STEPS):
        for knob in knobs:
            knob.data -= step_size * knob.grad
        now = loss(knobs)
        now.backward(add_up=add_up)
        probabilities.append(math.exp(-now.data))
    return {
        "values": values,
        "backward": backward,
        "by_hand": by_hand,
        "largest_difference": max(abs(a - b) for a, b in zip(backward, by_hand, strict=True)),
        "probabilities": probabilities,
    }


def check(numbers: Numbers) -> None:
    probabilities = numbers["probabilities"]
    expect(numbers["largest_difference"] < 1e-6, "backward gradients are those found by nudging")
    expect(max(map(abs, numbers["by_hand"])) > 0.01, "and they are not just all zero")
    expect(probabilities[1] > probabilities[0], "one step makes the right answers more probable")
    expect(probabilities[0] < 0.6 and probabilities[-1] > 0.9, "a hundred steps make them nearly certain")


def lines(numbers: Numbers) -> list[str]:
    count, probabilities = len(numbers["values"]), numbers["probabilities"]
    return [
        f"A small net with {count} knobs, set at random, is to tell whether two signs differ.",
        "knob    set to    gradient by nudging    by one walk backwards",
        *(
            f"{i:>4}{numbers['values'][i]:>10.2f}{numbers['by_hand'][i]:>18.5f}{numbers['backward'][i]:>23.5f}"
            for i in (0, 1, 2, count - 1)
        ),
        f"All {count} agree. Nudging ran the net {2 * count} times; backwards it took one walk.",
        "Turn every knob against its gradient, again and again. The right answers get:",
        *(f"    after {step:>3} steps {probabilities[step]:>5.0%}" for step in (0, 1, 10, 30, 100)),
        "Nobody set a knob by hand. This is all that training is.",
    ]
