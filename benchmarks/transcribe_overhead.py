"""What studykit adds to the time of faster-whisper, at equal options, and whether the words are the same.

    python benchmarks/transcribe_overhead.py RECORDING… [--model base] [--rounds 5]

Both read the file, find speech and decode it, in batches of the same size, by one and the same model
object, in one process, in turns. Counted is the CPU time of all threads, since wall time depends on what
else the machine does; the ratio is that of the medians. Hot words are off and the language is given. What
is doubtful or passed over is heard again by studykit and not by the library, and what may be in another
language is looked at; so those seconds stand apart, and the ratio without them beside the other. Words are
compared one by one: how many of the library's are missing, and how many are added.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from studykit import engines
from studykit.engines.machine import threads
from studykit.engines.models import ensure
from studykit.engines.speech import faster_whisper
from studykit.engines.speech.faster_whisper import recognise_chunk, recognise_piece_again
from studykit.transcribe import Recognised, Samples, transcribe

BATCH = 4
CHUNK_S = 120.0
T = TypeVar("T")


class OnOneModel:
    """studykit's recogniser on a model that is loaded already."""

    engine, model, device, choice, chunk_s = "faster-whisper", "measured", "cpu", "", CHUNK_S

    def __init__(self, whisper: Any) -> None:
        self._whisper = whisper
        self.beyond_s = 0.0
        """CPU seconds spent on hearing again, and on looking for other languages."""

    def language_of(self, samples: Samples) -> str | None:
        """Never asked, since the language is given."""
        raise NotImplementedError

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        """As ``FasterWhisper.recognise``, with the closer look timed."""
        look = faster_whisper.looked_closer

        def looked(*args: Any, **options: Any) -> Any:
            found, took_s = timed(lambda: look(*args, **options))
            self.beyond_s += took_s
            return found

        faster_whisper.looked_closer = looked
        try:
            return recognise_chunk(self._whisper, samples, language, hot_words, BATCH)
        finally:
            faster_whisper.looked_closer = look

    def recognise_again(self, samples: Samples, *, language: str) -> Recognised:
        """As ``FasterWhisper.recognise_again``, timed."""
        found, took_s = timed(lambda: recognise_piece_again(self._whisper, samples, language))
        self.beyond_s += took_s
        return found


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result, and the CPU seconds it took."""
    start = time.process_time()
    return work(), time.process_time() - start


def library(whisper: Any, path: Path, language: str) -> list[str]:
    """The words by faster-whisper alone."""
    from faster_whisper import BatchedInferencePipeline, decode_audio  # noqa: PLC0415

    segments, _ = BatchedInferencePipeline(whisper).transcribe(
        decode_audio(str(path)), language=language, batch_size=BATCH, word_timestamps=True
    )
    return [word.word.strip() for seg in segments for word in seg.words or ()]


def ours(recogniser: OnOneModel, path: Path, language: str) -> list[str]:
    """The words by studykit, with times in order, sentences and checkpoints."""
    made = transcribe(
        engines.audio_file(path),
        source_id=path.name,
        recogniser=recogniser,
        simplified=str,
        checkpoints={},
        language=language,
    )
    return [word.text for seg in made.segments for word in seg.words]


def compared(theirs: list[str], mine: list[str]) -> str:
    """How many words of the library's are missing, and how many are added."""
    missing = added = 0
    for op in SequenceMatcher(a=theirs, b=mine, autojunk=False).get_opcodes():
        if op[0] != "equal":
            missing, added = missing + op[2] - op[1], added + op[4] - op[3]
    return f"{missing} of {len(theirs)} missing, {added} added"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("recordings", type=Path, nargs="+")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--language", default="en")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    from faster_whisper import WhisperModel  # noqa: PLC0415

    whisper = WhisperModel(
        str(ensure(args.model)),
        device="cpu",
        compute_type="int8",
        cpu_threads=threads(),
        local_files_only=True,
    )
    library(whisper, args.recordings[0], args.language)  # the first run loads what is loaded late
    print("| recording | s | library, CPU s | studykit, CPU s | ratio | beyond, CPU s | without | words |")
    print("|---|---|---|---|---|---|---|---|")
    sums = [0.0, 0.0, 0.0]
    for path in args.recordings:
        rows: list[tuple[float, float, float]] = []
        for _ in range(args.rounds):
            theirs, library_s = timed(lambda path=path: library(whisper, path, args.language))
            recogniser = OnOneModel(whisper)
            mine, own_s = timed(lambda path=path, own=recogniser: ours(own, path, args.language))
            rows.append((library_s, own_s, recogniser.beyond_s))
        library_s, own_s, beyond_s = (median(column) for column in zip(*rows, strict=True))
        sums = [total + part for total, part in zip(sums, (library_s, own_s, beyond_s), strict=True)]
        same = "the same" if mine == theirs else compared(theirs, mine)
        print(
            f"| {path.name} | {engines.audio_file(path).duration_s:.0f} | {library_s:.2f} | {own_s:.2f} "
            f"| {own_s / library_s:.3f} | {beyond_s:.2f} | {(own_s - beyond_s) / library_s:.3f} | {same} |",
            flush=True,
        )
    library_s, own_s, beyond_s = sums
    print(
        f"| all | | {library_s:.2f} | {own_s:.2f} | {own_s / library_s:.3f} | {beyond_s:.2f} "
        f"| {(own_s - beyond_s) / library_s:.3f} | |"
    )


if __name__ == "__main__":
    main()
