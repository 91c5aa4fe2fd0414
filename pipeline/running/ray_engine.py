"""Tasks on a Ray cluster, through Ray Data: the extra `vermeld[ray]`.

The parts must lie where every node reaches them: a shared file system, or an object store (`s3://…`). What
a worker or node that dies had in hand is done again elsewhere: a task may run twice, and then writes the
same part under the same name.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pipeline.engines import WorkerLostError
from pipeline.running.storage import Storage
from pipeline.running.work import Receipt, Task, Worker
from pipeline.settings import Settings
from pipeline.tools import Tools

#: Tasks that wait at a worker while it does another.
_IN_HAND = 2
#: Seconds that the head of a cluster may take to answer.
_PATIENCE = 10


class RayMissingError(RuntimeError):
    """Ray is not installed, or there is no cluster at the address."""


def connect(address: str | None = None) -> ModuleType:
    """Ray, connected to a cluster.

    Args:
        address: of the cluster; None for the one at hand ($RAY_ADDRESS), else a new one of this machine.

    Raises:
        RayMissingError: Ray is not installed, or the cluster cannot be reached.
    """
    # Before the import: Ray Data's actors make Ray's core warn on every start of a stage.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise RayMissingError("--engine ray needs Ray: pip install 'vermeld[ray]'") from error
    if not ray.is_initialized():
        _knock(address or os.environ.get("RAY_ADDRESS", ""))
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, TimeoutError, ValueError) as error:
            raise RayMissingError(f"no Ray cluster can be reached: {error}") from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    ray.data.DataContext.get_current().enable_progress_bars = False
    module: ModuleType = ray
    return module


def _knock(address: str) -> None:
    """Whether anybody is there: Ray itself would try for minutes."""
    host, _, port = address.rpartition("//")[2].rpartition(":")
    if not host or not port.isdigit():  # "", "auto" and "local" are for Ray to find
        return
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except OSError as error:
        raise RayMissingError(f"no Ray cluster can be reached at {address}: {error}") from error


class _Actor:
    """A worker on some node; it loads the model once a stage."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self._worker = Worker(Tools(settings, threads=1), storage)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        return {"result": [self._result(task) for task in batch["task"]]}

    def _result(self, task: bytes) -> bytes:
        """The receipt, or the error: Ray would wrap it in its own, and try again what cannot succeed."""
        try:
            return pickle.dumps(self._worker.do(pickle.loads(task)))  # noqa: S301 - from our own driver
        except Exception as error:  # raised at the other end
            return pickle.dumps(error)


@dataclass
class RayEngine:
    """A Ray cluster.

    Attributes:
        tools: of the run; of these only the settings go to the nodes.
        storage: where the parts lie, reachable from every node.
        wanted: actors at most, each on one core; None for all cores of the cluster.
        address: see `connect`.
        workers: how many actors it is.
    """

    tools: Tools
    storage: Storage
    wanted: int | None = None
    address: str | None = None
    workers: int = field(init=False)

    def __post_init__(self) -> None:
        ray = connect(self.address)
        self.workers = self.wanted or max(1, int(ray.cluster_resources().get("CPU", 1)))

    def run(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do all tasks; the receipts as they come.

        Raises:
            WorkerLostError: the cluster could not do a task, however often it tried.
        """
        import ray

        if not tasks:
            return
        workers = min(self.workers, len(tasks))
        rows = ray.data.from_items(
            [{"task": pickle.dumps(task)} for task in tasks], override_num_blocks=len(tasks)
        )
        results = rows.map_batches(
            _Actor,
            fn_constructor_args=(self.tools.settings, self.storage),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(
                min_size=1,
                max_size=workers,
                initial_size=workers,
                max_tasks_in_flight_per_actor=_IN_HAND,
            ),
            num_cpus=1,
        )
        try:
            for row in results.iter_rows():
                result = pickle.loads(row["result"])  # noqa: S301 - from our own workers
                if isinstance(result, Exception):
                    raise result
                yield result
        except ray.exceptions.RayError as error:
            raise WorkerLostError(
                f"the cluster lost a task; what was done is kept: run the same command again ({error})"
            ) from error

    def close(self) -> None:
        """Nothing: the cluster is not ours to stop."""
