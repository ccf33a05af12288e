from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import EmptyInputError
from studykit.talk.read.hearings import CacheFolder
from studykit.transcribe import (
    SAMPLE_RATE,
    Audio,
    Recognised,
    RecognisedSegment,
    RecognisedWord,
    Recogniser,
    Samples,
    SpeakerTurn,
    transcribe,
)
from studykit.transcribe.chunks import chunks
from studykit.types import Transcript
from tests.transcribe.fakes import SPOKEN_S, FakeAudio, FakeRecogniser, recording


def made(recogniser: Recogniser, audio: Audio, **options: object) -> Transcript:
    given = {"source_id": "id", "simplified": str, "checkpoints": {}} | options
    return transcribe(audio, recogniser=recogniser, **given)  # type: ignore[arg-type]


def words_of(transcript: Transcript) -> list[tuple[str, float | None, float | None]]:
    return [(word.text, word.start_s, word.end_s) for seg in transcript.segments for word in seg.words]


@given(st.lists(st.integers(1, 90_000), max_size=60), st.sampled_from([20.5, 21.0, 30.0]))
def test_chunks_are_the_whole_recording_and_none_is_too_long(sizes: list[int], chunk_s: float) -> None:
    noise = np.random.default_rng(0).normal(size=sum(sizes)).astype(np.float32)
    blocks = np.split(noise, np.cumsum(sizes)[:-1]) if sizes else []
    cut = list(chunks(blocks, chunk_s))
    joined = np.concatenate([chunk.samples for chunk in cut]) if cut else noise
    assert np.array_equal(joined, noise)
    assert all(a.end == b.start for a, b in pairwise(cut))
    assert all(0 < len(chunk.samples) <= chunk_s * SAMPLE_RATE for chunk in cut)


def test_chunks_do_not_depend_on_how_the_blocks_came_and_end_in_silence() -> None:
    samples = recording(100)
    cuts = [
        [chunk.start for chunk in chunks(FakeAudio(samples, block).blocks(), 30.0)]
        for block in (1_000, 7_777, len(samples))
    ]
    assert cuts[0] == cuts[1] == cuts[2]
    assert len(cuts[0]) >= 4
    for cut in cuts[0][1:]:
        assert cut / SAMPLE_RATE % 1 >= SPOKEN_S


def test_a_chunk_must_be_longer_than_what_is_searched_for_its_end() -> None:
    with pytest.raises(ValueError, match="chunk_s must be above"):
        list(chunks([], 20.0))


def test_chunks_are_merged_with_the_times_of_the_recording() -> None:
    recogniser = FakeRecogniser()
    transcript = made(recogniser, FakeAudio(recording(100)))
    assert len(recogniser.recognised) >= 4
    assert words_of(transcript) == [
        (f"w{i}", pytest.approx(i, abs=2e-3), pytest.approx(i + SPOKEN_S, abs=2e-3)) for i in range(100)
    ]
    assert transcript.timing == "attention"
    assert transcript.engine == "fake-1"
    assert ("model", "fake-model") in transcript.options


def test_the_language_is_detected_where_somebody_speaks() -> None:
    samples = np.concatenate([np.zeros(40 * SAMPLE_RATE, dtype=np.float32), recording(30)])
    recogniser = FakeRecogniser(language="zh")
    transcript = made(recogniser, FakeAudio(samples), hot_words=lambda tag, heard: f"words in {tag}")
    assert transcript.language == "zh"
    assert set(recogniser.hot_words[1:]) == {"words in zh"}
    assert ("hot_words", "words in zh") in transcript.options


def test_a_recording_without_speech_is_refused_by_name() -> None:
    with pytest.raises(EmptyInputError, match=r"talk\.wav: there is no speech"):
        made(FakeRecogniser(), FakeAudio(np.zeros(50 * SAMPLE_RATE, dtype=np.float32)))


def test_times_of_two_kinds_are_as_good_as_the_worse_kind() -> None:
    class Mixed(FakeRecogniser):
        def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
            found = super().recognise(samples, language=language, hot_words=hot_words)
            return found if len(self.recognised) == 2 else found._replace(timing="forced_alignment")

    assert made(Mixed(), FakeAudio(recording(25))).timing == "forced_alignment"
    assert made(Mixed(), FakeAudio(recording(100))).timing == "attention"


def test_progress_counts_only_what_is_heard_now() -> None:
    checkpoints: dict[str, bytes] = {}
    first: list[float] = []
    made(FakeRecogniser(), FakeAudio(recording(60)), checkpoints=checkpoints, progress=first.append)
    assert first == sorted(first)
    assert first[0] == 0
    assert first[-1] == 60
    second: list[float] = []
    again = FakeRecogniser()
    made(again, FakeAudio(recording(60)), checkpoints=checkpoints, progress=second.append)
    assert (again.recognised, second) == ([], [])


@pytest.mark.parametrize(
    "change",
    [{"source_id": "other"}, {"language": "zh"}, {"hot_words": lambda _, heard: "LoRA"}, {"model": "larger"}],
    ids=lambda change: next(iter(change)),
)
def test_a_checkpoint_serves_what_it_was_made_for_and_nothing_else(change: dict[str, object]) -> None:
    checkpoints: dict[str, bytes] = {}
    made(FakeRecogniser(), FakeAudio(recording(25)), checkpoints=checkpoints, language="en")
    again = FakeRecogniser()
    again.model = str(change.get("model", again.model))
    options = {"language": "en", "checkpoints": checkpoints} | change
    options.pop("model", None)
    made(again, FakeAudio(recording(25)), **options)
    assert len(again.recognised) == 1


def test_hot_words_wait_until_the_talk_calls_for_them() -> None:
    recogniser = FakeRecogniser()
    chunks_of = FakeAudio(recording(100))
    made(recogniser, chunks_of, hot_words=lambda _, heard: "LoRA" if "w40" in heard.split() else "")
    first = next(i for i, words in enumerate(recogniser.hot_words) if words)
    assert recogniser.hot_words == [""] * first + ["LoRA"] * (len(recogniser.hot_words) - first)
    assert first >= 2
    assert recogniser.recognised[first] == recogniser.recognised[first - 1]  # the same chunk, once more


def test_other_hot_words_are_no_reason_to_hear_again() -> None:
    checkpoints: dict[str, bytes] = {}
    made(
        FakeRecogniser(), FakeAudio(recording(60)), checkpoints=checkpoints, hot_words=lambda _, heard: "LoRA"
    )
    again = FakeRecogniser()
    made(again, FakeAudio(recording(60)), checkpoints=checkpoints, hot_words=lambda _, heard: "LoRA, RLHF")
    assert again.recognised == []


SCRIPT = """
import sys
from pathlib import Path
from studykit.talk.read.hearings import CacheFolder
from tests.transcribe.fakes import FakeAudio, FakeRecogniser, recording
from studykit.transcribe import transcribe
transcribe(
    FakeAudio(recording(100)), source_id="id", recogniser=FakeRecogniser(dies_at=2), simplified=str,
    checkpoints=CacheFolder(Path(sys.argv[1])),
)
"""


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=root, check=False)
    assert done.returncode == -9
    whole = FakeRecogniser()
    expected = made(whole, FakeAudio(recording(100)))
    again = FakeRecogniser()
    transcript = made(again, FakeAudio(recording(100)), checkpoints=CacheFolder(tmp_path))
    assert transcript == expected
    assert again.recognised == whole.recognised[2:]


class Reading:
    """Hears one segment in Chinese, in traditional characters."""

    engine, model, device, choice, chunk_s = "fake", "fake", "fake", "", 30.0

    def language_of(self, samples: Samples) -> str | None:
        return "zh"

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        words = tuple(RecognisedWord(char, i * 0.5, i * 0.5 + 0.5, 0.8) for i, char in enumerate("訓練模型"))
        return Recognised("attention", (RecognisedSegment("訓練模型", 0.0, 2.0, words),))

    def recognise_again(self, samples: Samples, *, language: str) -> Recognised:
        raise AssertionError


def test_chinese_is_simplified_and_what_was_heard_is_kept() -> None:
    table = str.maketrans("訓練", "训练")
    transcript = made(Reading(), FakeAudio(recording(3)), simplified=lambda text: text.translate(table))
    (seg,) = transcript.segments
    assert (seg.text, seg.original) == ("训练模型", "訓練模型")
    assert [word.text for word in seg.words] == list("训练模型")


def test_a_script_of_another_length_is_converted_word_by_word() -> None:
    (seg,) = made(
        Reading(), FakeAudio(recording(3)), simplified=lambda text: text.replace("訓", "训导")
    ).segments
    assert seg.text == "训导練模型"
    assert [word.text for word in seg.words] == ["训导", "練", "模", "型"]


class Turns:
    name = "turns"

    def __init__(self, *turns: SpeakerTurn) -> None:
        self._turns = list(turns)

    def turns(self, audio: Audio) -> list[SpeakerTurn]:
        return self._turns


def test_speakers_cut_segments_between_words() -> None:
    turns = Turns(SpeakerTurn(0.0, 2.3, "A"), SpeakerTurn(2.2, 8.0, "B"))
    transcript = made(FakeRecogniser(), FakeAudio(recording(5)), diarizer=turns)
    assert [(seg.speaker, seg.text, seg.start_s) for seg in transcript.segments] == [
        ("A", "w0 w1", 0.0),
        ("B", "w2 w3 w4", 2.0),
    ]
    assert ("diarizer", "turns") in transcript.options


def test_a_word_between_turns_stays_with_the_speaker_before_it() -> None:
    turns = Turns(SpeakerTurn(0.0, 1.0, "A"), SpeakerTurn(3.0, 8.0, "B"))
    transcript = made(FakeRecogniser(), FakeAudio(recording(5)), diarizer=turns)
    assert [(seg.speaker, seg.text) for seg in transcript.segments] == [("A", "w0 w1 w2"), ("B", "w3 w4")]
