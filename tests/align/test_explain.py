from __future__ import annotations

import math
import re

import pytest

from studykit.align import align_sentences
from studykit.align.explain import explain
from tests.align.bags import BagEncoder
from tests.align.test_align import story


def test_the_chosen_bead_comes_first_and_its_reasons_add_up() -> None:
    source = story(20)
    target = [text.upper() for text in source]
    target[5:7] = [" ".join(target[5:7])]
    lines = explain(source, target, encoder=BagEncoder(), pair=(6, 5))
    assert lines[0] == f"source 6: {source[6]}"
    head = next(line for line in lines if line.startswith("["))
    chosen = next(
        bead for bead in align_sentences(source, target, encoder=BagEncoder()) if 6 in tuple(bead.source)
    )
    assert head.startswith("[5,6]:[5]  chosen, probability ")
    assert head.endswith(f"score {chosen.score:.2f}")
    at = lines.index(head) + 1
    *reasons, score = lines[at : lines.index("", at)]
    odds = sum(float(part) for part in re.findall(r"[+-]\d+\.\d\d", score))
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(chosen.score, abs=0.01)
    nats = [float(re.split(r"\s+", line.strip())[1]) for line in reasons]
    assert sum(nats[:-1]) == pytest.approx(nats[-1], abs=0.05)
    assert {line.split()[0] for line in reasons} >= {"size", "similarity", "belonging", "sum"}


def test_a_pair_that_cannot_be_says_so_and_shows_what_took_its_place() -> None:
    source = story(20)
    lines = explain(source, [text.upper() for text in source], encoder=BagEncoder(), pair=(3, 15))
    assert any(line.startswith("No bead with both is possible: their cosine is ") for line in lines)
    heads = [line.split("  ")[0] for line in lines if line.startswith("[")]
    assert {"[3]:[3]", "[15]:[15]"} <= set(heads)
    assert any(line.startswith("source 3 alone: probability 0.0") for line in lines)


@pytest.mark.parametrize("pair", [(20, 0), (0, 20), (-1, 0)])
def test_a_sentence_that_is_not_there(pair: tuple[int, int]) -> None:
    with pytest.raises(IndexError, match="20 and 20 sentences"):
        explain(story(20), story(20), encoder=BagEncoder(), pair=pair)
