"""Turns speech into timed words, chunk by chunk, with a checkpoint after each chunk.

The recogniser is an argument; its words are put in order here. Knows nothing of models, devices or
files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from studykit.errors import EmptyInputError
from studykit.languages import is_chinese
from studykit.transcribe.cached import CachedRecogniser
from studykit.transcribe.chunks import Chunk, chunks
from studykit.transcribe.doubt import LeftOut, heard_twice
from studykit.transcribe.hot_words import called_for, glossary_hot_words
from studykit.transcribe.recogniser import (
    SAMPLE_RATE,
    Audio,
    Checkpoints,
    OtherLanguage,
    Recognised,
    RecognisedSegment,
    RecognisedWord,
    Recogniser,
    Samples,
)
from studykit.transcribe.script import in_script
from studykit.transcribe.speakers import Diarizer, SpeakerTurn, with_speakers
from studykit.transcribe.words import placed
from studykit.types import Hearing, Segment, Transcript

__all__ = [
    "SAMPLE_RATE",
    "Audio",
    "Checkpoints",
    "Diarizer",
    "LeftOut",
    "OtherLanguage",
    "Recognised",
    "RecognisedSegment",
    "RecognisedWord",
    "Recogniser",
    "Samples",
    "SpeakerTurn",
    "called_for",
    "glossary_hot_words",
    "transcribe",
]


def transcribe(
    audio: Audio,
    *,
    source_id: str,
    recogniser: Recogniser,
    simplified: Callable[[str], str],
    checkpoints: Checkpoints,
    language: str | None = None,
    hot_words: Callable[[str, str], str] = lambda _language, _heard: "",
    diarizer: Diarizer | None = None,
    progress: Callable[[float], None] = lambda _: None,
    told: Callable[[LeftOut | OtherLanguage], None] = lambda _: None,
) -> Transcript:
    """Recognise a whole recording.

    Every recognised chunk goes into ``checkpoints``, and no chunk found there is recognised again.
    ``progress`` gets the number of seconds done, before and after each chunk recognised in this run.
    ``hot_words`` gives the names and terms to expect, comma-separated, from the language and what was
    heard so far without them; the first chunk that calls for them is heard once more, with them.
    ``simplified`` turns Chinese of any script into simplified characters. ``told`` gets every stretch that
    could not be heard or seems to be in another language, where what was recognised is doubtful; in seconds
    of the recording. Raises ``EmptyInputError`` without speech, and what the engines raise.
    """
    cached = CachedRecogniser(
        recogniser=recogniser, source_id=source_id, checkpoints=checkpoints, progress=progress
    )
    segments: list[Segment] = []
    elsewhere: list[OtherLanguage] = []
    heard, hints = "", ""
    timings: set[str] = set()
    for chunk in chunks(audio.blocks(), recogniser.chunk_s):
        if (language := language or cached.language_of(chunk)) is None:
            continue
        found, remarks = _heard(cached, chunk, language, hints)
        if not hints:
            heard = " ".join([heard, *(part.text for part in found.segments)])
            hints = hot_words(language, heard)
            if hints and found.segments:
                found, remarks = _heard(cached, chunk, language, hints)
        timings.update(found.timing for _ in found.segments)
        _append(segments, found, chunk)
        for stretch in remarks:
            told(stretch)
        elsewhere += (stretch for stretch in remarks if isinstance(stretch, OtherLanguage))
    if not segments or language is None:
        raise _nothing(audio, language, elsewhere)
    segments = [_marked(seg, elsewhere) for seg in segments]
    if is_chinese(language):
        segments = [in_script(seg, simplified) for seg in segments]
    if diarizer:
        segments = list(with_speakers(segments, diarizer.turns(audio), language))
    return Transcript(
        source_id=source_id,
        language=language,
        segments=tuple(segments),
        engine=recogniser.engine,
        # A talk with two kinds of times is only as good as the worse kind.
        timing="attention" if "attention" in timings else "forced_alignment",
        options=tuple(_options(recogniser, hints, diarizer)),
    )


def _heard(
    cached: CachedRecogniser, chunk: Chunk, language: str, hot_words: str
) -> tuple[Recognised, list[LeftOut | OtherLanguage]]:
    """What was recognised in a chunk, in its own time, and what is to be told, in that of the recording."""

    def again(samples: Samples, start_s: float) -> Recognised:
        piece = Chunk(start=chunk.start + round(start_s * SAMPLE_RATE), samples=samples)
        return cached.recognise_again(piece, language=language)

    found = cached.recognise(chunk, language=language, hot_words=hot_words)
    start_s = chunk.start / SAMPLE_RATE
    kept, left_out = heard_twice(found, chunk.samples, again, hot_words, start_s)
    others = (
        OtherLanguage(part.start_s + start_s, part.end_s + start_s, part.language) for part in found.others
    )
    return kept, [*left_out, *others]


def _append(segments: list[Segment], found: Recognised, chunk: Chunk) -> None:
    """Append what was recognised in a chunk, in order and in the recording's time."""
    for part in found.segments:
        not_before_s = (segments[-1].end_s or 0.0) if segments else 0.0
        segments += placed(part, chunk.start / SAMPLE_RATE, not_before_s)


def _nothing(audio: Audio, language: str | None, elsewhere: Sequence[OtherLanguage]) -> EmptyInputError:
    if not elsewhere:
        return EmptyInputError(audio.path, "there is no speech in it")
    tag = elsewhere[0].language
    return EmptyInputError(
        audio.path,
        f"nothing in it was heard as {language!r}",
        hint=f"It seems to be {tag!r}: --language {tag}",
    )


def _marked(seg: Segment, others: Sequence[OtherLanguage]) -> Segment:
    """The segment, doubtful if most of it lies in another language."""
    start_s, end_s = seg.start_s or 0.0, seg.end_s or 0.0
    for other in others:
        shared_s = min(end_s, other.end_s) - max(start_s, other.start_s)
        if shared_s > (end_s - start_s) / 2:
            hearing = replace(seg.hearing or Hearing(), language=other.language)
            return replace(seg, hearing=hearing, doubtful=True)
    return seg


def _options(recogniser: Recogniser, hot_words: str, diarizer: Diarizer | None) -> Iterator[tuple[str, str]]:
    yield "model", recogniser.model
    if hot_words:
        yield "hot_words", hot_words
    if diarizer:
        yield "diarizer", diarizer.name
