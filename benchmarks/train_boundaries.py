"""Train the boundary networks that studykit brings; needs PyTorch besides studykit.

    python benchmarks/train_boundaries.py --check            cross-validation by talk, F1
    python benchmarks/train_boundaries.py -o weights/boundaries.npz

Reads ``benchmarks/data/talks.en.txt`` (``# title``, then one sentence a line) and, at half weight,
``talks-generated.en.txt`` (the same, written by a small language model; docs/decisions/0010 says how).
Case and marks are taken away, as ``engines/boundary_features.py`` does at run time too.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot, relu
from torch.nn.utils.rnn import pad_sequence

from studykit.engines.boundaries.features import (
    MOST_CROSSING,
    SUFFIXES,
    Features,
    Indices,
    bare_words,
    features,
)
from studykit.engines.spacy import pipeline

DATA = Path(__file__).parent / "data"
PIECE = 160
"""Words of a training example, and 20 more of what follows."""
RARE = 3
"""Words seen less often share rows by their ending."""
FOLDS = 4
EPOCHS, BATCH, RATE, DECAY = 25, 8, 3e-3, 1e-4
DROPPED, UNSEEN = 0.35, 0.15
"""Shares of activations dropped, and of words hidden, while training."""
HIDDEN, LAYERS, WIDTH = 64, 3, 5
FILLERS, REPEATS = 0.015, 0.005
"""Of the gaps inside sentences, how many get an "uh" or "um", or the word once more, when trained on: people
who speak freely do so anywhere (Clark & Fox Tree 2002), people who write talk do it at the start."""


@dataclass(frozen=True, slots=True)
class Talk:
    words: list[str]
    starts: list[bool]
    """For each word, whether a sentence starts with it."""
    weight: float
    seen: Features | None = None


class Network(nn.Module):
    """The same as ``boundary_net.network``, by the same names, and able to learn."""

    def __init__(self, words: int, tags: int, deps: int) -> None:
        super().__init__()
        self.hidden_word = words
        self.word = nn.Embedding(words + 1, 32)
        self.tag = nn.Embedding(tags, 12)
        self.dep = nn.Embedding(deps, 12)
        self.vectors = nn.Linear(192, 32)
        self.input = nn.Linear(32 + 2 * 12 + 3 * 12 + MOST_CROSSING + 1 + 1 + 32, HIDDEN)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(HIDDEN, HIDDEN, WIDTH, padding=WIDTH // 2) for _ in range(LAYERS)
        )
        self.output = nn.Linear(HIDDEN, 1)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        word = batch["word"]
        if self.training:
            word = torch.where(torch.rand(word.shape) < UNSEEN, self.hidden_word, word)
        parts = [
            self.word(word),
            self.tag(batch["tag"]).flatten(2),
            self.dep(batch["dep"]).flatten(2),
            one_hot(batch["crossing"], MOST_CROSSING + 1).float(),
            batch["starts"][..., None].float(),
            self.vectors(self.drop(batch["vectors"])),
        ]
        h = relu(self.input(self.drop(torch.cat(parts, -1)))).transpose(1, 2)
        for convolution in self.convolutions:
            h = h + relu(convolution(self.drop(h)))
        return self.output(self.drop(h.transpose(1, 2)))[..., 0]


def read_talks(path: Path, weight: float) -> Iterator[Talk]:
    for part in re.split(r"^# .*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        sentences = [bare_words(line.split()) for line in part.splitlines() if line.strip()]
        if sentences:
            words = [word for sentence in sentences for word in sentence]
            starts = [at == 0 for sentence in sentences for at in range(len(sentence))]
            yield Talk(words, starts, weight)


def hesitant(talk: Talk, seed: int) -> Talk:
    rng = np.random.default_rng(seed)
    words: list[str] = []
    starts: list[bool] = []
    for word, start in zip(talk.words, talk.starts, strict=True):
        draw = rng.random()
        if not start and draw < FILLERS + REPEATS:
            words.append(word if draw < REPEATS else rng.choice(["uh", "um"]))
            starts.append(False)
        words.append(word)
        starts.append(start)
    return replace(talk, words=words, starts=starts)


def indices_of(talks: Sequence[Talk]) -> Indices:
    counts = Counter(re.sub(r"\d", "0", word.lower()) for talk in talks for word in talk.words)
    common = [word for word, count in counts.most_common() if count >= RARE]
    nlp = pipeline()
    return Indices(
        words={word: row for row, word in enumerate(common)},
        tags={tag: row for row, tag in enumerate(nlp.get_pipe("tagger").labels)},
        deps={dep: row for row, dep in enumerate(nlp.get_pipe("parser").labels)},
    )


def with_features(talks: Sequence[Talk], indices: Indices) -> list[Talk]:
    docs = pipeline().pipe((" ".join(talk.words) for talk in talks), batch_size=8)
    return [
        replace(talk, seen=features(doc, talk.words, indices)) for talk, doc in zip(talks, docs, strict=True)
    ]


def tensors(talk: Talk, first: int = 0, end: int | None = None) -> dict[str, torch.Tensor]:
    names = ("word", "tag", "dep", "crossing", "starts", "vectors")
    return {name: torch.from_numpy(getattr(talk.seen, name)[first:end]) for name in names}


def examples(talks: Sequence[Talk]) -> list[dict[str, torch.Tensor]]:
    made = []
    for talk in talks:
        for first in range(0, len(talk.words) - 10, PIECE):
            end = first + PIECE + 20
            example = tensors(talk, first, end)
            example["gold"] = torch.tensor(talk.starts[first:end], dtype=torch.float)
            example["weight"] = torch.full_like(example["gold"], talk.weight)
            example["weight"][0] = 0.0  # what came before it is not seen
            made.append(example)
    return made


def trained(talks: Sequence[Talk], indices: Indices, seed: int) -> Network:
    torch.manual_seed(seed)
    data = examples(talks)
    net = Network(len(indices.words) + SUFFIXES, len(indices.tags) + 1, len(indices.deps) + 1)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(data) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(data)).split(BATCH):
            picked = [data[i] for i in chosen.tolist()]
            batch = {name: pad_sequence([e[name] for e in picked], batch_first=True) for name in picked[0]}
            losses = binary_cross_entropy_with_logits(net(batch), batch["gold"], reduction="none")
            loss = (losses * batch["weight"]).sum() / batch["weight"].sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return net.eval()


def logits(nets: Sequence[Network], talk: Talk) -> np.ndarray:
    batch = {name: values[None] for name, values in tensors(talk).items()}
    with torch.no_grad():
        return np.mean([net(batch)[0].numpy() for net in nets], axis=0)


def f1(scored: Sequence[tuple[np.ndarray, Talk]], threshold: float) -> float:
    right = found = gold = 0
    for values, talk in scored:
        predicted, starts = values[1:] > threshold, np.array(talk.starts[1:])
        right, found, gold = right + (predicted & starts).sum(), found + predicted.sum(), gold + starts.sum()
    return float(2 * right / (found + gold))


def cross_validated(own: Sequence[Talk], others: Sequence[Talk], seeds: int) -> tuple[float, float]:
    """The threshold with the best F1 on talks that were not trained on, and that F1."""
    scored = []
    for fold in range(FOLDS):
        kept = [talk for i, talk in enumerate(own) if i % FOLDS != fold]
        seen = [hesitant(talk, i) for i, talk in enumerate([*kept, *others])]
        indices = indices_of(seen)
        nets = [trained(with_features(seen, indices), indices, seed) for seed in range(seeds)]
        left = with_features([talk for i, talk in enumerate(own) if i % FOLDS == fold], indices)
        scored += [(logits(nets, talk), talk) for talk in left]
    best = max(np.arange(-1.5, 1.0, 0.1), key=lambda threshold: f1(scored, threshold))
    return round(float(best), 1), f1(scored, best)


def save(nets: Sequence[Network], indices: Indices, threshold: float, path: Path) -> None:
    arrays = {
        f"{i}.{name.removesuffix('.weight') if name.startswith(('word', 'tag', 'dep')) else name}": values
        for i, net in enumerate(nets)
        for name, values in ((n, v.numpy().astype(np.float16)) for n, v in net.state_dict().items())
    }
    lists = {
        kind: np.frombuffer("\n".join(getattr(indices, kind)).encode(), dtype=np.uint8)
        for kind in ("words", "tags", "deps")
    }
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, threshold=np.float32(threshold), **lists, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="cross-validate only")
    parser.add_argument("--seeds", type=int, default=4, help="networks to average")
    parser.add_argument("--threshold", type=float, help="the logit of a boundary, from --check")
    parser.add_argument("-o", "--output", type=Path, default=Path("weights/boundaries.npz"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    own = list(read_talks(DATA / "talks.en.txt", 1.0))
    others = list(read_talks(DATA / "talks-generated.en.txt", 0.5))
    print(f"{sum(len(t.words) for t in own)} words, and {sum(len(t.words) for t in others)} generated")
    if args.check or args.threshold is None:
        threshold, score = cross_validated(own, others, args.seeds)
        print(f"F1 {score:.3f} at {threshold}")
    else:
        threshold = args.threshold
    if not args.check:
        seen = [hesitant(talk, i) for i, talk in enumerate([*own, *others])]
        indices = indices_of(seen)
        talks = with_features(seen, indices)
        save([trained(talks, indices, seed) for seed in range(args.seeds)], indices, threshold, args.output)


if __name__ == "__main__":
    main()
