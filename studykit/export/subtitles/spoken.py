"""What is said at one time: the texts of a bead in the languages shown, with times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from studykit.languages import gap_after
from studykit.timecode import to_ms
from studykit.types import Notes, Sentence, Span

__all__ = ["Spoken", "Stretch", "spoken"]


class Stretch(Struct, frozen=True, kw_only=True):
    """Speech between two shares (0-1) of a text, at an even pace between two times in ms."""

    start: float
    end: float
    start_ms: int
    end_ms: int

    def at(self, share: float) -> float:
        """The time in ms at which ``share`` of the whole text has been said."""
        part = (share - self.start) / (self.end - self.start) if self.end > self.start else 0.0
        return self.start_ms + min(1.0, max(0.0, part)) * (self.end_ms - self.start_ms)


class Spoken(Struct, frozen=True, kw_only=True):
    """``texts`` by language; the spoken language's text is the one that the stretches divide."""

    texts: dict[str, str]
    stretches: tuple[Stretch, ...]

    @property
    def start_ms(self) -> int:
        """When it begins."""
        return self.stretches[0].start_ms

    @property
    def end_ms(self) -> int:
        """When it ends."""
        return self.stretches[-1].end_ms

    def starts_ms(self, share: float) -> float:
        """When what follows ``share`` of the text begins."""
        return next((s for s in self.stretches if share < s.end), self.stretches[-1]).at(share)

    def ends_ms(self, share: float) -> float:
        """When what precedes ``share`` of the text ends, which may be before a pause."""
        return next((s for s in self.stretches if share <= s.end), self.stretches[-1]).at(share)


def spoken(notes: Notes) -> Iterator[Spoken]:
    """The talk in order; beads without times join their neighbours. Empty if nothing has times."""
    lead = "zh" if notes.source.language == "zh" else "en"
    waiting: list[dict[str, Span]] = []
    waiting_timed = False
    for english, chinese in notes.pairs():
        spans = {"en": english, "zh": chinese}
        timed = any(notes.sentences(lead)[i].start_s is not None for i in spans[lead])
        if timed and waiting_timed:
            yield _spoken(notes, waiting, lead)
            waiting = []
        waiting.append(spans)
        waiting_timed = waiting_timed or timed
    if waiting_timed:
        yield _spoken(notes, waiting, lead)


def _spoken(notes: Notes, pairs: Sequence[dict[str, Span]], lead: str) -> Spoken:
    texts = {}
    for language in ("en", "zh"):
        sentences = [notes.sentences(language)[i] for spans in pairs for i in spans[language]]
        text, ends = _joined(sentences, language)
        texts[language] = text
        if language == lead:
            stretches = tuple(_stretches(sentences, ends, len(text)))
    return Spoken(texts=texts, stretches=stretches)


def _joined(sentences: Sequence[Sentence], language: str) -> tuple[str, list[int]]:
    """The sentences as one line with single spaces, and where each ends in it."""
    line, ends = "", []
    for sent in sentences:
        text = " ".join(sent.text.split())
        line += (gap_after(line, language) if line and text else "") + text
        ends.append(len(line))
    return line, ends


def _stretches(sentences: Sequence[Sentence], ends: Sequence[int], length: int) -> Iterator[Stretch]:
    """One for each sentence with times, which includes the sentences without times after it."""
    timed = [i for i, sent in enumerate(sentences) if sent.start_s is not None]
    last_ms = 0
    for number, i in enumerate(timed):
        until = timed[number + 1] if number + 1 < len(timed) else len(sentences)
        start_s = sentences[i].start_s or 0.0
        end_s = max((sent.end_s or start_s for sent in sentences[i:until]), default=start_s)
        start_ms = max(last_ms, to_ms(start_s))
        last_ms = max(start_ms, to_ms(end_s))
        yield Stretch(
            start=ends[i - 1] / length if length and number else 0.0,
            end=ends[until - 1] / length if length else 1.0,
            start_ms=start_ms,
            end_ms=last_ms,
        )
