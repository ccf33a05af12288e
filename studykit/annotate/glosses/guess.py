"""What a dictionary says where no translation decides: the sense that fits the sentence, or nothing.

A dictionary that was turned around lists words of several senses side by side. They are taken together
by meaning; where no sense has most of the weight and the sentence prefers none, there is no guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from studykit.annotate.tagger import Embedder
from studykit.lexicon.dictionary import Cedict, chinese_frequency

__all__ = ["Asked", "dictionary_words", "guess_all", "means_one_thing"]

Asked = tuple[str, str, Sequence[str]]
"""A lemma, the sentence that has it first, and its Chinese, commonest first."""

_MOST_WORDS = 8
_SAME_SENSE = 0.55
"""Least cosine of two Chinese words of one sense."""
_ONE_MEANING = 0.4
"""The same for the senses that our list gives a phrase, which are often worded quite differently."""
_SENTENCE, _FREQUENCY = 0.6, 0.02
"""What nearness to the sentence and frequency count beside nearness to the word."""
_LEADS = 0.06
"""By how much the best sense must lead the next."""
_NEAR_ENOUGH = 0.35
_WORDS_SHOWN = 2


def dictionary_words(cedict: Cedict, lemma: str, upos: str | None) -> list[str]:
    """CC-CEDICT's words for a lemma as that part of speech.

    No single characters: most are literary or only parts of words (㖞 for "awry", 复 for "overlapping").
    """
    return [word for word in cedict.chinese(lemma, upos) if len(word) > 1][:_MOST_WORDS]


def guess_all(asked: Sequence[Asked], embedder: Embedder) -> list[str | None]:
    """For each the Chinese of the sense that leads, one or two words; None where none does."""
    texts = list(
        dict.fromkeys(text for lemma, sentence, words in asked for text in (lemma, sentence, *words))
    )
    rows = embedder.encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
    row = dict(zip(texts, rows, strict=True))
    return [_guess(lemma, sentence, words, lambda text: row[text]) for lemma, sentence, words in asked]


def means_one_thing(words: Sequence[Sequence[str]], embedder: Embedder) -> list[bool]:
    """For each whether its senses are one meaning in other words."""
    texts = list(dict.fromkeys(text for senses in words for text in senses))
    rows = embedder.encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
    row = dict(zip(texts, rows, strict=True))
    return [all(float(row[a] @ row[b]) >= _ONE_MEANING for a in senses for b in senses) for senses in words]


def _guess(lemma: str, sentence: str, words: Sequence[str], row: Callable[[str], np.ndarray]) -> str | None:
    if not words:
        return None
    value = {
        word: float(row(lemma) @ row(word))
        + _SENTENCE * float(row(sentence) @ row(word))
        + _FREQUENCY * math.log10(1e7 * chinese_frequency(word) + 1)
        for word in words
    }
    senses: list[list[str]] = []
    for word in sorted(words, key=lambda word: -value[word]):
        home = next((s for s in senses if float(row(s[0]) @ row(word)) >= _SAME_SENSE), None)
        if home is None:
            senses.append([word])
        else:
            home.append(word)
    best = senses[0]
    if float(row(lemma) @ row(best[0])) < _NEAR_ENOUGH:
        return None
    if len(senses) > 1 and value[best[0]] - value[senses[1][0]] < _LEADS:
        return None
    return "；".join(best[:_WORDS_SHOWN])
