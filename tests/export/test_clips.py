"""Sound cut from a real recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from studykit.engines.programs.ffmpeg import SAMPLE_RATE, decode
from studykit.errors import InputError, MissingProgramError
from studykit.export.anki.clips import sentence_clip, sentence_clips
from tests.conftest import program
from tests.export.speech import spoken_talk
from tests.talks import SMALL_TALK


def test_clips_hold_whole_sentences_and_nothing_of_their_neighbours(tmp_path: Path) -> None:
    recording, talk = spoken_talk(tmp_path)
    for sent in talk.english:
        clip = sentence_clip(recording, sent)
        assert clip is not None
        path = tmp_path / clip.name
        path.write_bytes(clip.content)
        samples = decode(path, 0, 60)
        loud = np.flatnonzero(np.abs(samples) > 0.008)
        assert sent.start_s is not None
        assert sent.end_s is not None
        # The whole of what was spoken, although the stated times are late by 0.12 s.
        assert (loud[-1] - loud[0]) / SAMPLE_RATE == pytest.approx(sent.end_s - sent.start_s, abs=0.06)
        assert clip == sentence_clip(recording, sent)


def test_what_is_no_recording_is_told(tmp_path: Path) -> None:
    program("ffmpeg")
    text = tmp_path / "-talk.txt"
    text.write_text("no sound here")
    with pytest.raises(InputError, match="cannot be read as sound"):
        sentence_clip(text, SMALL_TALK.english[0])


def test_without_ffmpeg_the_command_to_get_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgramError, match="apt install ffmpeg"):
        sentence_clip(tmp_path / "talk.mp3", SMALL_TALK.english[0])


def test_sentences_whose_times_do_not_tell_have_no_clip(tmp_path: Path) -> None:
    recording, talk = spoken_talk(tmp_path)
    first, second, third = talk.english
    untold = [replace(first, start_s=None, end_s=None), replace(second, slack_s=2.0), third]
    assert list(sentence_clips(recording, untold)) == [2]
    assert sentence_clip(recording, replace(first, start_s=0.0, end_s=30.0)) is None  # too long
    assert sentence_clip(recording, replace(first, start_s=500.0, end_s=503.0)) is None  # after the end
