"""How well speech is recognised: errors, word times and speed, on recordings with known texts.

    python benchmarks/transcribe_quality.py AUDIO_DIR [--engine whisperx] [--model base] [--no-hot-words]

AUDIO_DIR holds recordings and ``refs.json``: ``{"talk.wav": {"language": "en", "text": "…"}}``. English
counts words without case and marks (WER), Chinese characters in simplified script (CER). Where
``pocketsphinx`` is installed, it places the reference's English words by forced alignment, and the
starts that lie within 200 ms of its own are counted among the words that were recognised. The real-
time factor counts recognition alone, after a first run that loads the model.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from studykit import engines
from studykit.glossary import load
from studykit.resources import data_dir
from studykit.transcribe import SAMPLE_RATE, Recogniser, called_for, glossary_hot_words, transcribe
from studykit.types import Transcript

NEAR_S = 0.2


def units(text: str, language: str) -> list[str]:
    """What errors are counted in: words in English, characters in Chinese."""
    if language == "zh":
        return list(re.sub(r"\W", "", engines.simplified(text)))
    return re.sub(r"[^\w' ]", " ", text.replace("’", "'").lower()).split()


def run(recogniser: Recogniser, path: Path, language: str, glossary_words: bool) -> tuple[Transcript, float]:
    """The transcript, made from nothing, and the seconds it took."""
    glossary = load([data_dir("glossaries")])
    start = time.perf_counter()
    made = transcribe(
        engines.audio_file(path),
        source_id=path.name,
        recogniser=recogniser,
        simplified=engines.simplified,
        checkpoints={},
        language=language,
        hot_words=lambda tag, heard: (
            glossary_hot_words(glossary, tag) if glossary_words and called_for(glossary, tag, heard) else ""
        ),
    )
    return made, time.perf_counter() - start


def oracle(path: Path, words: Sequence[str]) -> list[float] | None:
    """When each word starts, by pocketsphinx; None when it cannot align them."""
    from pocketsphinx import Decoder  # noqa: PLC0415

    decoder = Decoder(samprate=SAMPLE_RATE, loglevel="FATAL")
    if any(decoder.lookup_word(word) is None for word in words):
        return None
    samples = np.concatenate(list(engines.audio_file(path).blocks()))
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw((samples * 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    segs = [seg for seg in decoder.seg() or () if not re.match(r"<|\[|\(", seg.word)]
    found = [re.sub(r"\(\d+\)$", "", seg.word) for seg in segs]
    return [seg.start_frame / 100 for seg in segs] if found == list(words) else None


def near(transcript: Transcript, words: Sequence[str], starts_s: Sequence[float]) -> tuple[int, int]:
    """How many of the words that were recognised start where the oracle says, and of how many."""
    heard = [
        (unit, word.start_s)
        for seg in transcript.segments
        for word in seg.words
        for unit in units(word.text, "en")
    ]
    pairs = [
        (heard[op.dest_start + i][1], starts_s[op.src_start + i])
        for op in Levenshtein.opcodes(words, [unit for unit, _ in heard])
        if op.tag == "equal"
        for i in range(op.src_end - op.src_start)
    ]
    return sum(abs((mine or 0.0) - theirs) <= NEAR_S for mine, theirs in pairs), len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", default="faster-whisper")
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--no-hot-words", action="store_true")
    args = parser.parse_args()
    recogniser = engines.recogniser(args.engine, model=args.model, device=args.device)
    references = json.loads((args.folder / "refs.json").read_text(encoding="utf-8"))
    first = next(iter(references))
    run(recogniser, args.folder / first, references[first]["language"], not args.no_hot_words)
    print(f"{recogniser.engine}, {recogniser.model}, {recogniser.device}\n")
    print("| recording | s | errors | word starts within 200 ms | real-time factor |\n|---|---|---|---|---|")
    for name, reference in references.items():
        path, language = args.folder / name, reference["language"]
        made, took_s = run(recogniser, path, language, not args.no_hot_words)
        expected = units(reference["text"], language)
        got = units(" ".join(seg.text for seg in made.segments), language)
        error = Levenshtein.distance(expected, got) / len(expected)
        placed = ""
        if language == "en" and find_spec("pocketsphinx") and (starts_s := oracle(path, expected)):
            hits, total = near(made, expected, starts_s)
            placed = f"{hits / total:.1%} of {total}"
        duration_s = engines.audio_file(path).duration_s
        kind = "CER" if language == "zh" else "WER"
        print(f"| {name} | {duration_s:.0f} | {kind} {error:.1%} | {placed} | {took_s / duration_s:.2f} |")


if __name__ == "__main__":
    main()
