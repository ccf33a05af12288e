"""Sliding-window attention: a layer keeps only the last few tokens, however long the text is.

Memory and work stay constant, but a layer sees no further back than its window. A second layer sees
what the first one gathered, so news travels one window further with every layer, and not one token
more. That is why models put a layer with full attention in between now and then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="sliding_window",
    title="Sliding-window attention: how far news travels",
    layer="objective and architecture",
    terms=("sliding-window-attention",),
    claim="With a window of W tokens, L layers carry a word L x (W - 1) tokens and no further; one full "
    "layer among them carries it any distance.",
    equation=r"\text{reach} = l \, (w - 1)",
    letters="l: layers; w: tokens in a layer's window.",
    said=(
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 97 % in",
            claim="A window of fixed size rolls along, since one rarely needs everything; a few layers may "
            "still attend to all, which is wasteful but safe.",
        ),
    ),
    cannot_show="The weights are set by hand so that every layer passes the marked word on; a trained model "
    "must learn to, and loses much of it on the way. Real windows hold 128 to 4,096 tokens.",
    mechanism=Mechanism(
        keyword="window",
        off=100,
        without="The window: every word sees the whole text, and nothing slides out.",
    ),
    knobs=(
        Knob(name="window", low=1, high=100, help="words that each layer looks back over"),
        Knob(
            name="sharpness",
            low=0,
            high=50,
            help="how strongly a mark draws attention; at 0 all words get the same",
        ),
    ),
    tries=(
        Try(
            set={"window": 26},
            then=(
                "Widen the window to 26: four layers carry the word to the end of the text, and keep a "
                "quarter of what four full layers do."
            ),
            shows=lambda was, now: (
                min(now["recall"]["4 layers"]) > 0.95 > was["recall"]["4 layers"][-1]
                and now["kept"]["4 layers"] < 0.3 * now["kept"]["4 full"]
            ),
        ),
        Try(
            set={"window": 1},
            then=(
                "Let every layer see one word, its own: four layers reach no further than one, and with a "
                "full layer among them as far as ever. All that travels, travels through that one."
            ),
            shows=lambda _, now: (
                max(now["recall"]["4 layers"][1:]) < 0.25 and min(now["recall"]["3 + 1 full"]) > 0.95
            ),
        ),
        Try(
            set={"sharpness": 0},
            then=(
                "Let the mark draw no attention, so that all words get the same: full layers still tell "
                "the first word at the end. It has a share in every average that later words took."
            ),
            shows=lambda was, now: (
                now["recall"]["4 full"][-1] > 0.9
                and now["recall"]["1 layer"][7] < 0.6 < was["recall"]["1 layer"][7]
            ),
        ),
    ),
    seconds=0.3,
)

TEXTS, LENGTH, WORDS = 200, 100, 20
WINDOW = 8

Array = NDArray[np.float64]


def attend(kept: Array, sharpness: float = 20.0) -> Array:
    """What the newest token gathers from all that are kept: (kept, texts, 1 + words) to (texts, 1 + words).

    In a token's vector stand a mark, 1 or 0, and a 1 for its word. Marked tokens draw all attention.
    """
    looks = np.exp(sharpness * kept[:, :, :1])  # (kept, texts, 1)
    return np.asarray((looks / looks.sum(0) * kept).sum(0))


def read(text: Array, windows: list[int | None], sharpness: float = 20.0) -> Iterator[Array]:
    """What the last layer holds at each token of ``text`` (length, texts, 1 + words).

    Every layer keeps what the one below gave out for the last ``window`` tokens; None keeps all.
    """
    caches = [deque[Array](maxlen=window) for window in windows]
    for token in text:
        x = token
        for cache in caches:
            cache.append(x)  # a full deque drops its oldest
            x = attend(np.array(cache), sharpness)
        yield x


def run(seed: int = 0, *, window: int = WINDOW, sharpness: float = 20.0) -> Numbers:
    """How often the last layer still tells the marked first word, by the distance to it."""
    chance = np.random.default_rng(seed)
    words = chance.integers(WORDS, size=(LENGTH, TEXTS))
    mark = np.zeros((LENGTH, TEXTS, 1))
    mark[0] = 1
    text = np.concatenate([mark, np.eye(WORDS)[words]], 2)
    models: dict[str, list[int | None]] = {
        "1 layer": [window],
        "2 layers": [window] * 2,
        "4 layers": [window] * 4,
        "3 + 1 full": [window, window, window, None],
        "4 full": [None] * 4,
    }
    recall = {
        name: [float((x[:, 1:].argmax(-1) == words[0]).mean()) for x in read(text, windows, sharpness)]
        for name, windows in models.items()
    }
    kept = {name: sum(min(w or LENGTH, LENGTH) for w in windows) for name, windows in models.items()}
    return {"window": window, "recall": recall, "kept": kept}


def check(numbers: Numbers) -> None:
    window, recall = numbers["window"], numbers["recall"]
    for layers, name in ((1, "1 layer"), (2, "2 layers"), (4, "4 layers")):
        reach = layers * (window - 1)
        expect(min(recall[name][: reach + 1]) > 0.95, f"{name} tell the word {reach} tokens on")
        expect(reach < LENGTH - 1 and max(recall[name][reach + 1 :]) < 0.25, "one token further it is gone")
    expect(min(recall["3 + 1 full"]) > 0.95, "with one full layer it is never gone")
    expect(numbers["kept"]["4 layers"] < numbers["kept"]["4 full"] / 10, "windows keep little in memory")


def lines(numbers: Numbers) -> list[str]:
    window, recall, kept = numbers["window"], numbers["recall"], numbers["kept"]
    ends = [layers * (window - 1) for layers in (1, 2, 4)]
    shown = sorted({at for end in ends for at in (end, end + 1)} | {LENGTH - 1})
    return [
        f"A marked word, then {LENGTH - 1} others. Every layer looks at the last {window} tokens only.",
        f"Which word was it? Right in so many of {TEXTS} texts:",
        "   tokens later" + "".join(f"{name:>12}" for name in recall),
        *(
            f"{at:>15}" + "".join(f"{found[at]:>12.0%}" for found in recall.values())
            for at in shown
            if at < LENGTH
        ),
        "   rows in memory" + "".join(f"{count:>12}" for count in kept.values())[2:],
        f"A layer reaches {window - 1} tokens back; the next passes on what that one gathered: {ends[1]}; "
        f"four: {ends[2]}.",
        f"Then the word is gone: 1 in {WORDS} is luck. Memory stays as it is, however long the text.",
        "One full layer in four finds it again, for a third of what four full ones keep.",
    ]


def plot(numbers: Numbers) -> str:
    recall = {
        name: [(float(at), share) for at, share in enumerate(numbers["recall"][name])]
        for name in ("1 layer", "2 layers", "4 layers", "3 + 1 full")
    }
    return svg.lines("How far a word is carried", recall, x="tokens since the word", y="share recalled")
