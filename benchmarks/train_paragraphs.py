"""Train the paragraph network that studykit brings; needs PyTorch besides studykit.

    python benchmarks/train_paragraphs.py talks.jsonl.gz -o weights/paragraphs.npz
    python benchmarks/train_paragraphs.py talks.jsonl.gz --show podcast        for a figure on the other show

Learns where sentences of transcripts (see ``talk_corpus.py``) begin a speaker's turn or an editor's
paragraph. Some neighbours are joined while training, since sentences found without marks are at times.
Held-out episodes are the same as for ``train_boundaries.py``. One thread. ``paragraph_quality.py`` measures.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from talk_corpus import STOP, Talk, dev, held_out, read_corpus
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, pad, relu

from studykit.engines.boundaries.paragraphs import FIRST, LAST, SCALARS, TABLE, SentenceFeatures
from studykit.engines.boundaries.weights import packed

EMBEDDED, WIDTH = 48, 128
DILATIONS = (1, 2, 4)
PIECE, BATCH = 64, 24
"""Sentences of an example, and examples of a step."""
RATE, DECAY, WARM_UP = 2e-3, 0.02, 0.15
DROPPED, HIDDEN_WORDS = 0.25, 0.15
JOINED = 0.08
"""Of the gaps inside paragraphs, how many are overlooked."""
MARKS = ("", ",", ".", "?")


@dataclass(frozen=True, slots=True)
class Sentences:
    texts: list[str]
    paragraphs: list[bool]
    """Whether a paragraph starts with the sentence; a turn is one too."""
    turns: list[bool]


def sentences(talk: Talk, rng: np.random.Generator | None = None) -> Sentences:
    """The talk's sentences as printed; with ``rng``, some neighbours in one."""
    paragraphs, turns = set(talk.paragraphs), set(talk.turns)
    found = Sentences([], [], [])
    start = 0
    for at, mark in enumerate(talk.marks, 1):
        overlooked = rng is not None and rng.random() < JOINED and at not in paragraphs
        if at == len(talk.words) or (mark >= STOP and not overlooked) or at in paragraphs:
            pairs = zip(talk.forms[start:at], talk.marks[start:at], strict=True)
            found.texts.append(" ".join(form + MARKS[mark] for form, mark in pairs))
            found.paragraphs.append(start in paragraphs)
            found.turns.append(start in turns)
            start = at
    return found


class Network(nn.Module):
    """The same as ``boundaries.paragraphs.network``, by the same names, and able to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(TABLE + 1, EMBEDDED)
        nn.init.normal_(self.word.weight, 0, 0.3)
        self.input = nn.Linear(EMBEDDED * (1 + FIRST + LAST) + SCALARS, WIDTH)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.convolutions = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.output = nn.Linear(WIDTH, 2)
        self.drop = nn.Dropout(DROPPED)

    def forward(
        self, words: torch.Tensor, starts: torch.Tensor, edges: torch.Tensor, scalars: torch.Tensor
    ) -> torch.Tensor:
        """``words`` of all examples run on; ``(batch, sentence, …)`` the others."""
        if self.training:
            words = torch.where(torch.rand(len(words))[:, None] < HIDDEN_WORDS, TABLE, words)
            edges = torch.where(torch.rand(edges.shape[:-1])[..., None] < HIDDEN_WORDS, TABLE, edges)
        batch, size = scalars.shape[:2]
        bags = nn.functional.embedding_bag(words.flatten(), self.word.weight, 2 * starts, mode="mean") * 2
        seen = [bags.view(batch, size, -1), self.word(edges).sum(-2).flatten(2), scalars]
        h = relu(self.input(self.drop(torch.cat(seen, -1))))
        for convolution, norm, reach in zip(self.convolutions, self.norms, DILATIONS, strict=True):
            padded = pad(self.drop(norm(h)), (0, 0, reach, reach))
            mixed = torch.cat([padded[:, k * reach : k * reach + size] for k in range(3)], -1)
            h = h + relu(convolution(mixed))
        return self.output(self.drop(h))


@dataclass(frozen=True, slots=True)
class Example:
    words: torch.Tensor
    starts: torch.Tensor
    edges: torch.Tensor
    scalars: torch.Tensor
    gold: torch.Tensor


def examples(talks: Sequence[Talk], rng: np.random.Generator) -> list[Example]:
    made = []
    for talk in talks:
        found = sentences(talk, rng)
        seen = SentenceFeatures.of(found.texts)
        gold = np.column_stack([found.paragraphs, found.turns]).astype(np.float32)
        ends = np.append(seen.starts, len(seen.words))
        for first in range(int(rng.integers(PIECE)), len(gold) - PIECE, PIECE):
            of = slice(first, first + PIECE)
            made.append(
                Example(
                    torch.from_numpy(seen.words[ends[first] : ends[first + PIECE]]),
                    torch.from_numpy(seen.starts[of] - ends[first]),
                    torch.from_numpy(seen.edges[of]),
                    torch.from_numpy(seen.scalars[of]),
                    torch.from_numpy(gold[of]),
                )
            )
    return made


def trained(talks: Sequence[Talk], epochs: int, seed: int) -> Network:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Network()
    data = examples(talks, rng)
    steps = epochs * (len(data) // BATCH + 1)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=WARM_UP)
    for epoch in range(epochs):
        start_s, summed = time.process_time(), 0.0
        for chosen in torch.randperm(len(data)).split(BATCH):
            picked = [data[i] for i in chosen.tolist()]
            shifts = np.cumsum([0, *(len(example.words) for example in picked[:-1])])
            starts = torch.cat([e.starts + int(s) for e, s in zip(picked, shifts, strict=True)])
            logits = net(
                torch.cat([example.words for example in picked]),
                starts,
                torch.stack([example.edges for example in picked]),
                torch.stack([example.scalars for example in picked]),
            )
            loss = binary_cross_entropy_with_logits(logits, torch.stack([e.gold for e in picked]))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            summed += loss.item() * len(picked)
        spent_s = time.process_time() - start_s
        print(f"epoch {epoch}: loss {summed / len(data):.4f}, {spent_s:.0f} s", flush=True)
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", help="train on this show alone")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    talks = [
        talk
        for talk in read_corpus(args.corpus)
        if not held_out(talk) and not dev(talk) and args.show in (None, talk.show)
    ]
    net = trained(talks, args.epochs, args.seed)
    arrays = {
        "word" if key == "word.weight" else key: values.numpy() for key, values in net.state_dict().items()
    }
    with args.output.open("wb") as file:
        np.savez_compressed(file, dilations=np.array(DILATIONS, dtype=np.uint8), **packed(arrays))


if __name__ == "__main__":
    main()
