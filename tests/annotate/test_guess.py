"""What a dictionary says where no translation decides."""

from __future__ import annotations

import pytest

from studykit.annotate.glosses.guess import dictionary_words
from studykit.lexicon.dictionary import load_cedict


@pytest.mark.parametrize("lemma", ["awry", "overlapping", "euphoria", "abandoned"])
def test_a_single_character_is_no_guess(lemma: str) -> None:
    cedict = load_cedict()
    assert cedict.chinese(lemma, "ADJ"), "it has some"
    assert not dictionary_words(cedict, lemma, "ADJ")


def test_longer_words_are_guesses_and_the_commonest_comes_first() -> None:
    assert dictionary_words(load_cedict(), "surveillance", "NOUN")[0] == "监视"
    assert "鹅" not in dictionary_words(load_cedict(), "goose", "NOUN")
