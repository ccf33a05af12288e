"""Train the boundary network that studykit brings; needs PyTorch besides studykit.

    python benchmarks/train_boundaries.py talks.jsonl.gz -o weights/boundaries.npz
    python benchmarks/train_boundaries.py talks.jsonl.gz --show podcast --words 1e6      a point of the curve

Reads the corpus (see ``talk_corpus.py``) without the episodes that are held out and, several times over,
``benchmarks/data/talks.en.txt``. The threshold is set on held-out episodes of its own, where
precision is no lower than recall on any show: a sentence cut in two is worse than two joined. One thread;
bfloat16 where the CPU multiplies it. Prints F1 on what was held out; writes only with ``-o``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from talk_corpus import QUESTION, STOP, Stream, Talk, dev, held_out, read_corpus, read_lines, spoken
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, pad, relu

from studykit.engines.boundaries.features import AFFIX_ROWS, WORD_ROWS, name_core, word_rows
from studykit.engines.boundaries.net import network
from studykit.engines.boundaries.weights import packed, unpacked

DATA = Path(__file__).parent / "data"
OWN_TIMES = 3
"""How often our own talks are seen in an epoch: they are few, and of other kinds."""
PIECE, BATCH = 160, 40
"""Words of an example, and examples of a step."""
RATE, DECAY, WARM_UP = 3e-3, 0.01, 0.15
DROPPED, HIDDEN_WORDS = 0.1, 0.05
"""Shares of activations dropped, and of words known by their affixes only, while training."""
EMBEDDED, WIDTH = 128, 256
DILATIONS = (1, 1, 2, 4, 1)
CAPITAL_WEIGHT = 0.5
LEAST_SAID, LEAST_TALKS = 5, 3
"""A name's form is kept when it is common enough to be no slip."""


class Network(nn.Module):
    """The same as ``boundaries.net.network``, by the same names, and able to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(WORD_ROWS + 1, EMBEDDED)  # the last row: a word that is hidden
        self.affix = nn.Embedding(AFFIX_ROWS, EMBEDDED)
        for table in (self.word, self.affix):
            nn.init.normal_(table.weight, 0, 0.3)
        self.input = nn.Linear(EMBEDDED, WIDTH)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.convolutions = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.output = nn.Linear(WIDTH, 5)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        whole = rows[..., :2]
        if self.training:
            hidden = torch.rand(whole.shape[:-1])[..., None] < HIDDEN_WORDS
            whole = torch.where(hidden, WORD_ROWS, whole)
        seen = self.word(whole).sum(-2) + self.affix(rows[..., 2:]).sum(-2)
        h = relu(self.input(self.drop(seen)))
        for convolution, norm, reach in zip(self.convolutions, self.norms, DILATIONS, strict=True):
            padded = pad(self.drop(norm(h)), (0, 0, reach, reach))
            size = h.shape[1]
            seen = torch.cat([padded[:, k * reach : k * reach + size] for k in range(3)], -1)
            h = h + relu(convolution(seen))
        return self.output(self.drop(h))


def losses(logits: torch.Tensor, marks: torch.Tensor, capitals: torch.Tensor) -> torch.Tensor:
    known = (capitals >= 0).float()
    wrong = binary_cross_entropy_with_logits(logits[..., 4], capitals.clamp(min=0), reduction="none")
    of_marks = cross_entropy(logits[..., :4].reshape(-1, 4), marks.reshape(-1))
    return of_marks + CAPITAL_WEIGHT * (wrong * known).sum() / known.sum()


def pieces(stream: Stream, rows: np.ndarray, shift: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The stream cut to examples, from word ``shift`` on."""
    count = (len(stream.words) - shift) // PIECE
    of = slice(shift, shift + count * PIECE)
    return (
        torch.from_numpy(rows[stream.words[of]].reshape(count, PIECE, 4)),
        torch.from_numpy(stream.marks[of].astype(np.int64).reshape(count, PIECE)),
        torch.from_numpy(stream.capitals[of].astype(np.float32).reshape(count, PIECE)),
    )


def trained(talks: Sequence[Talk], epochs: int, seed: int) -> Network:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Network()
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    words = sum(len(talk.words) for talk in talks)
    steps = int(epochs * (1.06 * words / (PIECE * BATCH) + 1))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=WARM_UP)
    index: dict[str, int] = {}
    start_s = time.process_time()
    step = 0
    for epoch in range(epochs):
        order = [talks[i] for i in rng.permutation(len(talks))]
        stream = spoken(order, index, rng)
        rows, marks, capitals = pieces(stream, word_rows(index).astype(np.int32), int(rng.integers(PIECE)))
        summed, since = 0.0, 0
        for chosen in torch.randperm(len(rows)).split(BATCH):
            if step == steps:
                break
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(rows[chosen].long())
            loss = losses(logits.float(), marks[chosen], capitals[chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step, summed, since = step + 1, summed + loss.item(), since + 1
            if step % 200 == 0:
                spent_s = time.process_time() - start_s
                print(
                    f"epoch {epoch} step {step}/{steps} loss {summed / since:.4f} {spent_s:.0f} s", flush=True
                )
                summed, since = 0.0, 0
    return net.eval()


def name_forms(talks: Sequence[Talk]) -> list[str]:
    """How names that are not plainly capitalised are written ("GitHub", "API"), most common form each."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    homes: dict[str, set[str]] = defaultdict(set)
    for talk in talks:
        for form, capital in zip(talk.forms, talk.capitals, strict=True):
            if capital == 1:
                core = name_core(form)
                counts[core.lower()][core] += 1
                homes[core.lower()].add(talk.id)
    forms = []
    for low, found in counts.items():
        form, count = found.most_common(1)[0]
        if count >= LEAST_SAID and len(homes[low]) >= LEAST_TALKS and form != low[:1].upper() + low[1:]:
            forms.append(form)
    return sorted(forms)


def arrays(net: Network) -> dict[str, np.ndarray]:
    """The weights by the names that ``boundaries.net`` knows them by."""
    found = {}
    for key, values in net.state_dict().items():
        name = key.removesuffix(".weight") if key.startswith(("word.", "affix.")) else key
        found[name] = values.numpy()[:WORD_ROWS] if name == "word" else values.numpy()
    return found


def ends(stored: Mapping[str, np.ndarray], talks: Sequence[Talk]) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of an end after each word, and what a person set."""
    tables = unpacked(stored)
    scores = []
    for talk in talks:
        logits = network(tables, word_rows(talk.words))
        scores.append(np.logaddexp(logits[:, 2], logits[:, 3]) - np.logaddexp(logits[:, 0], logits[:, 1]))
    return np.concatenate(scores), np.concatenate([talk.marks for talk in talks])


def balanced(scores: np.ndarray, gold: np.ndarray) -> float:
    """The threshold that finds as many ends as there are, so that precision equals recall."""
    return float(np.sort(scores)[-int((gold >= STOP).sum())])


def prf(found: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    right = int((found & gold).sum())
    return {
        "p": round(right / max(1, found.sum()), 4),
        "r": round(right / max(1, gold.sum()), 4),
        "f1": round(2 * right / max(1, found.sum() + gold.sum()), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", help="train on this show alone")
    parser.add_argument("--words", type=float, default=1e9, help="train on so many words")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    talks = list(read_corpus(args.corpus))
    kept = [t for t in talks if not held_out(t) and not dev(t) and args.show in (None, t.show)]
    order = np.random.default_rng(args.seed).permutation(len(kept))
    chosen: list[Talk] = []
    for i in order:
        if sum(len(talk.words) for talk in chosen) < args.words:
            chosen.append(kept[i])
    own = list(read_lines(DATA / "talks.en.txt", "own"))
    print(f"{sum(len(talk.words) for talk in chosen)} words of {len(chosen)} talks", flush=True)
    net = trained(chosen if args.show else [*chosen, *own * OWN_TIMES], args.epochs, args.seed)

    stored = packed(arrays(net)) | {
        "forms": np.frombuffer("\n".join(name_forms(chosen)).encode(), dtype=np.uint8),
        "dilations": np.array(DILATIONS, dtype=np.uint8),
    }
    tuned = {
        show: balanced(*ends(stored, [talk for talk in talks if dev(talk) and talk.show == show]))
        for show in sorted({talk.show for talk in chosen})
    }
    stored["threshold"] = np.float32(max(tuned.values()))
    print(json.dumps({"threshold": float(stored["threshold"])}))
    for show in sorted({talk.show for talk in talks}):
        scores, gold = ends(stored, [talk for talk in talks if held_out(talk) and talk.show == show])
        print(
            json.dumps(
                {"held out of": show, "questions": int((gold == QUESTION).sum())}
                | prf(scores > stored["threshold"], gold >= STOP)
            )
        )
    if args.output:
        args.output.parent.mkdir(exist_ok=True)
        with args.output.open("wb") as file:
            np.savez_compressed(file, **stored)


if __name__ == "__main__":
    main()
