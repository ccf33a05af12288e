from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.multimodal_tokens import (
    PATCH,
    RATE,
    SIDE,
    SLICE,
    draw,
    learn,
    nearest,
    patches,
    picture_of,
    run,
    spectrogram,
)

RNG = np.random.default_rng(0)


def test_cutting_up_and_putting_together() -> None:
    picture = RNG.random((SIDE, SIDE))
    assert np.array_equal(picture_of(patches(picture)), picture)
    assert patches(picture)[1].tolist() == picture[:PATCH, PATCH : 2 * PATCH].ravel().tolist()


def test_a_pure_tone_is_strongest_at_its_frequency() -> None:
    tone = np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)
    assert spectrogram(tone).argmax(axis=1).tolist() == [300 * SLICE // RATE] * (RATE // SLICE)


def test_nearest_by_brute_force() -> None:
    pieces, codebook = RNG.normal(size=(40, 5)), RNG.normal(size=(9, 5))
    brute = [min(range(9), key=lambda k: float(np.linalg.norm(piece - codebook[k]))) for piece in pieces]
    assert nearest(pieces, codebook).tolist() == brute


def test_of_entries_equal_but_for_rounding_the_first_is_nearest() -> None:
    entry = RNG.normal(size=8)
    codebook = np.array([entry * (1 + k * 1e-15) for k in (2, 0, -2, 1)])
    assert nearest(codebook, codebook).tolist() == [0, 0, 0, 0]


def test_as_many_entries_as_pieces_lose_nothing() -> None:
    pieces = patches(draw(RNG))
    pieces = np.unique(pieces, axis=0)
    codebook = learn(pieces, len(pieces), RNG)
    assert codebook[nearest(pieces, codebook)] == pytest.approx(pieces)


def test_every_entry_is_the_mean_of_its_pieces() -> None:
    """Where k-means has come to rest."""
    pieces = np.concatenate([RNG.normal(at, 0.01, (20, 2)) for at in (0, 5, 9)])
    codebook = learn(pieces, 3, np.random.default_rng(3))
    joined = nearest(pieces, codebook)
    for entry in set(joined.tolist()):
        assert codebook[entry] == pytest.approx(pieces[joined == entry].mean(axis=0))


def test_text_keeps_its_numbers() -> None:
    assert run(0, text="hi")["row"][:2] == [*b"hi"]
