"""The proof of what a model wrote, as it asks the engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studykit import engines
from studykit.glossary import load_glossary
from studykit.talk.proving import judges_of
from studykit.types import Token
from tests.assist.lecture import lecture_notes


class Counted:
    """The true engines, which count the texts that they are asked for."""

    version = "counted"

    def __init__(self) -> None:
        self.encoded: Counter[str] = Counter()
        self.tagged: Counter[str] = Counter()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded.update(texts)
        return engines.encoder().encode(texts)

    def tag(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        self.tagged.update(texts)
        return engines.tagger().tag(texts)


def test_no_text_is_encoded_or_tagged_twice_and_the_order_stays() -> None:
    counted = Counted()
    judges = judges_of(lecture_notes(), load_glossary(), counted, counted)
    one, other = "Tokens are pieces of words.", "Most of the web is junk."
    for texts in ([one, other], [other, one, other], [one]):
        np.testing.assert_allclose(judges.encode(texts), engines.encoder().encode(texts), atol=1e-6)
        assert judges.tag(texts) == engines.tagger().tag(texts)
    assert set(counted.encoded.values()) == {1}
    judges.checker.is_turned(one, other, "en")
    assert set(counted.tagged.values()) == {1}
