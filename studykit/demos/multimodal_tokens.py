"""Pictures and sound as tokens: cut them up, replace each piece by the number of the most similar one.

A picture is cut into small squares, the spectrogram of a sound into slices of time. From many pieces a
codebook is learned: some typical pieces with numbers (k-means: each piece joins the nearest entry, each entry
becomes the mean of its pieces). After that a picture is a row of numbers like a text, and stands
between words in the same row. The model needs no other change.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="multimodal_tokens",
    title="Multimodal tokens: pictures and sound in one row with text",
    layer="data and tokens",
    terms=("multimodal-token", "image-patch", "spectrogram"),
    claim="Squares of pictures and slices of spectrograms become tokens in one row with text, and come back "
    "the more exactly, the larger the codebook.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="03:09:39",
            claim="Audio as slices of the spectrogram, images as patches: add their tokens to the context "
            "and train the same way.",
        ),
    ),
    cannot_show="Many models put patches in without rounding them to a codebook, as vectors; a codebook is "
    "needed where the model is to draw or speak itself.",
    mechanism=Mechanism(
        keyword="learned",
        off=False,
        without="Learning: the codebooks hold noise, not pieces of any picture or sound.",
    ),
    knobs=(
        Knob(name="pictures", low=8, high=300, help="pictures from which a codebook is learned"),
        Knob(name="rounds", low=0, high=30, help="rounds of k-means; 0 leaves pieces picked by chance"),
    ),
    tries=(
        Try(
            set={"rounds": 0},
            then=(
                "Skip k-means, and fill the codebook with pieces picked by chance: 128 of them lose as "
                "much of a picture as 32 that were learned. Learning saves two bits a token."
            ),
            shows=lambda was, now: (
                abs(now["lost"]["picture"][-1] - was["lost"]["picture"][-2]) < 0.04
                and now["lost"]["picture"][-1] > 1.4 * was["lost"]["picture"][-1]
            ),
        ),
        Try(
            set={"rounds": 1},
            then=(
                "Give k-means 1 round instead of 12: with 128 entries sound loses hardly more. Most of "
                "the way is made in the first step."
            ),
            shows=lambda was, now: (
                now["lost"]["sound"][-1] < 0.08 and now["lost"]["sound"][-1] > 1.05 * was["lost"]["sound"][-1]
            ),
        ),
        Try(
            set={"pictures": 8},
            then=(
                "Learn from 8 pictures: their 128 squares are the 128 entries, so nothing is averaged, "
                "and still new pictures come back with little lost. Small squares are much alike."
            ),
            shows=lambda was, now: 1.2 * was["lost"]["picture"][-1] < now["lost"]["picture"][-1] < 0.18,
        ),
    ),
    seconds=0.3,
)

Floats = npt.NDArray[np.float64]
Tokens = npt.NDArray[np.int64]

SIDE, PATCH, RATE, SLICE = 16, 4, 1600, 64  # pixels; pixels of a square; samples a second; samples of a slice
SIZES = (2, 8, 32, 128)
ROUNDS = 12
SAID = "a disc and a tune:"
SHADES = " .:-=+*#%@"
TEXT = 256  # text tokens are bytes; tokens of pictures come after them, those of sound after these


def patches(picture: Floats) -> Floats:
    """(SIDE, SIDE) pixels -> (16, 16): the squares, row by row, each as a row of pixels."""
    n = SIDE // PATCH
    return picture.reshape(n, PATCH, n, PATCH).swapaxes(1, 2).reshape(n * n, PATCH * PATCH)


def picture_of(squares: Floats) -> Floats:
    """The way back from ``patches``."""
    n = SIDE // PATCH
    return squares.reshape(n, n, PATCH, PATCH).swapaxes(1, 2).reshape(SIDE, SIDE)


def spectrogram(sound: Floats) -> Floats:
    """(samples,) -> (slices, frequencies): how strong each frequency is in each slice of time."""
    slices = sound.reshape(-1, SLICE) * np.hanning(SLICE)
    return np.log1p(np.abs(np.fft.rfft(slices, axis=1)))


def nearest(pieces: Floats, codebook: Floats) -> Tokens:
    """The number of the most similar entry for each piece, the first of equals: (pieces,)."""
    distance = (codebook**2).sum(axis=1) - 2 * pieces @ codebook.T  # (pieces, entries), up to a constant
    return np.asarray(distance.round(9).argmin(axis=1))  # processors differ in the digits after that


def learn(pieces: Floats, size: int, chance: np.random.Generator, rounds: int = ROUNDS) -> Floats:
    """k-means: ``size`` typical pieces, (size, width)."""
    codebook = pieces[chance.choice(len(pieces), size, replace=False)].copy()
    for _ in range(rounds):
        joined = nearest(pieces, codebook)
        for entry in range(size):
            if (joined == entry).any():
                codebook[entry] = pieces[joined == entry].mean(axis=0)
    return codebook


def draw(chance: np.random.Generator) -> Floats:
    """A picture of a bright disc on a sloping background: (SIDE, SIDE), 0 to 1."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    (cy, cx), radius = chance.uniform(0.25, 0.75, 2), chance.uniform(0.15, 0.3)
    disc = (y - cy) ** 2 + (x - cx) ** 2 < radius**2
    return np.where(disc, 1.0, 0.1 + 0.5 * (x * chance.random() + y * chance.random()))


def sing(chance: np.random.Generator) -> Floats:
    """A second of four notes of any pitch: (1600,)."""
    time = np.arange(RATE // 4) / RATE
    return np.concatenate([np.sin(2 * np.pi * chance.uniform(100, 700) * time) for _ in range(4)])


def hold(chance: np.random.Generator) -> Floats:
    """A second of one note."""
    return np.asarray(np.sin(2 * np.pi * chance.uniform(100, 700) * np.arange(RATE) / RATE))


def run(
    seed: int = 0, *, text: str = SAID, learned: bool = True, pictures: int = 150, rounds: int = ROUNDS
) -> Numbers:
    """Learn codebooks on ``pictures`` and 40 tunes; then write a text, a picture and a tune as one row."""
    chance = np.random.default_rng(seed)
    kinds = {
        "picture": [[patches(draw(chance)) for _ in range(count)] for count in (pictures, 20)],
        "sound": [[spectrogram(sing(chance)) for _ in range(count)] for count in (40, 20)],
    }
    row, lost, pieces_of = list(text.encode()), dict[str, list[float]](), dict[str, Floats]()
    for kind, (seen, new) in kinds.items():
        pieces, exam = np.concatenate(seen), np.concatenate(new)
        begin = TEXT + SIZES[-1] * len(lost)  # each kind has numbers of its own
        lost[kind] = []
        for size in SIZES:
            codebook = (
                learn(pieces, size, chance, rounds) if learned else chance.random((size, pieces.shape[1]))
            )
            back = codebook[nearest(exam, codebook)]
            lost[kind].append(float(((exam - back) ** 2).mean() / exam.var(axis=0).mean()))
        row += (begin + nearest(new[0], codebook)).tolist()
        pieces_of[kind] = codebook[nearest(new[0], codebook)]
    tones = [nearest(spectrogram(hold(chance)), codebook) for _ in range(20)]
    shown = [picture_of(squares)[::2] for squares in (kinds["picture"][1][0], pieces_of["picture"])]
    return {
        "row": row,
        "counts": [len(text.encode()), *(len(new[0]) for _, new in kinds.values())],
        "lost": lost,
        "held": float(np.mean([np.bincount(tone).max() / len(tone) for tone in tones])),
        "pictures": [["".join(SHADES[int(9.9 * p)] for p in line) for line in half] for half in shown],
    }


def check(numbers: Numbers) -> None:
    for kind, lost in numbers["lost"].items():
        expect(
            all(b < 0.8 * a for a, b in pairwise(lost)), f"{kind}: the larger the codebook, the less is lost"
        )
        expect(lost[-1] < 0.2, f"{kind}: with 128 entries not much")
    expect(
        numbers["held"] > 0.6, "as long as a note is held, its slices are mostly one token, again and again"
    )


def lines(numbers: Numbers) -> list[str]:
    (letters, squares, slices), row = numbers["counts"], numbers["row"]
    shown = " ".join(map(str, row[letters - 3 : letters + 6]))
    heard = " ".join(map(str, row[-7:]))
    return [
        f"{letters} letters, a picture of {squares} squares, a tune of {slices} slices: one row of tokens,",
        f"   … {shown} … {heard}",
        f"where up to 255 are letters, up to {TEXT + SIZES[-1] - 1} squares, then slices: "
        f"{numbers['held']:.0%} of a held note is one token.",
        f"{'lost, by size of the codebook':<32}" + "".join(f"{size:>8}" for size in SIZES),
        *(f"   {kind:<29}" + "".join(f"{x:>8.0%}" for x in lost) for kind, lost in numbers["lost"].items()),
        *(f"   {one}      {two}" for one, two in zip(*numbers["pictures"], strict=True)),
        f"Left the picture, right what {squares} tokens keep of it. To the model, all are numbers in a row.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        kind: [(float(np.log2(size)), share) for size, share in zip(SIZES, lost, strict=True)]
        for kind, lost in numbers["lost"].items()
    }
    return svg.lines("What a codebook loses", series, x="bits for a token", y="share of the variance lost")
