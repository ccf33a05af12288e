"""Work shared among child processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import active_children

import pytest

from studykit.talk.write import children
from studykit.talk.write.children import in_children

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(params=[1, 2, 5])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    number: int = request.param
    monkeypatch.setattr(children, "_processes", lambda: number)
    return number


def test_results_come_in_order_and_the_first_are_made_here(processes: int) -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for i in range(25):
            asked.append(i)
            yield i

    def make(item: int) -> tuple[int, int, bytes]:
        return item, os.getpid(), b"x" * (200_000 if item % 3 else 1)

    found = list(in_children(make, items(), at_once=4))
    assert [item for item, _, _ in found] == asked == list(range(25))
    assert all(len(data) == (200_000 if item % 3 else 1) for item, _, data in found)
    here = [item for item, process, _ in found if process == os.getpid()]
    assert here == (list(range(25)) if processes == 1 else [0, 1, 2, 3])
    assert not active_children()


def test_nothing_to_do(processes: int) -> None:
    assert list(in_children(str, [], at_once=4)) == []
    assert list(in_children(str, [7], at_once=4)) == ["7"]


def test_an_error_is_that_of_the_work(processes: int) -> None:
    class OddError(Exception):
        """Cannot be pickled, since it is local."""

    def make(item: int) -> int:
        if item == 9:
            raise OddError("nine")
        return item

    found: list[int] = []
    with pytest.raises(OddError, match="nine"):
        found.extend(in_children(make, range(40), at_once=3))
    assert found == list(range(9))
    assert not active_children()


def test_what_a_killed_child_should_have_made_is_made_here(processes: int) -> None:
    parent = os.getpid()

    def make(item: int) -> int:
        if item == 5 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    assert list(in_children(make, range(12), at_once=2)) == list(range(12))


def test_without_room_for_a_process_all_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> int:
        raise BlockingIOError

    monkeypatch.setattr(children, "_processes", lambda: 2)
    monkeypatch.setattr(os, "fork", no_room)
    assert list(in_children(str, range(9), at_once=2)) == list("012345678")


def test_children_end_with_whoever_reads_them(processes: int) -> None:
    made = in_children(lambda item: item, range(1000), at_once=2)
    assert next(made) == 0
    assert next(made) == 1
    assert next(made) == 2
    made.close()
    assert not active_children()


_KILLED = """
import os, signal
from studykit.talk.write import children
children._processes = lambda: 2
for number, _ in enumerate(children.in_children(lambda _: bytes(9_000_000), range(4), at_once=1)):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_child_ends_when_its_parent_is_killed() -> None:
    done = subprocess.run(  # waits for all that write to its output, which children inherit
        [sys.executable, "-c", _KILLED], stdout=subprocess.PIPE, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="children are forked on Linux alone")
def test_a_process_with_threads_is_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    monkeypatch.setattr(os, "listdir", lambda _: ["1"])
    assert children._processes() == 8
    monkeypatch.setattr(os, "listdir", lambda _: ["1", "2"])
    assert children._processes() == 1
    monkeypatch.setattr(sys, "platform", "darwin")
    assert children._processes() == 1
