"""Subtitles of a talk, cut to fit the screen and the reader.

Text that does not fit is cut in all its languages at the same share of their length, where a break costs
least, until every piece fits; a piece is shown while its words are said. Every word is shown exactly
once, and cues never overlap.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct

from studykit.errors import OutputError
from studykit.export.subtitles.breaks import Break, Breaker
from studykit.export.subtitles.lines import LINE_CHARS, fits, two_lines
from studykit.export.subtitles.spoken import Spoken, Stretch, spoken
from studykit.export.subtitles.timing import LONGEST_MS, SHORTEST_MS, TimedText, set_times
from studykit.languages import join_sentences
from studykit.timecode import from_ms
from studykit.types import Cue, Notes, SubtitleLanguages

__all__ = ["BilingualCue", "bilingual_cues", "languages_of"]

_NEAR = 6
"""Number of breaks considered on each side of the ideal cut."""
_FAR = 1.5
"""Cost of cutting one cue's length away from the ideal place, added to the cost of the break."""
_ALONE = 3.0


class BilingualCue(Struct, frozen=True, kw_only=True):
    """A cue with its lines by language, the upper one first."""

    start_s: float
    end_s: float
    lines: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def cue(self) -> Cue:
        """The lines without their languages."""
        return Cue(
            start_s=self.start_s,
            end_s=self.end_s,
            lines=tuple(line for _, lines in self.lines for line in lines),
        )


_Ranges = Mapping[str, tuple[int, int]]
_Cut = Mapping[str, int]


def languages_of(notes: Notes, chosen: SubtitleLanguages | None) -> tuple[str, ...]:
    """The languages to show, the upper one first: ``chosen``, or all that the talk has.

    Raises ``OutputError`` if the talk lacks one of them.
    """
    there = [language for language in ("en", "zh") if notes.sentences(language)]
    if chosen is None:
        return tuple(there)
    wanted = tuple(chosen.split("-"))
    for language in wanted:
        if language not in there:
            name = "Chinese" if language == "zh" else "English"
            raise OutputError(notes.source.title, f"the talk has no {name} for these subtitles")
    return wanted


def bilingual_cues(notes: Notes, languages: Sequence[str]) -> list[BilingualCue]:
    """The cues in order; raises ``OutputError`` if the talk has no times."""
    terms = {text for term in notes.terms for text in (term.english, term.chinese) if text}
    breaker = Breaker(terms)
    lead = "zh" if notes.source.language == "zh" else "en"
    shown = sorted(languages, key=lambda name: name != lead)
    blocks = [
        Spoken(texts=texts, stretches=block.stretches)
        for block in spoken(notes)
        # The spoken language comes first, since its times are known.
        if any((texts := {name: block.texts[name] for name in shown}).values())
    ]
    if not blocks:
        raise OutputError(notes.source.title, "subtitles need times, which this talk lacks")
    timed = [piece for block in _joined(blocks, breaker) for piece in _Cutter(block, breaker).pieces()]
    set_times(timed)
    return [
        BilingualCue(
            start_s=from_ms(cue.start),
            end_s=from_ms(cue.end),
            lines=tuple(
                (name, two_lines(cue.texts[name], name, breaker)) for name in languages if cue.texts[name]
            ),
        )
        for cue in timed
    ]


def _joined(blocks: Sequence[Spoken], breaker: Breaker) -> Iterator[Spoken]:
    """Blocks that are too short to read join the next, if both fit on one screen."""
    last = blocks[0]
    for block in blocks[1:]:
        texts = {
            name: join_sentences(filter(None, (last.texts[name], block.texts[name])), name)
            for name in last.texts
        }
        if (
            min(block.start_ms - last.start_ms, block.end_ms - block.start_ms) < SHORTEST_MS
            and block.start_ms - last.end_ms < SHORTEST_MS
            and block.end_ms - last.start_ms < LONGEST_MS
            and all(fits(text, name, breaker) for name, text in texts.items())
        ):
            whole = Stretch(start=0.0, end=1.0, start_ms=last.start_ms, end_ms=block.end_ms)
            last = Spoken(texts=texts, stretches=(whole,))
        else:
            yield last
            last = block
    yield last


class _Cutter:
    """Cuts one block; ranges are half-open, by language, in the block's texts."""

    def __init__(self, block: Spoken, breaker: Breaker) -> None:
        self._block = block
        self._breaker = breaker
        self._breaks = {name: breaker.breaks(text) for name, text in block.texts.items()}
        # The spoken language keeps the time, if it is shown.
        self._clock = next(name for name, text in block.texts.items() if text)

    def pieces(self) -> Iterator[TimedText]:
        """The whole block as cues whose texts fit, if possible."""
        ranges = {name: (0, len(text)) for name, text in self._block.texts.items()}
        return self._pieces(ranges, self._block.start_ms, self._block.end_ms)

    def _pieces(self, ranges: _Ranges, start_ms: int, end_ms: int) -> Iterator[TimedText]:
        texts = {name: self._block.texts[name][start:end].strip() for name, (start, end) in ranges.items()}
        whole = TimedText(start_ms, end_ms, texts)
        # Silence within a short text is no reason to split it.
        count = min(math.ceil((end_ms - start_ms) / LONGEST_MS), whole.reading_ms // SHORTEST_MS)
        count = max(1, count, *(_least(len(text), name) for name, text in texts.items()))
        if count == 1 and not all(fits(text, name, self._breaker) for name, text in texts.items()):
            count = 2
        # A cue needs at least one millisecond.
        cut = self._cut(ranges, count) if count > 1 and end_ms - start_ms >= 2 else None
        if cut is None:
            yield whole
            return
        stop_ms, go_ms = (min(end_ms, max(start_ms, at)) for at in self._times(ranges, cut, start_ms, end_ms))
        yield from self._pieces({name: (ranges[name][0], at) for name, at in cut.items()}, start_ms, stop_ms)
        yield from self._pieces({name: (at, ranges[name][1]) for name, at in cut.items()}, go_ms, end_ms)

    def _times(self, ranges: _Ranges, cut: _Cut, start_ms: int, end_ms: int) -> tuple[int, int]:
        """When the words before the cut end, and when those after it begin, in ms."""
        at = cut[self._clock]
        if ranges[self._clock][0] < at < ranges[self._clock][1]:
            text = self._block.texts[self._clock]
            said = len(text[:at].rstrip()) / len(text)
            return round(self._block.ends_ms(said)), round(self._block.starts_ms(at / len(text)))
        # The spoken text stays whole, and the other one is spread evenly.
        name = next(name for name, place in cut.items() if ranges[name][0] < place < ranges[name][1])
        start, end = ranges[name]
        between = round(start_ms + (cut[name] - start) / (end - start) * (end_ms - start_ms))
        return between, between

    def _cut(self, ranges: _Ranges, count: int) -> _Cut | None:
        """Where to cut so that the first part takes half of ``count`` cues; None if impossible."""
        first = count // 2
        names = sorted(ranges, key=lambda name: name != self._clock)
        options = [self._options(name, ranges[name], first / count) for name in names]
        best, least = None, math.inf
        for chosen in product(*options):
            if not any(
                ranges[n][0] < place.at < ranges[n][1] for n, place in zip(names, chosen, strict=True)
            ):
                continue
            cost, aim = 0.0, first / count
            for name, place in zip(names, chosen, strict=True):
                start, end = ranges[name]
                if start == end:
                    continue
                share = (place.at - start) / (end - start)
                crowded = max(0, _least(place.at - start, name) - first)
                crowded += max(0, _least(end - place.at, name) - (count - first))
                cost += place.cost + _FAR * count * abs(share - aim) + crowded
                if name == self._clock:
                    aim = share  # cut the other language at the same share as the spoken one
            if cost < least:
                best, least = dict(zip(names, (place.at for place in chosen), strict=True)), cost
        return best

    def _options(self, name: str, within: tuple[int, int], share: float) -> list[Break]:
        start, end = within
        if start == end:
            return [Break(at=start, cost=0.0)]
        places = self._breaks[name]
        low, high = (bisect_right(places, at, key=lambda place: place.at) for at in (start, end - 1))
        middle = bisect_right(places, start + share * (end - start), key=lambda place: place.at)
        text = self._block.texts[name]
        near = [
            place
            for place in places[max(low, middle - _NEAR) : min(high, middle + _NEAR)]
            if _says_something(text[start : place.at]) and _says_something(text[place.at : end])
        ]
        # The last resort: all of a text on one side, so that the other language is shown alone.
        return [*near, Break(at=start, cost=_ALONE), Break(at=end, cost=_ALONE)]


def _says_something(text: str) -> bool:
    """Whether a cue may hold ``text`` alone: a lone mark is not worth a second."""
    return any(char.isalnum() for char in text)


def _least(count: int, language: str) -> int:
    """The minimum number of cues for ``count`` characters."""
    return math.ceil(count / (2 * LINE_CHARS[language]))
