"""Train the network that sets marks in Chinese without any; needs PyTorch besides studykit.

    python benchmarks/train_chinese.py --captions DIR/*.zh.srt --lines PROSE.txt … --pages DIR \\
        -o weights/chinese.npz

Learns from captions, text with one or more sentences a line, a folder of HTML, our own translations in
``data/`` and ``data/talks.zh.txt``, talk written for it, in the lines of a recogniser. Of the captions every
fourth talk is held out, and every eighth sets the thresholds. Prints P, R and F1 of what was held out, beside
a mark at every line's end.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from chinese_corpus import (
    COMMA,
    QUESTION,
    STOP,
    UNKNOWN,
    Text,
    captions,
    labels,
    made_lines,
    pages,
    recognised,
    sentences,
)
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy, pad, relu

from studykit.engines.boundaries.chinese_units import EMBEDDED, SCALARS, ChineseUnits
from studykit.engines.boundaries.layers import layered
from studykit.engines.boundaries.weights import packed, unpacked

DATA = Path(__file__).parent / "data"
OWN = [DATA / "lecture.zh.txt", *sorted(DATA.glob("story?.zh.txt"))]
WIDTH, DILATIONS = 96, (1, 2, 4, 1)
PIECE, BATCH = 120, 16
"""Units of an example, and examples of a step."""
EPOCHS, RATE, DECAY, WARM_UP, DROPPED = 8, 3e-3, 0.05, 0.15, 0.3
TALK_TIMES = 2
"""How often the talk written for it is seen in an epoch."""
MARGIN = 0.3
"""Log odds added to the thresholds: a sentence cut in two is worse than two joined."""
LINED, UNLINED = 0.6, 0.3
"""How often running text is given lines, and lines are taken away."""


class Network(nn.Module):
    """The same as ``layers.layered``, by the same names, and able to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.input = nn.Linear(EMBEDDED + SCALARS, WIDTH)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.convolutions = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.output = nn.Linear(WIDTH, 4)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        seen = torch.cat([self.drop(seen[..., :EMBEDDED]), seen[..., EMBEDDED:]], -1)
        h = relu(self.input(seen))
        for convolution, norm, reach in zip(self.convolutions, self.norms, DILATIONS, strict=True):
            padded = pad(self.drop(norm(h)), (0, 0, reach, reach))
            size = h.shape[1]
            near = torch.cat([padded[:, k * reach : k * reach + size] for k in range(3)], -1)
            h = h + relu(convolution(near))
        return self.output(self.drop(h))


class Read:
    """A text as the network sees it."""

    def __init__(self, text: Text) -> None:
        units = ChineseUnits.of(text.text, text.lines[1:])
        self.seen = units.seen()
        self.marks = labels(text, units)
        self.has_lines = bool(text.lines)

    def without_lines(self) -> NDArray[np.float32]:
        return np.concatenate([self.seen[:, :EMBEDDED], np.zeros((len(self.seen), SCALARS))], axis=1)

    def drawn(self, rng: np.random.Generator) -> NDArray[np.float32]:
        """With lines or without, by chance."""
        seen = self.without_lines()
        if self.has_lines:
            return seen if rng.random() < UNLINED else self.seen
        if rng.random() < LINED:
            seen[:, EMBEDDED] = made_lines(self.marks, rng)
            seen[:, EMBEDDED + 1] = 1.0
        return seen


def trained(texts: Sequence[Read], seed: int) -> Network:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (sum(len(text.marks) for text in texts) // (PIECE * BATCH) + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=WARM_UP)
    for _ in range(EPOCHS):
        order = [texts[i] for i in rng.permutation(len(texts))]
        shift = int(rng.integers(PIECE))
        seen = np.concatenate([text.drawn(rng) for text in order])[shift:].astype(np.float32)
        marks = np.concatenate([text.marks for text in order])[shift:]
        count = len(marks) // PIECE
        rows = torch.from_numpy(seen[: count * PIECE].reshape(count, PIECE, -1))
        gold = torch.from_numpy(marks[: count * PIECE].reshape(count, PIECE))
        for chosen in torch.randperm(count).split(BATCH):
            logits = net(rows[chosen])
            loss = cross_entropy(logits.reshape(-1, 4), gold[chosen].reshape(-1), ignore_index=UNKNOWN)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return net.eval()


def arrays(net: Network) -> dict[str, np.ndarray]:
    """The weights as they are stored."""
    stored = packed({name: values.numpy() for name, values in net.state_dict().items()})
    return stored | {"dilations": np.array(DILATIONS, dtype=np.uint8)}


def logits_of(stored: dict[str, np.ndarray], texts: Sequence[Read], *, lines: bool) -> np.ndarray:
    tables = unpacked(stored)
    seen = [text.seen if lines else text.without_lines().astype(np.float32) for text in texts]
    return np.concatenate([layered(tables, rows) for rows in seen])


def odds(logits: np.ndarray) -> np.ndarray:
    return np.logaddexp(logits[:, 2], logits[:, 3]) - np.logaddexp(logits[:, 0], logits[:, 1])


def prf(found: np.ndarray, gold: np.ndarray) -> str:
    right = int((found & gold).sum())
    p, r = right / max(1, found.sum()), right / max(1, gold.sum())
    return f"{p:.2f} / {r:.2f} / {2 * p * r / max(1e-9, p + r):.2f}"


def report(name: str, stored: dict[str, np.ndarray], texts: Sequence[Read]) -> None:
    gold = np.concatenate([text.marks for text in texts])
    ended = np.concatenate([text.seen[:, EMBEDDED] > 0 for text in texts])
    print(json.dumps({"of": name, "units": len(gold), "ends": int((gold >= STOP).sum())}))
    if ended.any():
        print(f"  every line's end a stop: {prf(ended, gold >= STOP)}, a comma: {prf(ended, gold == COMMA)}")
    for lines in (True, False) if ended.any() else (False,):
        logits = logits_of(stored, texts, lines=lines)
        ends = odds(logits) > stored["thresholds"][int(lines)]
        commas = ~ends & (logits[:, 1] > logits[:, 0]) & (gold != UNKNOWN)
        asked = ends & (logits[:, 3] > logits[:, 2])
        print(
            f"  {'with' if lines else 'without'} lines: ends {prf(ends, gold >= STOP)}, "
            f"commas {prf(commas, gold == COMMA)}, "
            f"inside lines {prf(commas & ~ended, (gold == COMMA) & ~ended)}, "
            f"questions {prf(asked, gold == QUESTION)}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--captions", type=Path, nargs="+", required=True)
    parser.add_argument("--lines", type=Path, nargs="*", default=[])
    parser.add_argument("--pages", type=Path, nargs="*", default=[])
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="report on these as well")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    talks = [Read(captions(path)) for path in sorted(args.captions)]
    others = [Read(text) for path in args.lines for text in sentences(path)]
    others += [Read(text) for path in OWN for text in sentences(path)]
    others += [Read(text) for folder in args.pages for text in pages(folder)]
    others += [Read(text) for text in recognised(DATA / "talks.zh.txt")] * TALK_TIMES
    test = [talk for i, talk in enumerate(talks) if i % 4 == 3]
    tuned = [talk for i, talk in enumerate(talks) if i % 8 == 0]
    kept = [talk for talk in talks if talk not in test and talk not in tuned]
    print(json.dumps({"units": sum(len(text.marks) for text in [*kept, *others])}), flush=True)
    stored = arrays(trained([*kept, *others], args.seed))
    gold = np.concatenate([talk.marks for talk in tuned])
    stored["thresholds"] = MARGIN + np.array(
        [
            np.sort(odds(logits_of(stored, tuned, lines=lines)))[-int((gold >= STOP).sum())]
            for lines in (False, True)
        ],
        dtype=np.float32,
    )
    print(json.dumps({"thresholds": stored["thresholds"].round(3).tolist()}))
    report("held-out captions", stored, test)
    for path in args.test:
        report(path.name, stored, [Read(text) for text in sentences(path)])
    if args.output:
        with args.output.open("wb") as file:
            np.savez_compressed(file, **stored)


if __name__ == "__main__":
    main()
