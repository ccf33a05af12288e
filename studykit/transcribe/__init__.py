"""Turns speech into timed words, chunk by chunk, with a checkpoint after each chunk.

The recogniser is an argument; its words are put in order here. Knows nothing of models, devices or
files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studykit.errors import EmptyInputError
from studykit.languages import is_chinese
from studykit.transcribe.cached import CachedRecogniser
from studykit.transcribe.chunks import chunks
from studykit.transcribe.hot_words import glossary_hot_words
from studykit.transcribe.recogniser import (
    SAMPLE_RATE,
    Audio,
    Checkpoints,
    Recognised,
    RecognisedSegment,
    RecognisedWord,
    Recogniser,
    Samples,
)
from studykit.transcribe.script import in_script
from studykit.transcribe.speakers import Diarizer, SpeakerTurn, with_speakers
from studykit.transcribe.words import placed
from studykit.types import Segment, Transcript

__all__ = [
    "SAMPLE_RATE",
    "Audio",
    "Checkpoints",
    "Diarizer",
    "Recognised",
    "RecognisedSegment",
    "RecognisedWord",
    "Recogniser",
    "Samples",
    "SpeakerTurn",
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
    hot_words: Callable[[str], str] = lambda _: "",
    diarizer: Diarizer | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Transcript:
    """Recognise a whole recording.

    Every recognised chunk goes into ``checkpoints``, and no chunk found there is recognised again.
    ``progress`` gets the number of seconds done, before and after each chunk recognised in this run.
    ``hot_words`` gives the names and terms to expect in a language, comma-separated; ``simplified``
    turns Chinese of any script into simplified characters. Raises ``EmptyInputError`` if there is no
    speech, and what the engines raise.
    """
    cached = CachedRecogniser(
        recogniser=recogniser, source_id=source_id, checkpoints=checkpoints, progress=progress
    )
    segments: list[Segment] = []
    timings = set()
    for chunk in chunks(audio.blocks(), recogniser.chunk_s):
        language = language or cached.language_of(chunk)
        if language is None:
            continue
        found = cached.recognise(chunk, language=language, hot_words=hot_words(language))
        if found.segments:
            timings.add(found.timing)
        for part in found.segments:
            not_before_s = (segments[-1].end_s or 0.0) if segments else 0.0
            segments += placed(part, chunk.start / SAMPLE_RATE, not_before_s)
    if not segments or language is None:
        raise EmptyInputError(audio.path, "there is no speech in it")
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
        options=tuple(_options(recogniser, hot_words(language), diarizer)),
    )


def _options(recogniser: Recogniser, hot_words: str, diarizer: Diarizer | None) -> Iterator[tuple[str, str]]:
    yield "model", recogniser.model
    if hot_words:
        yield "hot_words", hot_words
    if diarizer:
        yield "diarizer", diarizer.name
