"""How long the stages take, beside the aligner, which has a benchmark of its own; best of three.

python benchmarks/stages_speed.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from studykit.formats import parse
from studykit.segment import segment
from studykit.store import Embeddings, Store
from studykit.types import Segment, Transcript

LINES = ("So we walk to the harbour and look at the boats.", "It is late.", "and then we eat something.")


def best_s(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def rolling_captions(cues: int) -> str:
    """WebVTT with a time for every word, as automatic captions have."""
    made = []
    for i in range(cues):
        minutes, s = divmod(i * 2, 60)
        stamp = f"{minutes // 60:02}:{minutes % 60:02}:{s:02}"
        words = "".join(f"<{stamp}.{k}00><c> w{k}</c>" for k in range(1, 9))
        made.append(f"{stamp}.000 --> {stamp}.950\nw0{words}\n")
    return "WEBVTT\n\n" + "\n".join(made)


def transcript(sentences: int, *, marked: bool) -> Transcript:
    texts = [LINES[i % 3] if marked else LINES[i % 3].lower().rstrip(".") for i in range(sentences)]
    segments = tuple(Segment(text=text, start_s=4.0 * i, end_s=4.0 * i + 4) for i, text in enumerate(texts))
    return Transcript(source_id="", language="en", segments=segments, engine="benchmark", timing="captions")


def all_of(store: Store, keys: list[str]) -> list[bytes]:
    vectors = Embeddings(store, "talk")
    return [vectors[key] for key in keys]


def main() -> None:
    text = rolling_captions(6000)
    print(f"parse 6,000 captions with word times: {best_s(lambda: parse(text, Path('a.vtt'))):.2f} s")
    for marked in (True, False):
        for count in (1000, 4000, 16000):
            talk = transcript(count, marked=marked)
            took_s = best_s(partial(segment, talk))
            print(f"segment {count:,} sentences {'with' if marked else 'without'} marks: {took_s:.2f} s")
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "study.db") as store:
        keys = [f"{i:064x}"[::-1] for i in range(8000)]
        Embeddings(store, "talk").update({key: bytes(2048) for key in keys})
        read = partial(all_of, store, keys)
        print(f"read 8,000 stored vectors: {best_s(read):.2f} s")


if __name__ == "__main__":
    main()
