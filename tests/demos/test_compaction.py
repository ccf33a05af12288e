from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.compaction import THINGS, compact, rehearse, session, settled, words, work

WORTH = {"user": 2.0, "ran": 0.0, "decided": 1.0}
LOGS = st.lists(st.sampled_from(["user : a b", "ran : all of the tests", "decided : c"]), max_size=30)


@given(LOGS, st.integers(0, 60))
def test_what_is_kept_fits_and_is_in_the_old_order(log: list[str], room: int) -> None:
    numbered = [f"{line} {i}" for i, line in enumerate(log)]
    kept = compact(numbered, room, WORTH)
    assert words(kept) <= room
    assert kept == [line for line in numbered if line in kept]


@given(LOGS, st.integers(0, 60))
def test_nothing_worth_more_is_dropped_than_what_is_kept(log: list[str], room: int) -> None:
    numbered = [f"{line} {i}" for i, line in enumerate(log)]
    kept = compact(numbered, room, WORTH)
    dropped = [line for line in numbered if line not in kept]
    worst = min((WORTH[line.split()[0]] for line in kept), default=9.0)
    assert all(WORTH[line.split()[0]] <= worst for line in dropped)


@given(LOGS, st.integers(10, 60))
def test_the_context_never_exceeds_its_limit(log: list[str], limit: int) -> None:
    for length in range(len(log)):
        assert words(work(log[:length], limit, WORTH)) <= limit


def test_with_room_enough_nothing_is_lost() -> None:
    log = session(random.Random(0))
    assert work(log, 10**6, {}) == log


def test_the_last_word_on_a_thing_settles_it() -> None:
    log = [
        "user : the login port must be 1",
        "decided : the login port is 2",
        "ran : all tests of the login port",
    ]
    assert settled(log, "login port") == log[1]
    assert settled(log, "login owner") is None
    assert "login port" in THINGS


def test_rehearsal_counts_needs_per_word() -> None:
    log = ["user : the login port must be 1", "user : the login port must be 2", "ran : nothing at all"]
    assert rehearse([log]) == {"user": 1 / 16, "ran": 0.0}
