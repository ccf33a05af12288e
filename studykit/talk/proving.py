"""The proof of what a language model wrote: connects it to the checks, the encoder and the tagger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from studykit.align import Encoder
from studykit.annotate import Tagger
from studykit.assist import Judged, Judges, Request, written
from studykit.check.statements import StatementChecker
from studykit.glossary import Glossary
from studykit.lexicon.glossed import may_say
from studykit.types import Assistance, Notes

__all__ = ["judges_of", "prove"]

Made = TypeVar("Made")


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
    said = Judged(notes, judges_of(notes, glossary, encoder, tagger))
    return written(requests, answers, said, model=model, written_on=written_on)


def judges_of(notes: Notes, glossary: Glossary, encoder: Encoder, tagger: Tagger) -> Judges:
    """What compares texts with those of a talk; no text is encoded or tagged twice."""
    english = " ".join(sent.text for sent in notes.english)
    tag, rows = _remembered(tagger.tag), _remembered(encoder.encode)
    return Judges(
        checker=StatementChecker(glossary, english, tag),
        encode=lambda texts: np.stack(rows(texts)),
        tag=tag,
        may_mean=may_say,
    )


def _remembered(compute: Callable[[Sequence[str]], Iterable[Made]]) -> Callable[[Sequence[str]], list[Made]]:
    """The same for texts that need not be stored, each computed once: most are asked for several times."""
    known: dict[str, Made] = {}

    def look_up(texts: Sequence[str]) -> list[Made]:
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, compute(missing), strict=True))
        return [known[text] for text in texts]

    return look_up
