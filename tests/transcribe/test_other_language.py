"""Stretches in another language: found in pieces, marked, told, and never heard again in vain."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from studykit.engines.speech import languages
from studykit.engines.speech.languages import Closer, listening, looked_closer
from studykit.errors import EmptyInputError
from studykit.talk.read.heard import warnings_of
from studykit.transcribe import (
    SAMPLE_RATE,
    LeftOut,
    OtherLanguage,
    Recognised,
    RecognisedSegment,
    Samples,
    transcribe,
)
from studykit.transcribe.doubt import heard_twice
from studykit.types import Transcript
from tests.transcribe.fakes import FakeAudio, FakeRecogniser, recording

ENGLISH, GERMAN, UNSURE = {"en": 0.9, "de": 0.02}, {"en": 0.04, "de": 0.8}, {"en": 0.3, "de": 0.4}


class Whisper:
    """Hears German where the samples are above zero; keeps how much it was asked to look at."""

    def __init__(self, *, multilingual: bool = True) -> None:
        self.model = SimpleNamespace(is_multilingual=multilingual, detect_language=self.detect)
        self.asked_s: list[float] = []

    def encode(self, windows: list[dict[str, float]]) -> list[dict[str, float]]:
        return windows

    def detect(self, windows: list[dict[str, float]]) -> list[list[tuple[str, float]]]:
        return [[(f"<|{tag}|>", share) for tag, share in window.items()] for window in windows]

    def detect_language(self, sound: Samples) -> tuple[str, float, list[tuple[str, float]]]:
        self.asked_s.append(len(sound) / SAMPLE_RATE)
        found = GERMAN if float(np.median(sound)) > 0 else ENGLISH
        return "", 0.0, list(found.items())


def talk(*german_s: tuple[float, float], length_s: int = 90) -> Samples:
    samples = np.zeros(length_s * SAMPLE_RATE, dtype=np.float32)
    for start_s, end_s in german_s:
        samples[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)] = 1
    return samples


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody speaks all the time, with a pause after every four seconds."""

    def found(samples: Samples) -> list[tuple[int, int]]:
        step = 4 * SAMPLE_RATE
        return [(start, start + step - 3_200) for start in range(0, len(samples) - step + 1, step)]

    monkeypatch.setattr(languages, "_speech", found)


def said(*spans_s: tuple[float, float]) -> list[RecognisedSegment]:
    return [RecognisedSegment("words", *span) for span in spans_s]


def stretches(
    whisper: Whisper, samples: Samples, windows: list[dict[str, float]], **options: Any
) -> tuple[OtherLanguage, ...]:
    heard = options.pop("heard", said((0.0, len(samples) / SAMPLE_RATE)))
    return looked_closer(whisper, samples, "en", windows, heard, **options).others


def test_windows_that_are_clear_are_not_looked_at(speech: None) -> None:
    whisper = Whisper()
    assert stretches(whisper, talk((0, 90)), [ENGLISH] * 3) == ()
    assert not whisper.asked_s


def test_a_mixed_window_is_looked_at_piece_by_piece(speech: None) -> None:
    whisper = Whisper()
    windows = [ENGLISH, UNSURE, ENGLISH, ENGLISH]  # of at most 30 s of speech: from 0, 28, 56 and 84 s on
    (found,) = stretches(whisper, talk((40, 52)), windows)
    assert (round(found.start_s), round(found.end_s), found.language) in {(36, 52, "de"), (44, 52, "de")}
    assert 3 <= len(whisper.asked_s) <= 4


def test_where_another_cut_the_windows_it_says_where_they_lie(speech: None) -> None:
    whisper = Whisper()
    spans = [(0.0, 16.0), (16.0, 32.0)]
    (found,) = stretches(whisper, talk((16, 32), length_s=32), [ENGLISH, GERMAN], spans=spans)
    assert (found.start_s, round(found.end_s)) == (16.0, 32)
    assert len(whisper.asked_s) <= 3


def test_what_was_passed_over_is_looked_at(speech: None) -> None:
    whisper = Whisper()
    heard = said((0.0, 36.0), (52.0, 90.0))
    (found,) = stretches(whisper, talk((36, 52)), [ENGLISH] * 4, heard=heard)
    assert (found.start_s, round(found.end_s)) == (36.0, 52)


def test_what_was_passed_over_in_the_talks_own_language_is_named(speech: None) -> None:
    whisper = Whisper()
    heard = said((0.0, 36.0), (52.0, 60.0))
    found = looked_closer(whisper, talk(), "en", [ENGLISH] * 4, heard)
    assert found.others == ()
    assert [(low, round(high)) for low, high in found.passed_over] == [(36.0, 52), (60.0, 88)]
    assert len(whisper.asked_s) == 2  # each as a whole
    known_one = looked_closer(Whisper(multilingual=False), talk(), "en", [], heard)
    assert known_one.passed_over == found.passed_over


def test_silence_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_speech", lambda _: [(0, 4 * SAMPLE_RATE)])
    assert looked_closer(Whisper(), talk(), "en", [ENGLISH], said((0.0, 4.0))) == Closer()


def test_a_language_that_is_not_clearly_another_is_none(
    speech: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whisper = Whisper()
    monkeypatch.setattr(whisper, "detect_language", lambda _: ("", 0.0, list(UNSURE.items())))
    assert stretches(whisper, talk((0, 90)), [GERMAN] * 4) == ()


def test_cantonese_is_no_other_language_than_chinese(speech: None) -> None:
    whisper = Whisper()
    windows = [{"yue": 0.6, "zh": 0.3}]
    assert looked_closer(whisper, talk(length_s=28), "zh", windows, said((0.0, 28.0))) == Closer()


def test_listening_takes_note_of_what_is_encoded_and_changes_nothing() -> None:
    whisper = Whisper()
    with listening(whisper) as windows:
        assert whisper.encode([ENGLISH, GERMAN]) == [ENGLISH, GERMAN]
    assert windows == [ENGLISH, GERMAN]
    whisper.encode([ENGLISH])
    assert len(windows) == 2
    with listening(Whisper(multilingual=False)) as none:
        pass
    assert none == []


class Polyglot(FakeRecogniser):
    """Finds German from second 10 of each chunk on, for as long as given."""

    def __init__(self, for_s: float, *, words: bool = True) -> None:
        super().__init__(chunk_s=60.0)
        self._for_s, self._words = for_s, words

    def recognise(self, samples: Samples, *, language: str, hot_words: str) -> Recognised:
        found = super().recognise(samples, language=language, hot_words=hot_words)
        words = found.segments[0].words if self._words else ()
        segments = tuple(
            RecognisedSegment(word.text, word.start_s or 0.0, word.end_s or 0.0, (word,)) for word in words
        )
        return found._replace(segments=segments, others=(OtherLanguage(10.0, 10.0 + self._for_s, "de"),))


def heard(recogniser: FakeRecogniser) -> tuple[Transcript, list[LeftOut | OtherLanguage]]:
    told: list[LeftOut | OtherLanguage] = []
    made = transcribe(
        FakeAudio(recording(100)),
        source_id="id",
        recogniser=recogniser,
        simplified=str,
        checkpoints={},
        told=told.append,
    )
    return made, told


def test_what_lies_in_another_language_is_doubtful_and_told() -> None:
    made, told = heard(Polyglot(5.0))
    second_s = told[1].start_s - 10.0
    assert told == [OtherLanguage(10.0, 15.0, "de"), OtherLanguage(second_s + 10, second_s + 15, "de")]
    doubtful = [seg for seg in made.segments if seg.doubtful]
    assert [seg.text for seg in doubtful[:5]] == ["w10", "w11", "w12", "w13", "w14"]
    assert len(doubtful) == 10
    assert {seg.hearing.language for seg in doubtful if seg.hearing} == {"de"}
    (warning,) = warnings_of(made, told)
    assert warning.startswith("seems to be in another language (de), not English: 00:10-00:15, 00:5")
    assert "no terms, vocabulary, claims or cards come from there" in warning
    assert "ffmpeg -ss 00:10 -to 00:16 -i RECORDING part.wav" in warning
    assert "if that is the talk's language" not in warning


def test_if_most_is_in_another_language_the_option_is_named() -> None:
    made, told = heard(Polyglot(40.0))
    assert "if that is the talk's language: --language de" in warnings_of(made, told)[0]


def test_nothing_but_another_language_is_an_error_with_the_way_out() -> None:
    with pytest.raises(EmptyInputError, match="nothing in it was heard as 'en'") as caught:
        heard(Polyglot(40.0, words=False))
    assert "--language de" in caught.value.hint


@pytest.mark.parametrize(("text", "kept"), [("ein Satz oder zwei", True), ("so, " * 60, False)])
def test_another_language_is_not_heard_again(text: str, kept: bool) -> None:
    def again(*_: object) -> Recognised:
        raise AssertionError

    seg = RecognisedSegment(text, 10.0, 20.0, mean_logprob=-1.4)
    found = Recognised("attention", (seg,), (OtherLanguage(9.0, 19.0, "de"),))
    whole, left_out = heard_twice(found, talk(), again, "", 0.0)
    assert [(part.text, part.doubtful) for part in whole.segments] == ([(text, True)] if kept else [])
    assert not left_out
    assert whole.others == found.others
