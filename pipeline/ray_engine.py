"""Tasks on a Ray cluster, through Ray Data: the extra `vermeld[ray]`.

The parts must lie where every node reaches them: a shared file system, or an object store (`s3://…`). A
task whose node dies is done again elsewhere.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.settings import Settings
from pipeline.storage import Storage
from pipeline.work import Receipt, Task, Worker


class RayMissingError(RuntimeError):
    """Ray is not installed."""


class _Actor:
    """A worker on some node; it loads the model once."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self._worker = Worker(settings, storage, threads=1)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        receipts = [self._worker.do(pickle.loads(task)) for task in batch["task"]]  # noqa: S301 - ours
        return {
            "stage": np.array([r.stage for r in receipts]),
            "done": np.array([r.done for r in receipts], dtype=np.int64),
        }


@dataclass
class RayEngine:
    """A Ray cluster.

    Attributes:
        settings: of the run.
        storage: where the parts lie, reachable from every node.
        workers: actors at most, each on one core.
        address: of the cluster; None for the one at hand ($RAY_ADDRESS), else one of this machine.
    """

    settings: Settings
    storage: Storage
    workers: int
    address: str | None = None

    def __post_init__(self) -> None:
        try:
            import ray
        except ImportError as error:
            raise RayMissingError("--engine ray needs Ray: pip install 'vermeld[ray]'") from error
        if not ray.is_initialized():
            ray.init(address=self.address, log_to_driver=False, logging_level=logging.WARNING)
        ray.data.DataContext.get_current().enable_progress_bars = False

    def run(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do all tasks; the receipts as they come."""
        import ray

        if not tasks:
            return
        workers = min(self.workers or 1, len(tasks))
        rows = ray.data.from_items(
            [{"task": pickle.dumps(task)} for task in tasks], override_num_blocks=len(tasks)
        )
        done = rows.map_batches(
            _Actor,
            fn_constructor_args=(self.settings, self.storage),
            batch_size=1,
            concurrency=(1, workers),
            num_cpus=1,
        )
        for row in done.iter_rows():
            yield Receipt(row["stage"], int(row["done"]))

    def close(self) -> None:
        """Nothing: the cluster is not ours to stop."""
