"""Notes as SubRip subtitles: English above Chinese, one or more cues a bead.

A bead too long for the screen is shared out over several cues, both languages cut at the same
share of their length, near punctuation where that is close.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from studykit.errors import StudykitError
from studykit.languages import join_sentences
from studykit.timecode import to_ms, to_srt
from studykit.types import Cue, Notes, Sentence, Span

__all__ = ["notes_cues", "notes_srt"]

_ENGLISH_LINE = 42
_ENGLISH_CUE = 2 * _ENGLISH_LINE
_CHINESE_CUE = 36
_PUNCTUATION_BONUS = 0.12
"""A break after punctuation may lie this share of a piece further from the even cut."""

_BREAKS = {"en": re.compile(r"\s+"), "zh": re.compile(r"(?<![A-Za-z0-9])|(?![A-Za-z0-9])")}
_PUNCTUATION = tuple(",.;:?!，。；：？！、…”）")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    start_s: float
    end_s: float
    english: str
    chinese: str


def notes_srt(notes: Notes) -> str:
    """The subtitles as text; raises ``StudykitError`` when the talk has no times."""
    cues = list(notes_cues(notes))
    if not cues:
        raise StudykitError(f"{notes.source.title}: subtitles need times, and this talk has none")
    blocks = (
        f"{number}\n{to_srt(cue.start_s)} --> {to_srt(cue.end_s)}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def notes_cues(notes: Notes) -> Iterator[Cue]:
    """Cues in order that never overlap and together hold every word of the timed sentences."""
    blocks = list(_blocks(notes))
    for i, block in enumerate(blocks):
        end_s = min(block.end_s, blocks[i + 1].start_s) if i + 1 < len(blocks) else block.end_s
        pieces = max(
            1, math.ceil(len(block.english) / _ENGLISH_CUE), math.ceil(len(block.chinese) / _CHINESE_CUE)
        )
        # No cue shorter than a millisecond: the clock cannot tell them apart.
        pieces = min(pieces, max(1, to_ms(end_s) - to_ms(block.start_s)))
        english, chinese = (
            split_evenly(block.english, pieces, "en"),
            split_evenly(block.chinese, pieces, "zh"),
        )
        step_s = (end_s - block.start_s) / pieces
        for k in range(pieces):
            lines = [*textwrap.wrap(english[k], _ENGLISH_LINE, break_long_words=False), chinese[k]]
            shown = tuple(line for line in lines if line)
            if shown:
                start_s = block.start_s + k * step_s
                yield Cue(start_s=start_s, end_s=start_s + step_s, lines=shown)


def split_evenly(text: str, pieces: int, language: str) -> list[str]:
    """``text`` in exactly ``pieces`` pieces of about equal length, some empty when it is too short.

    English is cut between words, Chinese between characters but not inside a Latin word.
    """
    breaks = sorted({m.start() for m in _BREAKS[language].finditer(text) if 0 < m.start() < len(text)})
    size = len(text) / pieces
    cuts = [0]
    for k in range(1, pieces):
        later = [at for at in breaks if at > cuts[-1]]

        def off(at: int, ideal: float = k * size) -> float:
            bonus = _PUNCTUATION_BONUS * size if text[:at].rstrip().endswith(_PUNCTUATION) else 0.0
            return abs(at - ideal) - bonus

        cuts.append(min(later, key=off) if later else len(text))
    cuts.append(len(text))
    return [text[a:b].strip() for a, b in pairwise(cuts)]


def _blocks(notes: Notes) -> Iterator[_Block]:
    """Texts that are said at one time; what cannot be timed joins the block before it."""
    english_leads = notes.source.language == "en"
    lead = notes.sentences("en" if english_leads else "zh")
    waiting: list[tuple[Span, Span]] = []
    for source, target in _pairs(notes):
        span = source if english_leads else target
        times = [sent for sent in lead[span.start : span.end] if sent.start_s is not None]
        if waiting and times:
            yield _block(notes, waiting, lead, english_leads=english_leads)
            waiting = []
        if waiting or times:
            waiting.append((source, target))
    if waiting:
        yield _block(notes, waiting, lead, english_leads=english_leads)


def _pairs(notes: Notes) -> Iterator[tuple[Span, Span]]:
    if notes.alignment:
        yield from ((bead.source, bead.target) for bead in notes.alignment.beads)
        return
    nothing = Span(start=0, end=0)
    for i in range(len(notes.english)):
        yield Span(start=i, end=i + 1), nothing
    for i in range(len(notes.chinese)):
        yield nothing, Span(start=i, end=i + 1)


def _block(
    notes: Notes, pairs: Sequence[tuple[Span, Span]], lead: Sequence[Sentence], *, english_leads: bool
) -> _Block:
    spans = [source if english_leads else target for source, target in pairs]
    said = [lead[i] for span in spans for i in span]
    starts = [sent.start_s for sent in said if sent.start_s is not None]
    ends = [sent.end_s for sent in said if sent.end_s is not None]
    return _Block(
        start_s=min(starts),
        end_s=max([*ends, *starts]),
        english=join_sentences((notes.english[i].text for source, _ in pairs for i in source), "en"),
        chinese=join_sentences((notes.chinese[i].text for _, target in pairs for i in target), "zh"),
    )
