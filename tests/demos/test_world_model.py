from __future__ import annotations

import numpy as np
import pytest

from studykit.demos.world_model import COLOURS, ROOMS, Weights, build, probe, read, slopes, walk


def network(width: int = 4) -> Weights:
    chance = np.random.default_rng(0)
    shapes = {"turn": (len(COLOURS), width, width), "start": (1, width), "say": (width, len(COLOURS))}
    return {name: chance.normal(0, 0.5, shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("name", ["turn", "start", "say"])
def test_slopes_are_those_of_the_loss(name: str) -> None:
    """Central differences, back through all doors."""
    weights, small = network(), 1e-5
    chance = np.random.default_rng(1)
    doors, _ = walk(build(chance), 4, 6, chance)
    _, found = slopes(weights, doors[:, :-1], doors[:, 1:])
    for place in np.ndindex(*found[name].shape):
        changed = []
        for sign in (1, -1):
            moved = {key: weight.copy() for key, weight in weights.items()}
            moved[name][place] += sign * small
            changed.append(slopes(moved, doors[:, :-1], doors[:, 1:])[0])
        assert found[name][place] == pytest.approx(
            (changed[0] - changed[1]) / (2 * small), rel=1e-3, abs=1e-8
        )


@pytest.mark.parametrize("seed", range(5))
def test_each_room_lacks_one_colour_and_doors_lead_back(seed: int) -> None:
    house = build(np.random.default_rng(seed))
    assert ((house < 0).sum(1) == 1).all()
    for room, colour in np.argwhere(house >= 0):
        assert house[room, colour] != room
        assert house[house[room, colour], colour] == room


def test_walks_go_through_doors_that_are_there() -> None:
    chance = np.random.default_rng(0)
    house = build(chance)
    doors, rooms = walk(house, 20, 9, chance)
    for walked, reached in zip(doors, rooms, strict=True):
        room = 0
        for door, behind in zip(walked, reached, strict=True):
            room = house[room, door]
            assert room == behind >= 0


def test_a_state_depends_on_what_was_read_and_not_on_what_comes() -> None:
    doors = np.zeros((3, 8), np.int64)
    other = doors.copy()
    other[:, 5] = 1
    moved = np.abs(read(network(), other) - read(network(), doors)).max((0, 2))
    assert not moved[:5].any()
    assert (moved[5:] > 0).all()


def test_a_probe_finds_what_is_there_and_guesses_otherwise() -> None:
    chance = np.random.default_rng(0)
    rooms, new = chance.integers(ROOMS, size=(2, 2000))
    turn = np.linalg.qr(chance.normal(size=(ROOMS, ROOMS)))[0]
    assert probe(turn[rooms], rooms, turn[new], new) == 1
    noise = chance.normal(size=(2, 2000, 3))
    assert probe(noise[0], rooms, noise[1], new) < 0.2
