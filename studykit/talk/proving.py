"""The proof of what a language model wrote: connects it to the checks, the encoder and the tagger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studykit.align import Encoder, Vectors
from studykit.annotate import Tagger
from studykit.assist import Judged, Judges, Request, written
from studykit.check.statements import StatementChecker
from studykit.glossary import Glossary
from studykit.lexicon.glossed import may_say
from studykit.types import Assistance, Notes

__all__ = ["prove"]


def prove(
    notes: Notes,
    requests: Sequence[Request],
    answers: Sequence[str | None],
    glossary: Glossary,
    encoder: Encoder,
    tagger: Tagger,
    model: str,
    written_on: str,
) -> Assistance:
    """What can be proven of the answers to requests about a talk."""
    english = " ".join(sent.text for sent in notes.english)
    judges = Judges(
        checker=StatementChecker(glossary, english, tagger.tag),
        encode=_Remembering(encoder).encode,
        tag=tagger.tag,
        may_mean=may_say,
    )
    return written(requests, answers, Judged(notes, judges), model=model, written_on=written_on)


class _Remembering:
    """An encoder for texts that need not be stored: most of them are asked for once or twice."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder inside would."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if missing:
            self._rows.update(zip(missing, self._encoder.encode(missing), strict=True))
        return np.stack([self._rows[text] for text in texts])
