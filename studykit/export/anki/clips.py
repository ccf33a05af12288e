"""Cuts the sound of one sentence out of a recording.

Caption times may lie inside a word, so the sound is cut at the quietest moment near each end, then faded
and padded with silence, so that no neighbouring word is audible in part.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from studykit.engines.programs.ffmpeg import SAMPLE_RATE, Samples, decode, encode_mp3
from studykit.fingerprint import digest_bytes
from studykit.formats.anki_deck import Clip
from studykit.types import Sentence

__all__ = ["cut_sentence", "sentence_clip", "sentence_clips"]

_LONGEST_S = 20.0
"""Longer sentences are no use for listening practice."""
_UNSURE_S = 0.5
"""Times that may be off by more than this, such as restored ones, do not locate a sentence."""
_REACH_S = 0.35
"""How far outside the stated times an end may lie; inside, half as far."""
_PAD_S = 0.15
_FADE_S = 0.01
_FRAME_S = 0.01
_QUIET_FRAMES = 9
"""A pause must be longer than the closure of a plosive, which is just as quiet."""
_DB_PER_S = 20.0
"""Moving an end by one second outwards, or a third inwards, must gain this many decibels of quiet."""
_LEVEL = 0.1
"""Root mean square of every clip: -20 dBFS."""
_PEAK = 0.89


def sentence_clips(recording: Path, sentences: Sequence[Sentence]) -> dict[int, Clip]:
    """The clips of sentences, by index, cut in parallel.

    Raises what ``sentence_clip`` raises.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        clips = pool.map(partial(sentence_clip, recording), sentences)
        return {sent.index: clip for sent, clip in zip(sentences, clips, strict=True) if clip}


def sentence_clip(recording: Path, sent: Sentence) -> Clip | None:
    """The sound of ``sent`` in a recording; None if its times are too uncertain or it is too long.

    Raises ``InputError`` if the recording cannot be read, ``MissingProgramError`` without ffmpeg.
    """
    if sent.start_s is None or sent.end_s is None or sent.slack_s > _UNSURE_S:
        return None
    length_s = sent.end_s - sent.start_s
    if not 0 < length_s <= _LONGEST_S:
        return None
    from_s = max(0.0, sent.start_s - _REACH_S)
    around = decode(recording, from_s, sent.end_s + _REACH_S)
    samples = cut_sentence(around, sent.start_s - from_s, sent.end_s - from_s)
    if samples is None:
        return None
    content = encode_mp3(samples)
    return Clip(name=f"studykit-{digest_bytes(content)[:20]}.mp3", content=content)


def cut_sentence(around: Samples, start_s: float, end_s: float) -> Samples | None:
    """Cut the sentence from about ``start_s`` to ``end_s`` out of ``around``, at a uniform loudness.

    Returns None if there is no sound.
    """
    if not len(around):
        return None
    start = _quietest(around, start_s, outwards=-1)
    end = _quietest(around, end_s, outwards=1)
    piece = around[start:end].astype(np.float64)
    level = float(np.sqrt(np.mean(piece**2))) if len(piece) else 0.0
    if level < 1e-4:  # -80 dBFS
        return None
    piece *= min(_LEVEL / level, _PEAK / float(np.abs(piece).max()))
    fade = min(round(_FADE_S * SAMPLE_RATE), len(piece) // 2)
    ramp = np.linspace(0.0, 1.0, fade)
    piece[:fade] *= ramp
    piece[len(piece) - fade :] *= ramp[::-1]
    silence = np.zeros(round(_PAD_S * SAMPLE_RATE))
    return np.concatenate([silence, piece, silence]).astype(np.float32)


def _quietest(samples: Samples, near_s: float, *, outwards: int) -> int:
    """The middle sample of the quietest moment near ``near_s``, preferring ``outwards`` (-1 or 1)."""
    frame = round(_FRAME_S * SAMPLE_RATE)
    energy = np.add.reduceat(samples.astype(np.float64) ** 2, range(0, len(samples), frame)) / frame
    smooth = np.convolve(
        np.pad(energy, _QUIET_FRAMES // 2), np.ones(_QUIET_FRAMES) / _QUIET_FRAMES, mode="valid"
    )
    away_s = outwards * ((np.arange(len(smooth)) + 0.5) * _FRAME_S - near_s)
    cost = 10 * np.log10(smooth + 1e-8) + _DB_PER_S * np.where(away_s > 0, away_s, -3 * away_s)
    cost[(away_s > _REACH_S) | (away_s < -_REACH_S / 2)] = np.inf
    return min(len(samples), int(np.argmin(cost)) * frame + frame // 2)
