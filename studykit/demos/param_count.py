"""Where the parameters of a GPT are, counted from its shape.

Four numbers give the shape: the width of a token's vector, the number of layers, the vocabulary, the longest
text. Each layer has two parts, attention (four square matrices) and a network of two matrices four times as
wide; so a layer has 12 times the width squared, and a few more. In a small model a third sits in
the table of tokens; in a large one nearly all sits in the layers.
"""

from __future__ import annotations

import math
import random

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="param_count",
    title="Counting the parameters of a GPT",
    layer="objective and architecture",
    terms=("parameter", "gpt-2"),
    claim="Four numbers give the parameters of every GPT-2 exactly, 124 million to 1.56 billion; a layer "
    "holds about 12 times the width squared.",
    equation=r"N = l \, (12 d^2 + 13 d) + (V + T + 2) \, d",
    letters="N: parameters; l: layers; d: width of a token's vector; V: vocabulary; T: longest text.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:31:09",
            claim="GPT-2 of 2019 has 1.6 billion parameters and reads 1,024 tokens.",
        ),
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:20:11",
            claim="The network in the picture has about 85,000 parameters.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 26 % in",
            claim="The small GPT-2 has 124 million.",
        ),
    ),
    cannot_show="Newer models share keys and values among heads, gate their networks, and have experts of "
    "which few are used at a time; the kinds of parts are the same.",
    mechanism=Mechanism(
        keyword="repeated",
        off=False,
        without="A set of weights for each layer: all layers share one.",
    ),
    knobs=(
        Knob(name="deeper", low=1, high=10, help="times as many layers"),
        Knob(name="wider", low=1, high=10, help="times the width"),
    ),
    tries=(
        Try(
            set={"wider": 2},
            then=(
                "Double the width: attention and networks of GPT-2 XL get four times the parameters, "
                "since their matrices grow both ways, but the table of tokens only twice."
            ),
            shows=lambda was, now: (
                abs(now["models"]["GPT-2 XL"]["networks"] / was["models"]["GPT-2 XL"]["networks"] - 4) < 0.01
                and now["models"]["GPT-2 XL"]["tokens"] == 2 * was["models"]["GPT-2 XL"]["tokens"]
            ),
        ),
        Try(
            set={"wider": 10},
            then=(
                "Make them 10 times as wide: GPT-2 XL gets 148 billion parameters, nearly the 175 billion "
                "of GPT-3, and hardly any of them are in the table of tokens."
            ),
            shows=lambda _, now: (
                abs(sum(now["models"]["GPT-2 XL"].values()) / 148e9 - 1) < 0.01
                and now["models"]["GPT-2 XL"]["tokens"] < 0.01 * sum(now["models"]["GPT-2 XL"].values())
            ),
        ),
        Try(
            set={"deeper": 10},
            then=(
                "Take 10 times as many layers instead: the shares of the parts come out the same as with "
                "10 times the width, for far fewer parameters."
            ),
            shows=lambda was, now: (
                abs(now["models"]["GPT-2"]["tokens"] / sum(now["models"]["GPT-2"].values()) - 0.043) < 0.001
                and 8 * sum(was["models"]["GPT-2 XL"].values())
                < sum(now["models"]["GPT-2 XL"].values())
                < 10 * sum(was["models"]["GPT-2 XL"].values())
            ),
        ),
    ),
    seconds=0.1,
)

Shape = tuple[int, ...]

GPTS = {  # width, layers, vocabulary, longest text
    "nano-gpt, in the picture": (48, 3, 3, 11),
    "GPT-2": (768, 12, 50257, 1024),
    "GPT-2 medium": (1024, 24, 50257, 1024),
    "GPT-2 large": (1280, 36, 50257, 1024),
    "GPT-2 XL": (1600, 48, 50257, 1024),
}
PUBLISHED = {  # what the released weights hold, counted
    "nano-gpt, in the picture": 85_584,
    "GPT-2": 124_439_808,
    "GPT-2 medium": 354_823_168,
    "GPT-2 large": 774_030_080,
    "GPT-2 XL": 1_557_611_200,
}


def arrays(width: int, layers: int, vocabulary: int, longest: int) -> dict[str, list[Shape]]:
    """The shape of every array in the model, by part."""
    norm: list[Shape] = [(width,), (width,)]  # scale and shift
    return {
        "tokens": [(vocabulary, width)],  # the same table, turned, gives the scores of the next token
        "places": [(longest, width)],
        "attention": [(width, 3 * width), (3 * width,), (width, width), (width,)] * layers,
        "networks": [(width, 4 * width), (4 * width,), (4 * width, width), (width,)] * layers,
        "norms": norm * (2 * layers + 1),
    }


def count(shapes: list[Shape]) -> int:
    """Numbers in all the arrays."""
    return sum(math.prod(shape) for shape in shapes)


def formula(width: int, layers: int, vocabulary: int, longest: int) -> int:
    """The same without writing out the arrays: 12 w² and 13 w for each layer, and the tables."""
    return layers * (12 * width**2 + 13 * width) + (vocabulary + longest + 2) * width


def run(seed: int = 0, *, repeated: bool = True, deeper: int = 1, wider: int = 1) -> Numbers:
    """Count five known models, and compare the formula with the arrays of 100 made-up shapes."""
    chance = random.Random(seed)
    models = {}
    for name, (width, layers, vocabulary, longest) in GPTS.items():
        parts = arrays(wider * width, deeper * layers if repeated else 1, vocabulary, longest)
        models[name] = {part: count(shapes) for part, shapes in parts.items()}
    agree = 0
    for _ in range(100):
        width, layers, vocabulary, longest = (chance.randint(1, most) for most in (500, 50, 50_000, 2000))
        made_up = arrays(width, layers if repeated else 1, vocabulary, longest)
        agree += sum(map(count, made_up.values())) == formula(width, layers, vocabulary, longest)
    return {"models": models, "agree": agree}


def check(numbers: Numbers) -> None:
    for name, parts in numbers["models"].items():
        expect(sum(parts.values()) == PUBLISHED[name], f"{name} is counted exactly")
        width, layers, *_ = GPTS[name]
        in_layers = parts["attention"] + parts["networks"]
        expect(1 < in_layers / (12 * width**2 * layers) < 1.03, "a layer has 12 times the width squared")
    small, large = (numbers["models"][name] for name in ("GPT-2", "GPT-2 XL"))
    expect(small["tokens"] > 0.3 * sum(small.values()), "in a small model a third is the table of tokens")
    expect(large["tokens"] < 0.06 * sum(large.values()), "in a large one hardly anything")
    expect(numbers["agree"] == 100, "the formula agrees with the arrays")


def lines(numbers: Numbers) -> list[str]:
    parts = ("tokens", "places", "attention", "networks", "norms")
    rows = []
    for name, held in numbers["models"].items():
        total = sum(held.values())
        shares = "".join(f"{held[part] / total:>11.1%}" for part in parts)
        rows.append(f"{name:<26}{total:>14,}{shares}")
    width, layers, vocabulary, longest = GPTS["GPT-2"]
    in_layers, in_table = (round(n / 1e6) for n in (12 * width**2 * layers, vocabulary * width))
    return [
        f"GPT-2: {layers} layers, width w = {width}, {vocabulary:,} tokens, texts up to {longest:,} long.",
        f"In a layer attention has 4 w², the network 8 w²: 12 x {width}² x {layers} = {in_layers} million.",
        f"The table of tokens, used at both ends, has {vocabulary:,} x {width} = {in_table} million.",
        f"{'':<26}{'parameters':>14}" + "".join(f"{part:>11}" for part in parts),
        *rows,
        "The talks' numbers hold: about 85,000, 124 million, and 1.6 billion (1.56 to be exact).",
        f"At 2 bytes each, the largest takes {2 * PUBLISHED['GPT-2 XL'] / 1e9:.1f} GB.",
    ]


def plot(numbers: Numbers) -> str:
    names = [name for name in GPTS if name.startswith("GPT")]
    parts = ("tokens", "attention", "networks")
    shares = [
        [held[part] / sum(held.values()) for part in parts] for held in map(numbers["models"].get, names)
    ]
    return svg.grid("Where the parameters are", shares, row_names=names, column_names=parts)
