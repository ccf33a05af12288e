"""Mental arithmetic against code: one pass through a network is only so exact, a program is exact.

A network that must give a product in one pass learns roughly how large it is. Its error is a small share
of the whole: nothing for small numbers, hundreds for large ones, and then no answer is right. Let the model
write the sum down as code instead, and a program works it out. Copying digits is easy for it; the
exactness comes from the program, which reads no more than arithmetic.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="code_tool",
    title="Use code: mental arithmetic fails with size, a program does not",
    layer="post-training",
    terms=("code-interpreter", "mental-arithmetic"),
    claim="Products worked out in one pass go wrong as numbers grow; written down as code and run, all are "
    "right.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:46:56",
            claim="Asked for a small sum in one token, the model is right; with 23 apples and 177 oranges it "
            "says 5 instead of 7. Do not trust its mental arithmetic; say 'use code'.",
        ),
    ),
    cannot_show="A large model writes numbers digit by digit and knows small tables by heart, so its errors "
    "are in some digits; and it may write the wrong program.",
    mechanism=Mechanism(
        keyword="executed",
        off=False,
        without="Running the code: it is written, and the model reads the answer off in its head.",
    ),
    knobs=(
        Knob(name="hidden", low=2, high=400, help="hidden units of the network"),
        Knob(name="lessons", low=10, high=8000, help="products that it is taught, for each size"),
    ),
    tries=(
        Try(
            set={"hidden": 400},
            then=(
                "Double the hidden units: of products of four digits still none is right. Being close is "
                "not enough where every digit counts."
            ),
            shows=lambda was, now: (
                now["rows"][3]["mental"] < 0.05
                and now["rows"][0] != was["rows"][0]
                and now["rows"][3]["off"] > 30
            ),
        ),
        Try(
            set={"hidden": 10},
            then=(
                "Leave 10 of them: products of one digit stay right for the most part, those of two are "
                "lost. The code does not notice."
            ),
            shows=lambda _, now: (
                now["rows"][0]["mental"] > 0.75
                and now["rows"][1]["mental"] < 0.2
                and now["rows"][3]["code"] == 1
            ),
        ),
        Try(
            set={"lessons": 10},
            then=(
                "Teach it 10 products: it gets most of the others of one digit right, for what it learned "
                "is a smooth surface. A table has no such luck, and no such mistakes."
            ),
            shows=lambda _, now: 0.3 < now["rows"][0]["mental"] < 0.98 and now["rows"][1]["mental"] < 0.1,
        ),
    ),
    seconds=0.3,
)

Floats = npt.NDArray[np.float64]
HIDDEN, LESSONS = 200, 4000
APPLES = "(869 - 177 * 4) / 23"  # what an apple costs, if 177 oranges at 4 and 23 apples come to 869
OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def calculate(code: str) -> float:
    """What the line of arithmetic comes to; anything but numbers and operators raises ``ValueError``.

    This is the sandbox: what a model wrote is not to be trusted, so nothing else is ever run.
    """

    def value(node: ast.AST) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return OPERATORS[type(op)](value(left), value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
        raise ValueError(f"not arithmetic: {code}")

    try:
        return value(ast.parse(code, mode="eval").body)
    except (SyntaxError, ZeroDivisionError) as error:
        raise ValueError(f"not arithmetic: {code}") from error


def look(pairs: Floats, network: tuple[Floats, Floats], largest: float) -> Floats:
    """What the hidden layer makes of pairs of numbers: (pairs, HIDDEN + 1)."""
    into, bias = network
    return np.column_stack([np.tanh(pairs / largest @ into + bias), np.ones(len(pairs))])


def learn(
    chance: np.random.Generator, largest: float, hidden: int = HIDDEN, lessons: int = LESSONS
) -> Callable[[Floats], Floats]:
    """A network with one hidden layer that was taught products of numbers up to ``largest``."""
    network = (chance.normal(size=(2, hidden)), chance.normal(size=hidden))
    pairs = chance.uniform(1, largest, (lessons, 2))
    seen = look(pairs, network, largest)
    ridge = 1e-6 * np.eye(hidden + 1)
    out = np.linalg.solve(seen.T @ seen + ridge, seen.T @ (pairs.prod(axis=1) / largest**2))
    return lambda asked: np.asarray(np.rint(look(asked, network, largest) @ out * largest**2))


def answer(code: str) -> str:
    """What the program gives back to the model."""
    try:
        return f"{calculate(code):.10g}"
    except ValueError:
        return "refused"


def run(
    seed: int = 0, *, text: str = APPLES, executed: bool = True, hidden: int = HIDDEN, lessons: int = LESSONS
) -> Numbers:
    """Ask for 200 products each of numbers with one to four digits; ``text`` is worked out as code."""
    chance = np.random.default_rng(seed)
    rows = []
    for digits in (1, 2, 3, 4):
        mental = learn(
            chance, 10.0**digits, hidden, lessons
        )  # a network for each size: it never leaves what it was taught
        asked = chance.integers(10 ** (digits - 1), 10**digits, (200, 2))
        truth = asked.prod(axis=1)
        said = mental(asked.astype(float))
        coded = [calculate(f"{a} * {b}") for a, b in asked] if executed else said
        a, b = asked[0].tolist()
        rows.append(
            {
                "digits": digits,
                "mental": float((said == truth).mean()),
                "code": float((coded == truth).mean()),
                "off": float(np.abs(said - truth).mean()),
                "example": f"{a} * {b} = {a * b}",
            }
        )
    return {"rows": rows, "code": [[code, answer(code)] for code in (text, "open('diary.txt').read()")]}


def check(numbers: Numbers) -> None:
    mental = [row["mental"] for row in numbers["rows"]]
    expect(mental[0] > 0.9, "small products are right")
    expect(mental[-1] < 0.1, "large ones are not")
    expect(mental == sorted(mental, reverse=True), "the larger, the worse")
    expect(all(row["code"] == 1 for row in numbers["rows"]), "run as code, all are right")


def lines(numbers: Numbers) -> list[str]:
    return [
        "A network has learned to multiply in one pass. 200 products of each size:",
        f"digits{'right in the head':>20}{'off by about':>15}{'right as code':>16}     e.g.",
        *(
            f"{row['digits']:>6}{row['mental']:>20.0%}{float(format(row['off'], '.1g')):>15.0f}"
            f"{row['code']:>16.0%}     {row['example']}"
            for row in numbers["rows"]
        ),
        "In the head, the answer is off by a small share of the whole: nothing, then a few, then hundreds.",
        "The code copies the digits of the question, and a program does the rest:",
        *(f"   {code:<28} {answer}" for code, answer in numbers["code"]),
        "So tell the model to use code. And run nothing but what you mean to: this program reads arithmetic.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(float(row["digits"]), float(row[name])) for row in numbers["rows"]]
        for name in ("mental", "code")
    }
    return svg.lines("Products that are right", series, x="digits of the factors", y="share right")
