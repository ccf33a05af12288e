"""Marks for Chinese that has none: a small convolutional network over the default encoder's words, in numpy.

``benchmarks/train_chinese.py`` trained it on captions, prose and talk written for it; docs/segmentation.md
says how well it does. It knows no 、 : there was too little to learn it from.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import numpy as np

from studykit.engines.boundaries.chinese_units import ChineseUnits
from studykit.engines.boundaries.fast import CHINESE_WEIGHTS
from studykit.engines.boundaries.layers import Floats, layered
from studykit.engines.boundaries.weights import unpacked
from studykit.resources import data_dir
from studykit.segment.boundaries import ChineseMarks

__all__ = ["chinese_marks"]

_WINDOW, _MARGIN = 2000, 60
"""Long texts are read in windows of so many units, with a margin on either side."""


def chinese_marks(text: str, breaks: Collection[int]) -> ChineseMarks:
    """What stands after each unit of ``text``."""
    units = ChineseUnits.of(text, breaks)
    weights, (whole_threshold, lined_threshold) = _load()
    none, comma, stop, question = _logits(units, weights).T
    lined = float(units.lines[0, 1]) if units.starts else 0.0
    threshold = whole_threshold + lined * (lined_threshold - whole_threshold)
    ends = np.logaddexp(stop, question) - np.logaddexp(none, comma) - threshold
    return ChineseMarks(
        starts=units.starts,
        ends=units.ends,
        scores=ends.tolist(),
        commas=(comma > none).tolist(),
        questions=(question - stop).tolist(),
    )


def _logits(units: ChineseUnits, weights: dict[str, Floats]) -> Floats:
    """``(n, 4)``: nothing, a comma, a full stop or a question mark after each unit."""
    parts = [np.zeros((0, 4), dtype=np.float32)]
    for at in range(0, len(units.starts), _WINDOW):
        first = max(0, at - _MARGIN)
        logits = layered(weights, units.seen(first, at + _WINDOW + _MARGIN))
        parts.append(logits[at - first : at - first + _WINDOW])
    return np.concatenate(parts)


@cache
def _load() -> tuple[dict[str, Floats], tuple[float, float]]:
    """The weights, and the thresholds for running text and for lines."""
    with np.load(data_dir("weights") / CHINESE_WEIGHTS, allow_pickle=False) as stored:
        arrays = dict(stored)
    whole, lined = arrays.pop("thresholds").tolist()
    return unpacked(arrays), (whole, lined)
