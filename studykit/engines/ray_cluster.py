"""A Ray cluster (extra ``batch``) that calls functions on its nodes.

Moritz et al. (2018), "Ray: A Distributed Framework for Emerging AI Applications". Which node calls what, what
is called again after a node is lost, and where results lie until they are fetched is Ray's business.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from msgspec import Struct

from studykit.errors import ConfigError, EngineError, MissingExtraError

__all__ = ["Machines", "RayCluster", "Shared"]

R = TypeVar("R")

_TRIES_AGAIN = 3
"""How often Ray calls a function again whose node or process was lost."""
_LOOK_EVERY_S = 2.0
_ANSWERS_WITHIN_S = 20.0
_SAYS_MISSING = "No module named 'studykit'"


class Machines(Struct, frozen=True, kw_only=True):
    """What a cluster has now."""

    nodes: int
    """Those with a CPU to work with."""
    cpus: int
    gpus: int
    smallest_cpus: int
    """The CPUs of the node that has fewest."""


class Shared(Struct, frozen=True):
    """A value in the cluster's object store, which each node fetches once."""

    reference: Any

    def value(self) -> Any:
        """The value; called on a node."""
        import ray

        return ray.get(self.reference)


class RayCluster:
    """The cluster at ``address``; without one, that of ``RAY_ADDRESS``, one that runs on this machine, or
    else a new one that has this machine alone and ends with this process.

    Raises ``MissingExtraError``, and ``ConfigError`` if there is none at the address.
    """

    def __init__(self, address: str | None = None) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent to anybody unasked
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        try:
            import ray
            from ray._private import worker
        except ImportError:
            raise MissingExtraError("ray", "batch") from None
        # Ray's debugger turns them off by the same name. They would be printed among ours, on stdout.
        worker._worker_logs_enabled = False
        place = address or os.environ.get("RAY_ADDRESS")
        try:
            _expect_somebody(place)
            ray.init(address, log_to_driver=False, configure_logging=False)
        except (OSError, RuntimeError, ValueError) as error:
            problem = f"no Ray cluster answers: {_in_one_line(error)}"
            raise ConfigError(place or "this machine", problem) from error
        self._ray = ray
        self._machines: tuple[float, Machines] | None = None

    def machines(self) -> Machines:
        """What the cluster has now, or had a moment ago; nodes may join and leave."""
        if self._machines is None or time.monotonic() - self._machines[0] > _LOOK_EVERY_S:
            self._machines = time.monotonic(), self._counted()
        return self._machines[1]

    def _counted(self) -> Machines:
        alive = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        cpus = [int(has["CPU"]) for has in alive if has.get("CPU", 0) >= 1]
        return Machines(
            nodes=len(cpus),
            cpus=sum(cpus),
            gpus=sum(int(has.get("GPU", 0)) for has in alive),
            smallest_cpus=min(cpus, default=0),
        )

    def share(self, value: Any) -> Shared:
        """Put a value into the object store."""
        return Shared(self._ray.put(value))

    def call(self, function: Callable[..., R], *arguments: Any, resources: Mapping[str, float]) -> Future[R]:
        """Call a function on a node that has resources free: ``num_cpus``, ``num_gpus``, ``memory`` in bytes.

        The function and its arguments travel by pickle, and a process calls one function after the other.
        The future raises ``EngineError`` if the process died each time, or the nodes cannot call it.
        """
        # 0: the process stays, also one with a GPU, and so do its models.
        remote = self._ray.remote(max_calls=0, max_retries=_TRIES_AGAIN, **resources)(function)
        reference = remote.remote(*arguments)
        future: Future[R] = Future()
        future.set_running_or_notify_cancel()
        reference.future().add_done_callback(lambda done: self._answer(future, done))
        return future

    def _answer(self, future: Future[Any], done: Future[Any]) -> None:
        error = done.exception()
        if error is None:
            future.set_result(done.result())
        else:
            future.set_exception(self._translated(error))

    def _translated(self, error: BaseException) -> BaseException:
        known = self._ray.exceptions
        if _SAYS_MISSING in str(error):
            return EngineError("ray", "studykit is not installed on a node of the cluster")
        if isinstance(error, known.RayTaskError):
            return EngineError("ray", _in_one_line(error.cause))
        if isinstance(error, (known.WorkerCrashedError, known.OutOfMemoryError)):
            times = f"{_TRIES_AGAIN + 1} times"
            return EngineError("ray", f"its process died {times}, perhaps for lack of memory")
        return EngineError("ray", f"{type(error).__name__}: {_in_one_line(error)}")

    def close(self) -> None:
        """Leave the cluster; what it still does for this process is ended."""
        self._ray.shutdown()


def _expect_somebody(address: str | None) -> None:
    """Raise ``OSError`` if nobody answers at HOST:PORT, where Ray would try for minutes."""
    host, _, port = (address or "").rpartition(":")
    if host and port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_WITHIN_S).close()


def _in_one_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
