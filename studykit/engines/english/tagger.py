"""English words with part of speech, lemma, dependency and kind of name, in numpy.

Runs the weights of spaCy's ``en_core_web_sm`` 3.8 (Honnibal et al. 2020, trained on OntoNotes 5) in numpy,
over many texts at once; what it says equals what spaCy says (tests/engines/test_english.py). It loads in
about .1 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from studykit.engines.english.attributes import Attributes
from studykit.engines.english.data import Data, load_data
from studykit.engines.english.forms import Forms, Seen
from studykit.engines.english.names import find_names
from studykit.engines.english.network import PAD, context, embedded
from studykit.engines.english.parse import parse
from studykit.engines.english.words import Token as Cut
from studykit.engines.english.words import Words
from studykit.types import Token

__all__ = ["Pipeline"]

_BATCH_WORDS = 3000
"""Words read together: enough to keep numpy busy, little enough to stay in some megabytes."""

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]


class Pipeline:
    """Loads the weights when first used."""

    def tag(self, texts: Sequence[str]) -> list[tuple[Token, ...]]:
        """The tokens of each text, including runs of white space (UPOS ``SPACE``)."""
        cut = [self._words.cut(text) for text in texts]
        made: list[tuple[Token, ...]] = [()] * len(texts)
        for numbers in _batches([len(tokens) for tokens in cut]):
            for number, tokens in zip(numbers, self._tagged([cut[i] for i in numbers]), strict=True):
                made[number] = tokens
        return made

    @cached_property
    def _data(self) -> Data:
        return load_data()

    @cached_property
    def _words(self) -> Words:
        return Words(self._data.tables["words"])

    @cached_property
    def _attributes(self) -> Attributes:
        return Attributes(self._data.tables["norms"], self._data.tables["symbols"])

    @cached_property
    def _forms(self) -> Forms:
        return Forms(self._data.tables)

    def _tagged(self, cut: Sequence[Sequence[Cut]]) -> list[tuple[Token, ...]]:
        weights, tables = self._data.arrays, self._data.tables
        lengths = np.array([len(tokens) for tokens in cut], dtype=np.intp)
        offsets = np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(lengths)[:-1]])
        spaces = [[token.piece.text.isspace() for token in tokens] for tokens in cut]
        shared, own = self._vectors(cut, spaces, lengths)
        scores = shared @ weights["tagger.W"].T + weights["tagger.b"]
        tags = [tables["tags"][best] for best in scores.argmax(axis=1).tolist()]
        trees = parse(weights, tables["parser"], shared, lengths, offsets)
        names = find_names(
            weights,
            tables["ner"],
            own,
            lengths=lengths,
            offsets=offsets,
            starts=[starts for _, _, starts in trees],
            spaces=spaces,
        )
        made = []
        for tokens, at, blank, (heads, labels, _), named in zip(
            cut, offsets.tolist(), spaces, trees, names, strict=True
        ):
            texts = [token.piece.text for token in tokens]
            seen = [
                Seen(text.lower(), tags[at + i], label, is_space)
                for i, (text, label, is_space) in enumerate(zip(texts, labels, blank, strict=True))
            ]
            words = self._forms.of(texts, seen)
            made.append(
                tuple(
                    Token(
                        text=text,
                        start=token.start,
                        end=token.start + len(text),
                        lemma=word.lemma,
                        upos=word.pos,
                        tag=word.tag,
                        dep=word.dep,
                        head=head,
                        entity=entity,
                    )
                    for text, token, word, head, entity in zip(
                        texts, tokens, words, heads, named, strict=True
                    )
                )
            )
        return made

    def _vectors(
        self, cut: Sequence[Sequence[Cut]], spaces: Sequence[Sequence[bool]], lengths: Ints
    ) -> tuple[Floats, Floats]:
        """``(words, 96)`` of the network that tagger and parser share, and of that which finds names."""
        keys = [
            (token.piece.text, token.piece.norm, token.spaced, space)
            for tokens, blank in zip(cut, spaces, strict=True)
            for token, space in zip(tokens, blank, strict=True)
        ]
        number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        ids = self._attributes.of((text, norm) for text, norm, _, _ in number)
        flags = np.array([[spaced, space] for _, _, spaced, space in number], dtype=np.uint64)
        which = np.array([number[key] for key in keys], dtype=np.intp)
        at = np.arange(len(keys)) + np.repeat(PAD * np.arange(1, len(lengths) + 1), lengths)
        found = []
        for name, seen in (("shared", np.concatenate([ids, flags], axis=1)), ("names", ids)):
            vectors = embedded(self._data.arrays, name, seen)
            padded = np.zeros((len(keys) + PAD * (len(lengths) + 1), vectors.shape[1]), dtype=np.float32)
            padded[at] = vectors[which]
            found.append(context(self._data.arrays, name, padded)[at])
        return found[0], found[1]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of texts in batches of alike length; without empty texts."""
    batch: list[int] = []
    words = 0
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not lengths[number]:
            continue
        if batch and words + lengths[number] > _BATCH_WORDS:
            yield batch
            batch, words = [], 0
        batch.append(number)
        words += lengths[number]
    if batch:
        yield batch
