"""The small talk, spoken: a recording made at test time by espeak-ng."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from studykit.types import Notes
from tests.conftest import program
from tests.talks import SMALL_TALK

__all__ = ["spoken_talk"]

_PAUSE_S = 0.6
_SHIFT_S = 0.12
"""The times that the talk states are so much too late, as those of captions often are."""


def spoken_talk(folder: Path) -> tuple[Path, Notes]:
    """A recording of ``SMALL_TALK`` and the talk with its times; skips without espeak-ng or ffmpeg."""
    espeak = program("espeak-ng")
    program("ffmpeg")
    pieces, sentences, at_s, rate = [], [], 0.0, 22_050
    for sent in SMALL_TALK.english:
        path = folder / f"{sent.index}.wav"
        subprocess.run([espeak, "-v", "en", "-w", str(path), sent.text], check=True)
        with wave.open(str(path)) as sound:
            rate = sound.getframerate()
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
        loud = np.flatnonzero(np.abs(samples.astype(int)) > 300)
        samples = samples[loud[0] : loud[-1] + 1]
        silence = np.zeros(round(_PAUSE_S * rate), dtype="<i2")
        pieces += [silence, samples]
        start_s = at_s + _PAUSE_S
        at_s = start_s + len(samples) / rate
        sentences.append(replace(sent, start_s=start_s + _SHIFT_S, end_s=at_s + _SHIFT_S))
    recording = folder / "talk.wav"
    with wave.open(str(recording), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(np.concatenate([*pieces, np.zeros(rate, dtype="<i2")]).tobytes())
    return recording, replace(SMALL_TALK, english=tuple(sentences))
