"""The default boundary model: small convolutional networks over the tagger's evidence, in numpy.

Their weights come with studykit. They were trained by ``benchmarks/train_boundaries.py`` on talks written for
the purpose (docs/decisions/0010-boundaries-trained-on-written-talk.md); the mean of a few networks is
better than any one of them (Hansen & Salamon 1990).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studykit.engines.boundaries.features import MOST_CROSSING, Features, Indices, bare_words, features
from studykit.engines.spacy import pipeline, pipeline_name
from studykit.fingerprint import digest_bytes
from studykit.resources import data_dir

__all__ = ["WEIGHTS", "BoundaryNet", "network"]

WEIGHTS = "boundaries.npz"

_WINDOW = 1000
_MARGIN = 40
"""Long texts are parsed in windows of so many words, with so many more on either side."""
_UNUSED = ("ner", "lemmatizer", "attribute_ruler")
"""Parts of spaCy's pipeline that nothing here looks at."""

Floats = NDArray[np.float32]


class BoundaryNet:
    """Loads spaCy and its weights when first used, about 2 s."""

    length_cost = 0.0

    @property
    def name(self) -> str:
        """The tagger's name and a digest of the weights."""
        return f"boundaries-{digest_bytes(_weights_path().read_bytes())[:8]}:{pipeline_name()}"

    def scores(self, words: Sequence[str]) -> list[float]:
        """For each word, the log odds that a sentence starts with it; 0 where F1 is best."""
        bare = bare_words(words)
        networks, indices, threshold = _load()
        windows = [
            (max(0, at - _MARGIN), at, min(at + _WINDOW, len(bare))) for at in range(0, len(bare), _WINDOW)
        ]
        texts = [bare[first : end + _MARGIN] for first, _, end in windows]
        scores: list[float] = []
        docs = pipeline().pipe((" ".join(text) for text in texts), batch_size=1, disable=_UNUSED)
        for (first, at, end), text, doc in zip(windows, texts, docs, strict=True):
            seen = features(doc, text, indices)
            logits = np.mean([network(weights, seen) for weights in networks], axis=0)
            scores += (logits[at - first : end - first] - threshold).tolist()
        return scores


def network(weights: Mapping[str, Floats], seen: Features) -> Floats:
    """The logits of one network, ``(n,)``: tables, a layer, convolutions with shortcuts, a sum."""
    h = np.concatenate(
        [
            weights["word"][seen.word],
            weights["tag"][seen.tag].reshape(len(seen.word), -1),
            weights["dep"][seen.dep].reshape(len(seen.word), -1),
            np.eye(MOST_CROSSING + 1, dtype=np.float32)[seen.crossing],
            seen.starts[:, None].astype(np.float32),
            seen.vectors @ weights["vectors.weight"].T + weights["vectors.bias"],
        ],
        axis=1,
    )
    h = np.maximum(h @ weights["input.weight"].T + weights["input.bias"], 0)
    layer = 0
    while f"convolutions.{layer}.weight" in weights:
        kernel = weights[f"convolutions.{layer}.weight"]  # (out, in, width)
        reach = kernel.shape[2] // 2
        padded = np.pad(h, ((reach, reach), (0, 0)))
        mixed = sum(padded[k : k + len(h)] @ kernel[:, :, k].T for k in range(kernel.shape[2]))
        h = h + np.maximum(mixed + weights[f"convolutions.{layer}.bias"], 0)
        layer += 1
    logits: Floats = (h @ weights["output.weight"].T + weights["output.bias"])[:, 0]
    return logits


def _weights_path() -> Path:
    return data_dir("weights") / WEIGHTS


@cache
def _load() -> tuple[list[dict[str, Floats]], Indices, float]:
    """The networks, what their rows stand for, and the logit above which a boundary is set."""
    with np.load(_weights_path(), allow_pickle=False) as stored:
        arrays: dict[str, Any] = dict(stored)
    lists = {
        kind: {text: row for row, text in enumerate(bytes(arrays.pop(kind)).decode().split("\n"))}
        for kind in ("words", "tags", "deps")
    }
    threshold = float(arrays.pop("threshold"))
    networks: dict[str, dict[str, Floats]] = {}
    for key, array in arrays.items():
        member, _, part = key.partition(".")
        networks.setdefault(member, {})[part] = array.astype(np.float32)
    return list(networks.values()), Indices(**lists), threshold
