"""Sentence boundaries in punctuated English.

nupunkt (Bommarito et al. 2025, a Punkt tokenizer after Kiss & Strunk 2006 with a large list of
abbreviations) decides about full stops; two rules mend what speech brings and its training text
did not: short sentences that end in an everyday word, and sentence ends that lack their mark.
Text with next to no marks is cut by ``unmarked.units``, with a model that the caller brings.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import nupunkt

from studykit.faces import late
from studykit.segment.unmarked import units
from studykit.segment.unmarked.reading import WORD, Reading
from studykit.tables.packages import check_files

__all__ = ["lacks_marks", "sentence_starts"]

_USUAL_WORDS = 45
"""Where marked units are longer than this on average, marks are too rare to be relied on."""
_RARE_WORDS = 12
_MOST_WORDS = 120
"""Units longer than this are cut by rules: when marks are rare, and when they are common."""

# Words that, with a capital, open a sentence and are hardly ever names. "I" is always capital.
_OPENERS = (
    r"(?:And|But|So|Or|Because|Then|Now|Well|Okay|OK|Oh|Yeah|Yes|No|Um|Uh|Right|Like|Maybe|If|When|What|"
    r"Why|How|Who|Where|Is|Are|Do|Does|Did|Can|It|That|This|These|Those|There|Here|We|You|They|He|She|"
    r"Let|The|My|Our|Your|Thank|Thanks)(?:['’](?:s|re|ll|ve|d))?"
)
# Abbreviations that a name may follow, in small letters.
_ABBREVIATIONS = (
    "approx|assoc|corp|dept|incl|misc|prof|resp|univ|"
    "ave|avg|cap|col|esp|est|etc|ext|fig|gen|inc|ltd|max|min|sec|sen|tel|vol"
)
_AFTER_WORD = late(
    # A word in small letters, no abbreviation, a full stop, and a capital; a short word is more
    # often an unknown abbreviation, so there the capital must belong to a word that opens sentences.
    rf"(?<![\w.'’-])(?!(?:{_ABBREVIATIONS})\.)"
    rf"(?:[a-z]{{4,}}[.]\s+(?=[A-Z])|[a-z]{{3}}[.]\s+(?={_OPENERS}\b|I['’\s]))"
    # A letter that is no initial: words that are surnames too ("K. He") prove nothing.
    r"|(?<![\w.'’-])[A-Z][.]\s+(?=(?:And|But|Because|Then|If|When|What|It|That|This|We|They)\b)"
)
_UNMARKED = late(rf"(?<=[a-z])\s+(?={_OPENERS}\s+[a-z])")
_MARK = late(r"[.?!…](?!\w)")


def lacks_marks(texts: Iterable[str]) -> bool:
    """Whether a talk has next to no marks of sentence ends, and enough words to tell."""
    words = marks = 0
    for text in texts:
        words += len(WORD.findall(text))
        marks += len(_MARK.findall(text))
    return words > max(_RARE_WORDS, _USUAL_WORDS * marks)


def sentence_starts(reading: Reading) -> list[int]:
    """Code points of the turn's text where sentences start, in order; the first is the text's."""
    turn, text = reading.turn, reading.turn.text
    check_files("nupunkt")
    starts = {start + _indent(text[start:end]) for start, end in nupunkt.sent_spans(text)}
    starts |= {match.end() for match in _AFTER_WORD.finditer(text)}
    spans = list(pairwise([*sorted(starts), len(text)]))
    words = [len(WORD.findall(text, start, end)) for start, end in spans]
    rare = not _MARK.search(text) or sum(words) > _USUAL_WORDS * len(spans)
    if not rare:
        # Automatic captions give names a capital and nothing else, so this needs marked text.
        starts |= {match.end() for match in _UNMARKED.finditer(text)}
        spans = list(pairwise([*sorted(starts), len(text)]))
        words = [len(WORD.findall(text, start, end)) for start, end in spans]
    broken_by_sense = turn.is_broken_by_sense()
    for (start, end), count in zip(spans, words, strict=True):
        if count > (_RARE_WORDS if rare else _MOST_WORDS):
            part = reading if rare else Reading(turn, reading.model, start, end)
            starts |= set(units.sentence_starts(part, start, end, broken_by_sense=broken_by_sense))
    return sorted(starts)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
