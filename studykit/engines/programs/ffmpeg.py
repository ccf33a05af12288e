"""Decodes pieces of recordings and films, and encodes small sound files, with ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studykit.errors import InputError, MissingProgramError

__all__ = ["SAMPLE_RATE", "Samples", "decode", "encode_mp3", "run_ffmpeg"]

SAMPLE_RATE = 24_000
"""Samples per second, enough for all sounds of speech."""

Samples = NDArray[np.float32]
"""Mono, from -1 to 1."""


def decode(recording: Path, start_s: float, end_s: float) -> Samples:
    """The sound from ``start_s`` to ``end_s``; shorter if the recording ends before.

    Raises ``MissingProgramError`` without ffmpeg and ``InputError`` for a file without sound.
    """
    done = run_ffmpeg(
        ["-ss", f"{start_s:.3f}", "-t", f"{end_s - start_s:.3f}", "-i", f"file:{recording}"],
        ["-vn", "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le"],
    )
    if done.returncode:
        raise InputError(recording, f"cannot be read as sound: {_last_line(done.stderr)}")
    return np.frombuffer(done.stdout, dtype="<f4")


def encode_mp3(samples: Samples) -> bytes:
    """The samples as MP3, 64 kbit/s; the same samples give the same bytes."""
    done = run_ffmpeg(
        ["-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", "pipe:0"],
        ["-c:a", "libmp3lame", "-b:a", "64k", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp3"],
        samples.astype("<f4").tobytes(),
    )
    if done.returncode:
        raise MissingProgramError(f"MP3 in ffmpeg ({_last_line(done.stderr)})", "apt install ffmpeg")
    return done.stdout


def run_ffmpeg(source: list[str], target: list[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run ffmpeg from ``source`` to its standard output; raises ``MissingProgramError`` without it."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise MissingProgramError("the program ffmpeg", "apt install ffmpeg   (macOS: brew install ffmpeg)")
    command = [program, "-nostdin", "-v", "error", *source, *target, "pipe:1"]
    if data:
        command.remove("-nostdin")
    return subprocess.run(command, input=data, capture_output=True, check=False)


def _last_line(output: bytes) -> str:
    return (output.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
